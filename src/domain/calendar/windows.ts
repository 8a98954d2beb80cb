import type { Temporal } from 'temporal-polyfill';
import type { WindowPlan } from '../schedule.ts';
import { cronBegins } from './cron.ts';
import { dayAt, firstInstantAt, wallTime } from './wall-clock.ts';

/** From when to when something lasts, in milliseconds since 1970; `to` is no longer part of it. */
export interface Span {
  from: number;
  to: number;
}

/** A week is not enough where the clock leaves out the whole window on its only day. */
const daysAhead = 15;

/** Days before the present one in which a window that is open may have begun. */
const daysBack = 2;

type DaysWindow = Extract<WindowPlan, { kind: 'days' }>;

/** When a window that begins on that day is open; undefined where the clock leaves all of it out. */
function spanOn(window: DaysWindow, day: Temporal.PlainDate): Span | undefined {
  const { from, to, timeZone } = window;
  const last = to > from ? to : to + 1440;
  const span = {
    from: firstInstantAt(wallTime(day, from), timeZone),
    to: firstInstantAt(wallTime(day, last), timeZone),
  };
  return span.from < span.to ? span : undefined;
}

/** The opening that `at` is in, else the next one; undefined where there is none any more. Pure. */
export function openingOf(window: WindowPlan, at: number): Span | undefined {
  if (window.kind === 'cron') return cronBegins(window, at);
  const today = dayAt(at, window.timeZone);
  for (let i = -daysBack; i <= daysAhead; i++) {
    const day = today.add({ days: i });
    if (!window.days.includes(day.dayOfWeek)) continue;
    const span = spanOn(window, day);
    if (span && at < span.to) return span;
  }
  return undefined;
}
