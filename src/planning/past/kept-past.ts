import type { Cache } from '../../ports/cache.ts';
import { analysisVersion } from '../analysis-version.ts';
import type { OpenChange } from './open-change.ts';
import { decodePast, decodeState, encodePast, encodeRest } from './past-code.ts';
import { PastView } from './past-view.ts';
import type { PastState } from './read-past.ts';

/** What another version of what reads histories kept is not looked at. */
const kind = `past-${analysisVersion}`;

/** Parts of a text between newlines, which JSON has none of. */
function linesOf(kept: Buffer | undefined, count: number): string[] | undefined {
  const lines = kept?.toString('utf8').split('\n');
  return lines?.length === count ? lines : undefined;
}

/** Keeps where the reading of the history is, for the next run and for whoever asks about waiting changes. */
export async function keepPast(
  cache: Cache,
  state: PastState,
  changes: readonly OpenChange[],
): Promise<void> {
  if (state.sha === undefined) return;
  const rest = encodeRest(state);
  const files = [state.sha, encodePast(state.past), JSON.stringify(changes)];
  await cache.remember(kind, 'rest', [state.sha, rest].join('\n'));
  await cache.remember(kind, 'files', files.join('\n'));
}

/** Where an earlier run came to, with the changes it kept; undefined where that is gone. */
export async function recallState(
  cache: Cache,
): Promise<{ state: PastState; changes: OpenChange[] } | undefined> {
  const [first, second] = [await cache.recall(kind, 'files'), await cache.recall(kind, 'rest')];
  const [files, rest] = [linesOf(first, 3), linesOf(second, 2)];
  if (!files || !rest || files[0] !== rest[0]) return undefined;
  return {
    state: decodeState(files[1] ?? '', rest[1] ?? ''),
    changes: JSON.parse(files[2] ?? '[]') as OpenChange[],
  };
}

/** What the history says about waiting changes; undefined where nothing is kept, or it was read up to another commit. */
export async function recallView(cache: Cache, sha: string): Promise<PastView | undefined> {
  const files = linesOf(await cache.recall(kind, 'files'), 3);
  if (files?.[0] !== sha) return undefined;
  const changes = JSON.parse(files[2] ?? '[]') as OpenChange[];
  return new PastView(sha, decodePast(files[1] ?? ''), new Map(changes.map((one) => [one.sha, one.metrics])));
}

/** Up to which range the history was looked at last, so that nobody looks again where nothing moved. */
export async function recallLooked(cache: Cache): Promise<string | undefined> {
  return (await cache.recall(kind, 'looked'))?.toString('utf8');
}

export async function keepLooked(cache: Cache, range: string): Promise<void> {
  await cache.remember(kind, 'looked', range);
}
