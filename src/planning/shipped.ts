import type { Git } from '../ports/git.ts';
import type { Unit } from './unit.ts';

/** The trailer of a candidate's commits: the waiting commit each came from. */
export const originTrailer = 'Orchestra-Origin';

/**
 * The units whose changes the base already holds: shipped in a candidate (origin trailer), picked by hand (equal
 * patch-id), or a merge that only brings the base itself. Units by index.
 */
export async function findShipped(
  git: Git,
  units: readonly Unit[],
  base: string,
  head: string,
  signal?: AbortSignal,
): Promise<Set<number>> {
  const options = signal ? { signal } : {};
  const held = new Set<string>();
  const fork = units[0]?.commit.parents[0];
  const log = await git.text(
    [
      'log',
      '-z',
      `--format=tformat:%(trailers:key=${originTrailer},valueonly,unfold)`,
      base,
      ...(fork ? [`^${fork}`] : []),
      '--',
    ],
    options,
  );
  for (const value of log.split(/[\0\n]/u))
    if (/^[0-9a-f]{40,64}$/u.test(value.trim())) held.add(value.trim());

  const apart = await git.text(['rev-list', '--count', base, `^${head}`, '--'], options);
  if (Number(apart) > 0) {
    const marked = await git.text(
      ['rev-list', '--cherry-mark', '--right-only', '--no-merges', `${base}...${head}`, '--'],
      options,
    );
    for (const line of marked.split('\n')) if (line.startsWith('=')) held.add(line.slice(1));
  }

  const shipped = new Set<number>();
  for (const unit of units) {
    const sides = unit.commits.slice(0, -1);
    if (held.has(unit.commit.sha)) shipped.add(unit.index);
    else if (unit.commit.parents.length < 2) continue;
    else if (sides.length > 0 ? sides.every((side) => held.has(side.sha)) : await isPlainMerge(git, unit))
      shipped.add(unit.index);
  }
  return shipped;
}

/** Whether a merge is just what git would have made of its two parents, with nothing added by hand. */
async function isPlainMerge(git: Git, unit: Unit): Promise<boolean> {
  const [first, second, third] = unit.commit.parents;
  if (first === undefined || second === undefined || third !== undefined) return false;
  const merged = await git.run(
    ['merge-tree', '--write-tree', '-z', '--no-messages', '--name-only', first, second],
    { accept: [0, 1, 128] },
  );
  if (merged.exitCode !== 0) return false;
  const tree = merged.stdout.toString('utf8').split('\0', 1)[0] ?? '';
  return tree === (await git.text(['rev-parse', '--verify', `${unit.commit.sha}^{tree}`]));
}
