import type { Median, Share } from '../../domain/analysis.ts';
import { wilson } from '../../domain/interval.ts';

/** The 90 % Wilson share of `count` in `n`. */
export function shareOf(count: number, n: number): Share {
  return { count, n, interval: wilson(count, n) };
}

/** Normal quantile for a 99 % interval: several groups are compared at once, and 90 % would find one in ten by chance. */
export const z99 = 2.576;

/**
 * The 99 % interval of `a − b`, both shares, by Newcombe's hybrid score method (method 10 of "Interval estimation for the
 * difference between independent proportions", Statistics in Medicine 17, 1998).
 */
export function differenceOf(a: Share, b: Share, z = z99): [number, number] {
  if (a.n === 0 || b.n === 0) return [-1, 1];
  const [p, q] = [a.count / a.n, b.count / b.n];
  const [la, ua] = wilson(a.count, a.n, z);
  const [lb, ub] = wilson(b.count, b.n, z);
  const lower = p - q - Math.sqrt((p - la) ** 2 + (ub - q) ** 2);
  const upper = p - q + Math.sqrt((ua - p) ** 2 + (q - lb) ** 2);
  return [Math.max(-1, lower), Math.min(1, upper)];
}

/**
 * The 90 % interval of a Poisson count, by Byar's approximation (Breslow & Day, "Statistical methods in cancer research"
 * II, 1987); `[0, 3]` for none, by the rule of three's exact form −ln 0.05.
 */
export function poissonOf(n: number, z = 1.645): [number, number] {
  if (n === 0) return [0, -Math.log(0.05)];
  const byar = (count: number, sign: 1 | -1) =>
    count * (1 - 1 / (9 * count) + (sign * z) / (3 * Math.sqrt(count))) ** 3;
  return [byar(n, -1), byar(n + 1, 1)];
}

/**
 * The median of durations and its 90 % interval from order statistics (the sign test turned round: no shape is assumed);
 * below five values no pair of them holds the median with 90 %.
 */
export function medianOf(values: readonly number[]): Median {
  const sorted = values.toSorted((a, b) => a - b);
  const n = sorted.length;
  if (n === 0) return { n, medianMs: null, interval: null };
  const middle = ((sorted[Math.floor((n - 1) / 2)] ?? 0) + (sorted[Math.floor(n / 2)] ?? 0)) / 2;
  const rank = lowerRank(n);
  const [low, high] = [sorted[rank - 1], sorted[n - rank]];
  return {
    n,
    medianMs: middle,
    interval: rank === 0 || low === undefined || high === undefined ? null : [low, high],
  };
}

/** The largest rank r with P(Binomial(n, ½) < r) ≤ 5 %: the r-th smallest and largest value hold the median with 90 %. */
function lowerRank(n: number): number {
  // Beyond that the normal approximation is exact enough, and 2^-n no number any more.
  if (n > 500) return Math.max(1, Math.floor(n / 2 - 1.645 * Math.sqrt(n / 4)));
  let probability = 2 ** -n;
  let sum = 0;
  for (let r = 0; r <= n; r += 1) {
    sum += probability;
    if (sum > 0.05) return r;
    probability = (probability * (n - r)) / (r + 1);
  }
  return 0;
}
