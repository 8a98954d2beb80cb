import type { Triggers } from './plan.ts';
import { type Counts, errorsOf } from './sample.ts';
import { logBound, logMean } from './sequential.ts';

/** A version's own counts at an earlier time, to be judged against where no other serves beside it. */
export interface Baseline {
  /** What it did then. */
  counts: Counts;
  /** Where its counters stood when that ended. */
  until: Counts;
}

/** How many times its baseline's bound the rate of errors might be; all equally likely beforehand. */
const ratios = [1.5, 2, 3, 5, 10, 30, 100];

/**
 * The evidence that `now` fails more often than its baseline can explain, as a natural logarithm, and what it must reach.
 * Half the budget goes to an upper bound of the baseline's rate (Chernoff: n·KL(observed, rate) ≤ ln(2/α)), half to a mixture
 * of likelihood ratios against that bound, valid at every look (Ville's inequality). It cannot tell the flag from the
 * time of day: both sides are the same version at different times.
 */
export function beyondBaseline(
  baseline: Counts,
  now: Counts,
  { falseRollbackBudget }: Pick<Triggers, 'falseRollbackBudget'>,
): { evidence: number; bound: number; worst: number } {
  const bound = logBound(falseRollbackBudget / 2);
  const worst = upperRate(failing(baseline), baseline.requests, bound);
  const bad = Math.min(failing(now), now.requests);
  const logs = ratios.map((ratio) => {
    const rate = Math.min(ratio * worst, (1 + worst) / 2);
    return bad * Math.log(rate / worst) + (now.requests - bad) * Math.log((1 - rate) / (1 - worst));
  });
  const evidence = logMean(
    logs,
    ratios.map(() => 1 / ratios.length),
  );
  return { evidence, bound, worst };
}

/** Each client once where the router tells them apart: one that fails again and again is one observation. */
function failing(counts: Counts): number {
  return counts.failedClients ?? errorsOf(counts);
}

/** The highest rate that `events` of `requests` still fit, as a share between 0 and 1. */
function upperRate(events: number, requests: number, log: number): number {
  if (requests <= 0 || !Number.isFinite(log)) return 0.5;
  const seen = Math.min(1, events / requests);
  let low = seen;
  let high = 0.5;
  if (low >= high) return 0.5;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (requests * divergence(seen, middle) <= log) low = middle;
    else high = middle;
  }
  return Math.max(high, 1e-9);
}

function divergence(p: number, q: number): number {
  const part = (a: number, b: number) => (a === 0 ? 0 : a * Math.log(a / b));
  return part(p, q) + part(1 - p, 1 - q);
}
