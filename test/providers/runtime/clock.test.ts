import { expect, it } from 'vitest';
import { systemClock } from '../../../providers/runtime/clock.ts';

it('sleeps through more than Node’s timers can count, rather than waking at once', async () => {
  const woken = new AbortController();
  const slept = systemClock.sleep(30 * 24 * 3_600_000, woken.signal).then(() => 'woke');
  slept.catch(() => undefined);
  const first = await Promise.race([slept, systemClock.sleep(50).then(() => 'still asleep')]);
  woken.abort(new Error('over'));
  expect(first).toBe('still asleep');
  await expect(slept).rejects.toThrow('over');
});
