import type { FreezePlan, SchedulePlan } from '../schedule.ts';
import { freezeSpan } from './freezes.ts';
import { openingOf, type Span } from './windows.ts';

/** Openings and freezes that are looked through until one answers; what has more in a row is always closed, or always open. */
const mostSteps = 2000;

/** The window that is open at `at`, to its end, windows that follow without a gap taken together; undefined where all are closed. Pure. */
export function openWindow({ windows }: SchedulePlan, at: number): { to: number | undefined } | undefined {
  let to = at;
  for (let i = 0; i < 60; i++) {
    const later = windows.flatMap((window) => {
      const span = openingOf(window, to);
      return span && span.from <= to ? [span.to] : [];
    });
    if (later.length === 0) return to === at ? undefined : { to };
    to = Math.max(...later);
  }
  // It never closes, as far as anybody plans.
  return { to: undefined };
}

/** The freeze in force at `at`, of several the one that lasts longest. Pure. */
export function freezeAt(schedule: SchedulePlan, at: number): (Span & { freeze: FreezePlan }) | undefined {
  return schedule.freezes
    .map((freeze) => ({ freeze, ...freezeSpan(freeze) }))
    .filter(({ from, to }) => from <= at && at < to)
    .toSorted((a, b) => b.to - a.to)[0];
}

/** The first moment from `at` on at which a window is open and no freeze is in force; undefined where there is none. Pure. */
export function nextOpening(schedule: SchedulePlan, at: number): number | undefined {
  const { windows } = schedule;
  let time = at;
  for (let i = 0; i < mostSteps; i++) {
    const freeze = freezeAt(schedule, time);
    if (freeze) {
      time = freeze.to;
      continue;
    }
    if (windows.length === 0) return time;
    const begins = windows.flatMap((window) => openingOf(window, time)?.from ?? []);
    if (begins.length === 0) return undefined;
    const first = Math.min(...begins);
    if (first <= time) return time;
    time = first;
  }
  return undefined;
}
