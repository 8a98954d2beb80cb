import type { Git } from '../../ports/git.ts';
import { readCommits } from '../commit.ts';
import { readShipped } from '../shipped.ts';
import { splitIntoUnits } from '../unit.ts';
import { steadyTimes } from './steady-times.ts';

/** What has been on the head for so long is rewritten no more, in milliseconds. */
const settledMs = 30 * 86_400_000;

/**
 * The newest first-parent commit of the head that is part of the past: everything up to it is on the base, in whatever form, or has
 * been there for a month. What comes after it may still be rewritten. Undefined where nothing is.
 */
export async function settledTip(
  git: Git,
  { base, head }: { base: string; head: string },
  signal?: AbortSignal,
): Promise<string | undefined> {
  const units = splitIntoUnits(await readCommits(git, { base, head }, { signal }), head);
  const [first] = units;
  if (!first) return head;
  const times = steadyTimes(units.map(({ commit }) => commit.at));
  const old = (times.at(-1) ?? 0) - settledMs;
  const { units: shipped } = await readShipped(git, units, base, head, signal);
  const waiting = units.findIndex(({ index }) => !shipped.has(index) && (times[index] ?? 0) > old);
  return waiting === 0
    ? first.commit.parents[0]
    : units[(waiting < 0 ? units.length : waiting) - 1]?.commit.sha;
}
