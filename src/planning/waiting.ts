import type { Git } from '../ports/git.ts';
import { BoundedMemory } from './bounded-memory.ts';
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

/** One proof follows another over the same range; a second range is there while the head moves. */
const rememberedRanges = 2;
const remembered = new WeakMap<Git, BoundedMemory<Waiting>>();

/** What waits between two full shas; read once while the repository is open, since shas never change their meaning. */
export async function readWaiting(
  git: Git,
  base: string,
  head: string,
  signal?: AbortSignal,
): Promise<Waiting> {
  const memory = remembered.get(git) ?? new BoundedMemory<Waiting>(rememberedRanges);
  remembered.set(git, memory);
  const key = `${base} ${head}`;
  const waiting = memory.get(key) ?? (await read(git, base, head, signal));
  memory.set(key, waiting);
  return waiting;
}

async function read(git: Git, base: string, head: string, signal?: AbortSignal): Promise<Waiting> {
  const units = splitIntoUnits(await readCommits(git, { base, head }, signal), head);
  const fork = units[0]?.commit.parents[0];
  const treeOf = (sha: string) => git.text(['rev-parse', '--verify', '--end-of-options', `${sha}^{tree}`]);
  const [baseTree, headTree, forkTree] = await Promise.all([
    treeOf(base),
    treeOf(head),
    fork === undefined ? undefined : treeOf(fork),
  ]);
  const steps = units.map(({ commit }, i): Step => ({
    sha: commit.sha,
    tree: commit.tree,
    parent: commit.parents[0],
    parentTree: i === 0 ? forkTree : units[i - 1]?.commit.tree,
  }));
  return { units, steps, baseTree, headTree };
}
