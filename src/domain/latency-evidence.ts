import { z } from 'zod';
import type { Triggers } from './plan.ts';
import { bucketOf, type Counts, histogramOf, latencyBounds } from './sample.ts';
import {
  added,
  logEvidence,
  nothingWeighed,
  ratiosSchema,
  type Tally,
  tallySchema,
  weigh,
} from './sequential.ts';

/** The quantiles of stable's past answers that divide slow from usual. */
const quantiles = [0.5, 0.95, 0.99] as const;

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
  /** What was weighed, one for each quantile. */
  weighed: z.array(z.object({ ratios: ratiosSchema, candidate: tallySchema, stable: tallySchema })),
});
export type LatencyEvidence = z.infer<typeof latencyEvidenceSchema>;

/** Before any answer was compared; `before` are stable's answers up to now, as far as they were counted. */
export function noLatencyEvidence(before?: Counts): LatencyEvidence {
  const none = (): Tally => ({ requests: 0, events: 0 });
  const past = before ? histogramOf(before) : latencyBounds.map(() => 0).concat(0);
  return drawLimits({
    limits: [],
    past,
    weighed: quantiles.map(() => ({ ratios: nothingWeighed(), candidate: none(), stable: none() })),
  });
}

/**
 * The evidence after one more interval of `ms` milliseconds: how often stable exceeded quantiles of its own past, and
 * the candidate the same limits raised by what is tolerated. The limits come from before the interval, so when both sides
 * slow down together both exceed them alike, which the test is blind to. A candidate slower by less than the tolerance
 * lets the evidence fall.
 */
export function weighLatency(
  before: LatencyEvidence,
  interval: { candidate: Counts; stable: Counts; ms: number },
  triggers: Triggers,
): LatencyEvidence {
  const candidate = histogramOf(interval.candidate);
  const stable = histogramOf(interval.stable);
  let weighed = before.weighed;
  if (before.limits.length > 0) {
    const next = weighed.map((one, i) => {
      const limit = before.limits[i] ?? latencyBounds.length;
      const ours = above(candidate, tolerated(limit, triggers));
      const theirs = above(stable, limit);
      return {
        ratios: weigh(one.ratios, { candidate: ours, stable: theirs }),
        candidate: added(one.candidate, ours),
        stable: added(one.stable, theirs),
      };
    });
    const most = growthPerSecond * Math.max(0, interval.ms / 1000);
    const excess = Math.max(0, logOf(next) - logOf(weighed) - most);
    weighed =
      excess === 0
        ? next
        : next.map((one) => ({ ...one, ratios: one.ratios.map((ratio) => ratio - excess) }));
  }
  return drawLimits({ ...before, past: before.past.map((n, i) => n + (stable[i] ?? 0)), weighed });
}

/** The logarithm (base e) of the evidence that the candidate is slower: the mean over the quantiles. */
export function latencyLogEvidence(evidence: LatencyEvidence): number {
  return logOf(evidence.weighed);
}

/** The quantile that shows the slowness best: `share` (0 … 1) of stable's past was faster. */
export function slowestQuantile(
  evidence: LatencyEvidence,
): { share: number; candidate: Tally; stable: Tally } | undefined {
  const shown = evidence.weighed
    .map(({ ratios, candidate, stable }, i) => ({
      share: quantiles[i] ?? 0,
      candidate,
      stable,
      log: logEvidence(ratios),
    }))
    .toSorted((a, b) => b.log - a.log);
  return shown[0];
}

function logOf(weighed: LatencyEvidence['weighed']): number {
  const logs = weighed.map(({ ratios }) => logEvidence(ratios));
  const most = Math.max(...logs);
  return most + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - most), 0) / logs.length);
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

/** Answers by bucket as a tally of those above `limit`. */
function above(histogram: readonly number[], limit: number): Tally {
  let requests = 0;
  let events = 0;
  for (const [i, n] of histogram.entries()) {
    requests += n;
    if (i > limit) events += n;
  }
  return { requests, events };
}
