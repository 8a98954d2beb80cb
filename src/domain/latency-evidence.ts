import { z } from 'zod';
import type { Triggers } from './plan.ts';
import { bucketOf, type Counts, histogramOf, latencyBounds } from './sample.ts';
import { normalBelow } from './normal.ts';
import { added, logMean, type Ratios, ratiosSchema, type Tally, tallySchema } from './sequential.ts';

/** The quantiles of stable's past answers at which answers are parted into six classes, from quick to very slow. */
const quantiles = [0.5, 0.8, 0.9, 0.95, 0.99] as const;

/**
 * How the candidate might be slower: how many times as often as stable's an answer of each class is its own, the quickest
 * class being 1, and the share of the belief beforehand. Four shifts of everything by 0.3, 0.6, 1 and 2 standard deviations (of a normal
 * logarithm of the latency), then a slowest fifth two to four times as frequent, and a slowest hundredth six times.
 */
const slownesses: readonly { odds: readonly number[]; share: number }[] = [
  { odds: shifted(0.3), share: 0.15 },
  { odds: shifted(0.6), share: 0.2 },
  { odds: shifted(1), share: 0.15 },
  { odds: shifted(2), share: 0.1 },
  { odds: [1, 1, 2, 2, 3, 4], share: 0.25 },
  { odds: [1, 1, 1, 1, 1, 6], share: 0.15 },
];

/** Answers of stable from which the first limits are drawn, and after how many more they are drawn anew. */
const firstLimits = 100;
const nextLimits = 1000;

/**
 * What one second may add to the logarithm of the evidence, at most: one in a thousand is believed after five seconds at
 * the earliest, so that one hiccup of the machine is not taken for a slow version.
 */
const growthPerSecond = Math.log(1000) / 5;

export const latencyEvidenceSchema = z.object({
  /** For each quantile, the last bucket that is not slow; none until stable has a past. */
  limits: z.array(z.number().int()),
  /** Stable's answers by bucket since the limits were drawn. */
  past: z.array(z.number()),
  /** The logarithm (base e) of the likelihood ratio of each slowness so far. */
  ratios: ratiosSchema,
  /** For each quantile, the answers of both sides and those beyond its limit. */
  beyond: z.array(z.object({ candidate: tallySchema, stable: tallySchema })),
});
export type LatencyEvidence = z.infer<typeof latencyEvidenceSchema>;

/** Before any answer was compared; `before` are stable's answers up to now, as far as they were counted. */
export function noLatencyEvidence(before?: Counts): LatencyEvidence {
  const none = (): Tally => ({ requests: 0, events: 0 });
  return drawLimits({
    limits: [],
    past: before ? histogramOf(before) : latencyBounds.map(() => 0).concat(0),
    ratios: slownesses.map(() => 0),
    beyond: quantiles.map(() => ({ candidate: none(), stable: none() })),
  });
}

/**
 * The evidence after one more interval of `ms` milliseconds. Answers are parted by limits that are quantiles of stable's own
 * past, the candidate's raised by what is tolerated. When nothing is wrong, the candidate's classes are drawn from those of
 * both sides without replacement, so the likelihood ratio of a slowness, divided by the mean odds of an answer to the
 * power of the candidate's answers, has an expectation of at most 1 (Maclaurin's inequality): as for errors
 * (Lindon & Malek 2022, arXiv 2011.03567), at every look. A slowness of both sides moves both alike.
 */
export function weighLatency(
  before: LatencyEvidence,
  interval: { candidate: Counts; stable: Counts; ms: number },
  triggers: Triggers,
): LatencyEvidence {
  const stable = histogramOf(interval.stable);
  const past = before.past.map((n, i) => n + (stable[i] ?? 0));
  const { limits } = before;
  if (limits.length === 0) return drawLimits({ ...before, past });
  const ours = classesOf(
    histogramOf(interval.candidate),
    limits.map((limit) => tolerated(limit, triggers)),
  );
  const theirs = classesOf(stable, limits);
  const ratios = atMost(
    growthPerSecond * Math.max(0, interval.ms / 1000),
    before.ratios,
    before.ratios.map((ratio, i) => ratio + logRatio(slownesses[i]?.odds ?? [], ours, theirs)),
  );
  const beyond = before.beyond.map((one, i) => ({
    candidate: added(one.candidate, tallyBeyond(ours, i)),
    stable: added(one.stable, tallyBeyond(theirs, i)),
  }));
  return drawLimits({ limits, past, ratios, beyond });
}

/** The logarithm of one slowness's likelihood ratio in an interval, given the classes of both sides' answers. */
function logRatio(odds: readonly number[], ours: readonly number[], theirs: readonly number[]): number {
  const n = sumOf(ours);
  const all = n + sumOf(theirs);
  if (n === 0 || n === all) return 0;
  let log = 0;
  let total = 0;
  for (const [i, mine] of ours.entries()) {
    // No odds are below 1, so up to this a slower answer of the candidate always raises the ratio: with that, a candidate
    // that is slower by no more than the tolerance is as good as one that is not slower at all.
    const odd = Math.min(odds[i] ?? 1, all / n);
    log += mine * Math.log(odd);
    total += (mine + (theirs[i] ?? 0)) * odd;
  }
  return log - n * Math.log(total / all);
}

/** `after`, all of it lowered alike where the evidence would grow by more than `growth`: lower is always valid. */
function atMost(growth: number, before: Ratios, after: Ratios): Ratios {
  const excess = mixed(after) - mixed(before) - growth;
  return excess > 0 ? after.map((ratio) => ratio - excess) : after;
}

/** The logarithm (base e) of the evidence that the candidate is slower. */
export function latencyLogEvidence(evidence: LatencyEvidence): number {
  return mixed(evidence.ratios);
}

/** The quantile that shows the slowness best: `share` (0 … 1) of stable's past was faster. */
export function slowestQuantile(
  evidence: LatencyEvidence,
): { share: number; candidate: Tally; stable: Tally } | undefined {
  const shown = evidence.beyond.map(({ candidate, stable }, i) => {
    const expected = (candidate.requests * Math.max(stable.events, 1)) / Math.max(stable.requests, 1);
    const weight = candidate.events * Math.log(Math.max(candidate.events, 1) / Math.max(expected, 1e-9));
    return { share: quantiles[i] ?? 0, candidate, stable, weight };
  });
  return shown.toSorted((a, b) => b.weight - a.weight)[0];
}

function mixed(ratios: Ratios): number {
  return logMean(
    ratios,
    slownesses.map(({ share }) => share),
  );
}

function drawLimits(evidence: LatencyEvidence): LatencyEvidence {
  const total = evidence.past.reduce((sum, n) => sum + n, 0);
  if (total < (evidence.limits.length === 0 ? firstLimits : nextLimits)) return evidence;
  const limits = quantiles.map((share) => {
    let left = share * total;
    return evidence.past.findIndex((n) => (left -= n) <= 0);
  });
  return { ...evidence, limits, past: evidence.past.map(() => 0) };
}

/**
 * Where slow begins for the candidate when it begins above `limit` for stable: a third of `latency_increase` is let be,
 * so that a candidate slower by the whole of it is found soon, and never less than `latency_tolerance`.
 */
function tolerated(limit: number, triggers: Triggers): number {
  const third = Math.floor(Math.log(1 + triggers.latencyIncrease / 300) / Math.log(1.15) + 1e-9);
  const bound = latencyBounds[limit];
  return bound === undefined ? limit : Math.max(limit + third, bucketOf(bound + triggers.latencyToleranceMs));
}

/** Answers by bucket, parted into classes: how many of the limits they are beyond. */
function classesOf(histogram: readonly number[], limits: readonly number[]): number[] {
  const classes = Array.from({ length: limits.length + 1 }, () => 0);
  let at = 0;
  for (const [i, n] of histogram.entries()) {
    while (i > (limits[at] ?? Number.POSITIVE_INFINITY)) at += 1;
    classes[at] = (classes[at] ?? 0) + n;
  }
  return classes;
}

function tallyBeyond(classes: readonly number[], limit: number): Tally {
  return { requests: sumOf(classes), events: sumOf(classes.slice(limit + 1)) };
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, n) => sum + n, 0);
}

/** How many times as often as before, and as the quickest class, each class is met when a normal variable moves up by `by` standard deviations. */
function shifted(by: number): number[] {
  // The normal quantiles of `quantiles`.
  const cuts = [Number.NEGATIVE_INFINITY, 0, 0.8416, 1.2816, 1.6449, 2.3263, Number.POSITIVE_INFINITY];
  const odds = cuts.slice(1).map((to, i) => {
    const from = cuts[i] ?? 0;
    return (normalBelow(to - by) - normalBelow(from - by)) / (normalBelow(to) - normalBelow(from));
  });
  return odds.map((odd) => odd / (odds[0] ?? 1));
}
