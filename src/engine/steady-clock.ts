import { runningMs, type Clock } from '../ports/clock.ts';

/**
 * A clock for one deployment: it begins at the machine's time, never before `from` (ISO), and then goes on at the pace of time
 * whatever is done to the machine's clock. So no time in a journal lies before an earlier one, and nothing that is waited for is
 * over too soon or never.
 */
export function steadyClock(clock: Clock, from: string | undefined): Clock {
  const begun = runningMs(clock);
  const start = Math.max(clock.now().getTime(), from === undefined ? 0 : Date.parse(from));
  return {
    now: () => new Date(start + Math.max(0, runningMs(clock) - begun)),
    runningMs: () => runningMs(clock),
    sleep: (ms, signal) => clock.sleep(ms, signal),
  };
}
