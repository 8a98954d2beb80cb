import type { Clock } from '../../src/ports/clock.ts';

/** A clock that stands still at `time`; what sleeps on it wakes at once. */
export function stoppedClock(time = '2026-02-01T08:00:00.000Z'): Clock {
  return { now: () => new Date(time), sleep: () => Promise.resolve() };
}
