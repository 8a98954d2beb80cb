/** Time, as everything but tests gets it from the machine. */
export interface Clock {
  now(): Date;
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Milliseconds since some moment of this process, which setting the machine's clock does not move. */
  runningMs?(): number;
}

/** What durations are measured with: `now()` may be set back or on at any moment. Where a clock has nothing better, it serves. */
export function runningMs(clock: Clock): number {
  return clock.runningMs?.() ?? clock.now().getTime();
}
