import type { Git } from '../ports/git.ts';
import { readCommits } from './commit.ts';
import type { Step } from './replay.ts';
import { splitIntoUnits, type Unit } from './unit.ts';

/** The units between two revisions, with what replaying each needs. */
export interface Waiting {
  units: Unit[];
  steps: Step[];
  baseTree: string;
  headTree: string;
}

/** Reads what waits between two full shas. */
export async function readWaiting(
  git: Git,
  base: string,
  head: string,
  signal?: AbortSignal,
): Promise<Waiting> {
  const units = splitIntoUnits(await readCommits(git, { base, head }, { signal, trees: true }), head);
  const fork = units[0]?.commit.parents[0];
  const treeOf = (sha: string) => git.text(['rev-parse', '--verify', '--end-of-options', `${sha}^{tree}`]);
  const [baseTree, headTree, forkTree] = await Promise.all([
    treeOf(base),
    treeOf(head),
    fork === undefined ? undefined : treeOf(fork),
  ]);
  const steps = units.map(({ commit }, i): Step => ({
    sha: commit.sha,
    tree: commit.tree ?? '',
    parent: commit.parents[0],
    parentTree: i === 0 ? forkTree : units[i - 1]?.commit.tree,
  }));
  return { units, steps, baseTree, headTree };
}
