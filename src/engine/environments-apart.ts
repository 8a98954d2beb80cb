import type { Version } from '../domain/event.ts';
import { OrchestraError, exitCode } from '../domain/errors.ts';
import type { Git } from '../ports/git.ts';
import type { DiffFeature } from './deploy-diff.ts';
import type { Drafts } from './drafts.ts';
import { describe, describeCommits, notHeld } from './feature-differences.ts';

/** What two environments run, side by side: what one has and the other has not. */
export interface EnvironmentsApart {
  a: { environment: string; version: Version | null };
  b: { environment: string; version: Version | null };
  /** Both hold the same files, whatever their commits are called. */
  same: boolean;
  onlyA: DiffFeature[];
  onlyB: DiffFeature[];
}

/** Compares the versions of two environments. Throws git's errors, or code `too-slow` after its time. */
export type CompareVersions = (
  a: EnvironmentsApart['a'],
  b: EnvironmentsApart['b'],
) => Promise<EnvironmentsApart>;

/** A comparison may take so long, in milliseconds: a first look at a long history does. */
const longestMs = 60_000;

/** Pairs whose comparison is kept: versions never change, so none is compared twice. */
const keptPairs = 64;

/** Comparisons of versions, each made once. */
export function createComparisons(git: Git, drafts: Pick<Drafts, 'discover'>): CompareVersions {
  const kept = new Map<string, Promise<Pick<EnvironmentsApart, 'same' | 'onlyA' | 'onlyB'>>>();

  function between(a: Version, b: Version) {
    const key = `${a.sha} ${b.sha}`;
    const known = kept.get(key);
    if (known) return known;
    const made = compare(git, drafts, a.sha, b.sha);
    kept.set(key, made);
    // What failed once may go well the next time.
    made.catch(() => kept.delete(key));
    for (const old of kept.keys()) if (kept.size > keptPairs) kept.delete(old);
    return made;
  }

  return async (a, b) => {
    if (!a.version || !b.version || a.version.sha === b.version.sha)
      return { a, b, same: a.version?.sha === b.version?.sha, onlyA: [], onlyB: [] };
    return { a, b, ...(await between(a.version, b.version)) };
  };
}

async function compare(git: Git, drafts: Pick<Drafts, 'discover'>, a: string, b: string) {
  const signal = AbortSignal.timeout(longestMs);
  try {
    const [treeA, treeB] = await Promise.all([treeOf(git, a), treeOf(git, b)]);
    const [onlyA, onlyB] = await Promise.all([
      notHeld(drafts, git, a, b, signal),
      notHeld(drafts, git, b, a, signal),
    ]);
    const commits = await describeCommits(
      git,
      [...onlyA, ...onlyB].flatMap((feature) => feature.commits),
    );
    return {
      same: treeA === treeB,
      onlyA: onlyA.map((feature) => describe(feature, commits)),
      onlyB: onlyB.map((feature) => describe(feature, commits)),
    };
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new OrchestraError('too-slow', `comparing ${a.slice(0, 12)} and ${b.slice(0, 12)} took too long`, {
      exit: exitCode.failed,
      hint: 'try again: what was read of the history is kept',
      cause: error,
    });
  }
}

function treeOf(git: Git, sha: string): Promise<string> {
  return git.text(['rev-parse', '--verify', '--end-of-options', `${sha}^{tree}`]);
}
