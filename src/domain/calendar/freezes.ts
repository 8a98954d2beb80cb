import { Temporal } from 'temporal-polyfill';
import type { FreezePlan } from '../schedule.ts';
import { firstInstantAt, wallTime } from './wall-clock.ts';
import type { Span } from './windows.ts';

const isDay = (text: string) => /^\d{4}-\d{2}-\d{2}$/.test(text);

/** The moment that a day or a time of it names by the clock of a zone. Throws `RangeError` where there is no such day or time. */
export function momentOf(text: string, timeZone: string): number {
  if (isDay(text)) return firstInstantAt(wallTime(Temporal.PlainDate.from(text), 0), timeZone);
  if (/(?:Z|[+-]\d{2}:?\d{2})$/.test(text)) return Temporal.Instant.from(text).epochMilliseconds;
  return firstInstantAt(Temporal.PlainDateTime.from(text), timeZone);
}

/** From when to when a freeze lasts; a day as its end belongs to it. Throws `RangeError` as `momentOf`. */
export function freezeSpan({ from, to, timeZone }: FreezePlan): Span {
  const end = isDay(to)
    ? firstInstantAt(wallTime(Temporal.PlainDate.from(to), 1440), timeZone)
    : momentOf(to, timeZone);
  return { from: momentOf(from, timeZone), to: end };
}
