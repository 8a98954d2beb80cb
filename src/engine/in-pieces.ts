import { setImmediate as breathe } from 'node:timers/promises';

/** So long one may work before keys and drawing have their turn: half of a frame at 60 a second. */
const turnMs = 8;

/** Works in turns until the result is there, so that what waits beside it is never held up. Throws when `signal` ends it. */
export async function inPieces<T>(pieces: Iterator<void, T, void>, signal?: AbortSignal): Promise<T> {
  let began = performance.now();
  for (;;) {
    const step = pieces.next();
    if (step.done) return step.value;
    if (performance.now() - began < turnMs) continue;
    await breathe();
    signal?.throwIfAborted();
    began = performance.now();
  }
}
