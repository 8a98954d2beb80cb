import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { systemClock } from '../../providers/runtime/clock.ts';
import { patience } from '../../src/engine/patience.ts';

/** The garbage collector, as it may run at any time. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new TypeError('no collector');
  return () => void Reflect.apply(collect, undefined, []);
}

const heard = (signal: AbortSignal) =>
  new Promise<unknown>((resolve) => {
    signal.addEventListener('abort', () => resolve(signal.reason), { once: true });
  });

it('ends in time, however often memory is collected meanwhile', async () => {
  const collect = collector();
  const begin = () => heard(patience(systemClock, new AbortController().signal, 300, 'too long').signal);
  const ended = begin();
  const collecting = setInterval(collect, 20);
  try {
    expect(await ended).toMatchObject({ message: 'too long' });
  } finally {
    clearInterval(collecting);
  }
});

it('ends with the signal it was made from, and not at all once it does not matter any more', async () => {
  const outer = new AbortController();
  const left = patience(systemClock, outer.signal, 60_000, 'too long');
  outer.abort(new Error('aborted'));
  expect(left.signal.reason).toMatchObject({ message: 'aborted' });
  left.end();
  const over = patience(systemClock, new AbortController().signal, 20, 'too long');
  over.end();
  await systemClock.sleep(60);
  expect(over.signal.aborted).toBe(false);
});
