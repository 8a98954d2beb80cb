import type { Clock } from '../ports/clock.ts';

export interface Patience {
  /** Aborted with the outer signal, or once the time is over. */
  signal: AbortSignal;
  /** The time does not matter any more. */
  end: () => void;
}

/**
 * A signal that is `outer` with a time: aborted with an `Error` of `reason` after `ms`. It lives as long as its timer does;
 * Node 20 may collect one that `AbortSignal.any` made of `AbortSignal.timeout` before it fires.
 */
export function patience(clock: Clock, outer: AbortSignal, ms: number, reason: string): Patience {
  const late = new AbortController();
  const waiting = new AbortController();
  const leave = () => late.abort(outer.reason);
  if (outer.aborted) leave();
  outer.addEventListener('abort', leave, { once: true });
  clock.sleep(ms, waiting.signal).then(
    () => late.abort(new Error(reason)),
    () => undefined,
  );
  return {
    signal: late.signal,
    end: () => {
      waiting.abort(new Error('it does not matter any more'));
      outer.removeEventListener('abort', leave);
    },
  };
}
