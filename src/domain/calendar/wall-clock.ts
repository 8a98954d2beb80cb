import { Temporal } from 'temporal-polyfill';

/**
 * The first moment, in milliseconds since 1970, at which the clock on the wall shows `wall` or later. An hour that comes
 * twice counts as its first; one that is left out is over the moment the clock jumps.
 */
export function firstInstantAt(wall: Temporal.PlainDateTime, timeZone: string): number {
  const earlier = wall.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  if (earlier.toPlainDateTime().equals(wall)) return earlier.epochMilliseconds;
  // The clock never shows it: it jumps over it at the next transition.
  const jump = earlier.getTimeZoneTransition('next');
  return (jump ?? wall.toZonedDateTime(timeZone)).epochMilliseconds;
}

/** A day at so many minutes after midnight by the wall clock; 1440 and more are the days after. */
export function wallTime(day: Temporal.PlainDate, minutes: number): Temporal.PlainDateTime {
  return day.toPlainDateTime().add({ minutes });
}

/** The day that the calendar on the wall shows at a moment. */
export function dayAt(at: number, timeZone: string): Temporal.PlainDate {
  return Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate();
}
