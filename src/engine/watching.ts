import { messageOf } from '../domain/errors.ts';
import { betweenPhases } from '../domain/next-effect.ts';
import { observe } from './observe.ts';
import type { Rollout } from './rollout.ts';

/**
 * Does something that takes time while users may be on the candidate, which is watched meanwhile wherever it has traffic: what is
 * read then can take it back.
 */
export async function whileWatched<T>(rollout: Rollout, work: () => Promise<T>): Promise<T> {
  const watched = watching(rollout);
  try {
    return await work();
  } finally {
    watched.end();
    await watched.ended;
  }
}

function watching(rollout: Rollout): { end: () => void; ended: Promise<void> } {
  const abort = new AbortController();
  const end = () => abort.abort(new Error('what it was watched for ended'));
  if (!betweenPhases(rollout.deployment)) return { end, ended: Promise.resolve() };
  rollout.signal.addEventListener('abort', end, { once: true });
  const ended = observe({ ...rollout, signal: abort.signal }, rollout.deployment.phase).then(
    () => undefined,
    (error: unknown) => {
      if (!abort.signal.aborted) rollout.ports.log(`watching: ${messageOf(error)}`);
    },
  );
  return { end, ended };
}
