import type { Git } from '../ports/git.ts';
import { BoundedMemory } from './bounded-memory.ts';
import { readCommits } from './commit.ts';
import { isCutOff } from './cut-off.ts';
import type { Step } from './replay.ts';
import { splitIntoUnits, type Unit } from './unit.ts';

/** The units between two revisions, with what replaying each needs. */
export interface Waiting {
  units: Unit[];
  steps: Step[];
  baseTree: string;
  headTree: string;
  /** Files (bytes as latin1) that the base changed since the two parted; undefined where they share nothing. */
  basePaths: readonly string[] | undefined;
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
  const units = splitIntoUnits(await readCommits(git, { base, head }, { signal, trees: true }), head);
  const fork = units[0]?.commit.parents[0];
  const treeOf = (sha: string) => git.text(['rev-parse', '--verify', '--end-of-options', `${sha}^{tree}`]);
  const [cutOff, baseTree, headTree, forkTree, paths] = await Promise.all([
    isCutOff(git, units[0]?.commit, signal),
    treeOf(base),
    treeOf(head),
    fork === undefined ? undefined : treeOf(fork),
    readPaths(git, base, head, signal),
  ]);
  const steps = units.map(({ commit }, i): Step => ({
    sha: commit.sha,
    tree: commit.tree ?? '',
    parent: commit.parents[0],
    parentTree: i === 0 ? forkTree : units[i - 1]?.commit.tree,
    ...(paths.get(commit.sha) ?? { paths: [], moves: false }),
    ...(i === 0 && cutOff && { cutOff }),
  }));
  let basePaths: string[] | undefined = [];
  if (units.length > 0 && forkTree !== baseTree)
    basePaths = forkTree === undefined ? undefined : await differingPaths(git, forkTree, baseTree, signal);
  return { units, steps, baseTree, headTree, basePaths };
}

/**
 * The files each first-parent commit changed, both ends of a move among them, by sha. Of trees alone, so it needs no
 * blob. Every path follows a field that begins with a colon, so no path can pass for a sha.
 */
async function readPaths(
  git: Git,
  base: string,
  head: string,
  signal?: AbortSignal,
): Promise<Map<string, Pick<Step, 'paths' | 'moves'>>> {
  const { stdout } = await git.run(
    [
      'log',
      '-z',
      '--first-parent',
      '--diff-merges=first-parent',
      '--raw',
      '--no-renames',
      '--root',
      '--ignore-submodules=none',
      '--format=tformat:%H',
      head,
      `^${base}`,
      '--',
    ],
    signal ? { signal } : {},
  );
  const fields = stdout.toString('latin1').split('\0');
  const paths = new Map<string, Pick<Step, 'paths' | 'moves'>>();
  for (let i = 0; i < fields.length; i += 1) {
    const sha = fields[i] ?? '';
    if (sha === '') continue;
    const own: string[] = [];
    let moves = false;
    while (/^\n?:/u.test(fields[i + 1] ?? '')) {
      own.push(fields[i + 2] ?? '');
      moves ||= !fields[i + 1]?.endsWith(' M');
      i += 2;
    }
    paths.set(sha, { paths: own, moves });
  }
  return paths;
}

async function differingPaths(git: Git, a: string, b: string, signal?: AbortSignal): Promise<string[]> {
  const args = ['diff-tree', '-r', '-z', '--no-renames', '--name-only', a, b];
  const { stdout } = await git.run(args, signal ? { signal } : {});
  return stdout.toString('latin1').split('\0').filter(Boolean);
}
