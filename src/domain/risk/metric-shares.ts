import { soundCount, type ChangeMetrics } from './change-metrics.ts';
import { countedMetrics } from './change-inputs.ts';

/** How many steps a metric's logarithm is counted in. */
export const shareSteps = 24;
/** Where the last step ends, as log(1 + metric): beyond what nearly all changes of large projects have. */
const tops: Readonly<Record<(typeof countedMetrics)[number], number>> = {
  ns: 3,
  nd: 4.5,
  nf: 6.5,
  entropy: 3.5,
  la: 9,
  ld: 9,
  lt: 10,
  ndev: 6.5,
  age: 8,
  nuc: 8,
  exp: 10,
  rexp: 8.5,
  sexp: 10,
};
/** Metrics of few values: a step holds one of them, and its middle is taken. */
const fewValues = 4;
/** What other projects are taken for, in changes, and how many changes "lately" means. */
const PRIOR_WEIGHT = 50;
const LATELY = 2000;
/** No change is more usual or unusual than this share of all. */
const LEAST = 0.002;

/**
 * How a repository's changes lately lie: for each metric, the share of changes in each step of its logarithm. By it "large"
 * means large for this repository, whatever its size.
 */
export type MetricShares = number[][];

const rounded = (value: number): number => Math.round(value * 1e7) / 1e7;

function stepOf(metric: number, value: number): number {
  const top = tops[countedMetrics[metric] ?? 'la'];
  return Math.min(shareSteps - 1e-9, (Math.log1p(soundCount(value)) / top) * shareSteps);
}

/** Which step each metric of a change is in. */
export function stepsOf(metrics: ChangeMetrics): number[] {
  return countedMetrics.map((name, metric) => Math.floor(stepOf(metric, metrics[name])));
}

/** The share of changes that have less than each metric, 0…1. */
export function ranksOf(shares: MetricShares, metrics: ChangeMetrics): number[] {
  return countedMetrics.map((name, metric) => {
    const step = stepOf(metric, metrics[name]);
    const whole = Math.floor(step);
    const of = shares[metric] ?? [];
    let below = 0;
    for (let i = 0; i < whole; i += 1) below += of[i] ?? 0;
    below += (of[whole] ?? 0) * (metric < fewValues ? 0.5 : step - whole);
    return Math.min(1 - LEAST, Math.max(LEAST, below));
  });
}

/** The shares with one change more; `n` is how many were counted before it. */
export function withChange(shares: MetricShares, metrics: ChangeMetrics, n: number): MetricShares {
  const rate = Math.max(1 / LATELY, 1 / (n + PRIOR_WEIGHT));
  return stepsOf(metrics).map((whole, metric) => {
    const of = shares[metric] ?? [];
    const next = of.slice();
    for (let i = 0; i < next.length; i += 1)
      next[i] = rounded((of[i] ?? 0) * (1 - rate) + (i === whole ? rate : 0));
    return next;
  });
}

/** The value of a metric that half of the changes lie below. */
export function usualOf(shares: MetricShares, name: (typeof countedMetrics)[number]): number {
  const metric = countedMetrics.indexOf(name);
  const of = shares[metric] ?? [];
  let below = 0;
  for (let i = 0; i < of.length; i += 1) {
    const share = of[i] ?? 0;
    if (below + share >= 0.5) {
      const within = metric < fewValues ? 0.5 : (0.5 - below) / Math.max(share, 1e-9);
      return Math.expm1(((i + within) / shareSteps) * tops[name]);
    }
    below += share;
  }
  return 0;
}

/** Each metric in equal shares: what is known of a repository without a prior. */
export function evenShares(): MetricShares {
  return countedMetrics.map(() => Array.from({ length: shareSteps }, () => rounded(1 / shareSteps)));
}

/** Stored shares made sound: none negative, each metric's adding up to 1. */
export function soundShares(shares: MetricShares): MetricShares {
  return shares.map((of) => {
    const kept = of.map((share) => (share > 0 ? Math.min(1, share) : 0));
    const sum = kept.reduce((all, share) => all + share, 0);
    // What was written by `withChange` adds up but for rounding, and is taken as it is.
    if (Math.abs(sum - 1) < 0.001) return kept;
    return kept.map((share) => rounded(sum > 0 ? share / sum : 1 / of.length));
  });
}
