import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../../src/ports/clock.ts';

/** Node lets a longer timer fire at once (32 bits, 24.8 days). */
export const longestTimerMs = 2_147_483_647;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => new Date(),
  runningMs: () => performance.now(),
  async sleep(ms, signal) {
    try {
      for (let left = ms; ; left -= longestTimerMs) {
        await wait(Math.min(left, longestTimerMs), undefined, signal ? { signal } : {});
        if (left <= longestTimerMs) return;
      }
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    }
  },
};
