import { normalBelow } from './normal.ts';

/** On each side: with fewer the normal approximation is not to be relied on. */
export const fewestSamples = 8;

/**
 * How probable it is that `a` lies so far above `b` by chance alone: the one-sided rank-sum test of Mann and Whitney (1947, Annals of
 * Mathematical Statistics 18, 50–60), by its normal approximation with corrections for ties and continuity. It asks nothing of how the
 * samples are spread. Undefined for fewer than `fewestSamples` on a side.
 */
export function probablyChance(a: readonly number[], b: readonly number[]): number | undefined {
  const [n, m] = [a.length, b.length];
  if (n < fewestSamples || m < fewestSamples) return undefined;
  const all = [...a.map((value) => ({ value, own: true })), ...b.map((value) => ({ value, own: false }))];
  all.sort((x, y) => x.value - y.value);
  let rankSum = 0;
  let ties = 0;
  for (let from = 0; from < all.length;) {
    let to = from;
    while (to < all.length && all[to]?.value === all[from]?.value) to += 1;
    const size = to - from;
    const rank = (from + 1 + to) / 2;
    rankSum += rank * all.slice(from, to).filter(({ own }) => own).length;
    ties += size ** 3 - size;
    from = to;
  }
  const u = rankSum - (n * (n + 1)) / 2;
  const total = n + m;
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
  // All values equal: nothing speaks for a difference.
  if (variance <= 0) return 1;
  return 1 - normalBelow((u - (n * m) / 2 - 0.5) / Math.sqrt(variance));
}
