import { availableParallelism } from 'node:os';
import type { Cache } from '../ports/cache.ts';
import type { Git } from '../ports/git.ts';
import type { CommitDiff } from './diff.ts';
import { readDiffs } from './diff-pass.ts';
import { decodeFacts, encodeFacts, factsKind } from './facts-code.ts';
import { readTexts } from './file-texts.ts';
import { isLasting, readFacts, textsWanted, wantsLines, type UnitFacts } from './unit-facts.ts';

export interface FactsRequest {
  git: Git;
  /** Commits in the order in which their facts are wanted. */
  shas: readonly string[];
  /** Where facts of earlier runs are; without it all are read anew. */
  cache?: Cache | undefined;
  /** Git processes side by side; as many as there are processors, at most `mostShards`, unless said. */
  shards?: number | undefined;
  signal?: AbortSignal | undefined;
  /** Told now and then how many of `shas` were read. */
  progress?: ((read: number, of: number) => void) | undefined;
}

/** Commits between two words about how far it is. */
const toldEvery = 64;

/** More processes than this only wait for each other's disk. */
const mostShards = 4;

/** Facts kept at once while they are read, so that what a killed run had read is not lost. */
const batch = 2000;

/** The facts of commits, in order, each from the cache or else from one pass over the diffs of all that are not there. */
export async function* gatherFacts(request: FactsRequest): AsyncGenerator<UnitFacts> {
  const { git, shas, cache, signal } = request;
  const kept = (await cache?.load(factsKind, new Set(shas))) ?? new Map<string, Buffer>();
  const missing = shas.filter((sha) => !kept.has(sha));
  const diffs = readDiffs({
    git,
    shas: missing,
    wantsLines,
    shards: request.shards ?? Math.min(mostShards, availableParallelism()),
    signal,
  });
  const facts = readWindows(request, diffs);
  const fresh = new Map<string, string>();
  try {
    for (const [i, sha] of shas.entries()) {
      if (i % toldEvery === 0) request.progress?.(i, shas.length);
      const line = kept.get(sha);
      if (line) {
        kept.delete(sha);
        yield decodeFacts(line);
        continue;
      }
      const next = await facts.next();
      if (next.done) throw new Error(`git gave no diff for ${sha}`);
      // What is missing today may be fetched tomorrow.
      if (cache && isLasting(next.value)) fresh.set(sha, encodeFacts(next.value));
      if (fresh.size >= batch) {
        await cache?.save(factsKind, fresh);
        fresh.clear();
      }
      yield next.value;
    }
    request.progress?.(shas.length, shas.length);
  } finally {
    await facts.return(undefined);
    await cache?.save(factsKind, fresh);
  }
}

/** Diffs looked at together, so that the contents they want come from one process; fewer where they want many. */
const [widest, mostTexts] = [512, 1000];

async function* readWindows(
  { git, signal }: FactsRequest,
  diffs: AsyncIterable<CommitDiff>,
): AsyncGenerator<UnitFacts> {
  let open: CommitDiff[] = [];
  let wanted: string[] = [];
  async function* close(): AsyncGenerator<UnitFacts> {
    const texts = await readTexts(git, [...new Set(wanted)], signal);
    const window = open;
    [open, wanted] = [[], []];
    for (const diff of window) yield await readFacts(diff, texts);
  }
  for await (const diff of diffs) {
    open.push(diff);
    wanted.push(...textsWanted(diff).slice(0, mostTexts));
    if (open.length >= widest || wanted.length >= mostTexts) yield* close();
  }
  yield* close();
}
