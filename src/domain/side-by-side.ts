import { z } from 'zod';
import { latencyEvidenceSchema, noLatencyEvidence, weighLatency } from './latency-evidence.ts';
import type { Triggers } from './plan.ts';
import { type Counts, countedAnew, errorsOf, type Sample, since } from './sample.ts';
import { added, nothingWeighed, ratiosSchema, tallySchema, weigh } from './sequential.ts';

/** What the readings of a rollout show when both sides are compared in each interval between two of them. */
export const sideBySideSchema = z.object({
  errors: z.object({
    /** What was weighed: failing clients where the router tells them apart, else errors. */
    ratios: ratiosSchema,
    /** Requests and errors of the same intervals, for people. */
    candidate: tallySchema,
    stable: tallySchema,
  }),
  /** Absent until both sides were read once. */
  latency: latencyEvidenceSchema.optional(),
});
export type SideBySide = z.infer<typeof sideBySideSchema>;

/** Before the first reading. */
export function nothingCompared(): SideBySide {
  return {
    errors: {
      ratios: nothingWeighed(),
      candidate: { requests: 0, events: 0 },
      stable: { requests: 0, events: 0 },
    },
  };
}

/**
 * Takes in the interval between two readings. Left out are one in which the weight changed, because its requests were
 * split in two ways, and one in which a counter went back, because the router began to count anew.
 */
export function compare(
  compared: SideBySide,
  before: Sample | undefined,
  now: Sample,
  triggers: Triggers,
): SideBySide {
  if (!now.stable) return compared;
  const latency = compared.latency ?? noLatencyEvidence(now.stable);
  if (!before?.stable || before.weight !== now.weight) return { ...compared, latency };
  if (countedAnew(before.candidate, now.candidate) || countedAnew(before.stable, now.stable)) {
    return { ...compared, latency };
  }
  const candidate = since(before.candidate, now.candidate);
  const stable = since(before.stable, now.stable);
  const clients = candidate.failedClients !== undefined && stable.failedClients !== undefined;
  const weighed = (counts: Counts) => ({
    requests: counts.requests,
    events: (clients ? counts.failedClients : undefined) ?? errorsOf(counts),
  });
  const errors = (counts: Counts) => ({ requests: counts.requests, events: errorsOf(counts) });
  const { ratios } = compared.errors;
  return {
    errors: {
      ratios: weigh(ratios, { candidate: weighed(candidate), stable: weighed(stable) }),
      candidate: added(compared.errors.candidate, errors(candidate)),
      stable: added(compared.errors.stable, errors(stable)),
    },
    latency: weighLatency(
      latency,
      { candidate, stable, ms: Date.parse(now.at) - Date.parse(before.at) },
      triggers,
    ),
  };
}

/** The same comparison, with the latencies compared anew: what a person has let go on must show again. */
export function latencyAnew(compared: SideBySide): SideBySide {
  const { latency } = compared;
  if (!latency) return compared;
  const { ratios, beyond } = noLatencyEvidence();
  return { ...compared, latency: { ...latency, ratios, beyond } };
}

/** Both sides compared over all of these readings. */
export function compareAll(samples: readonly Sample[], triggers: Triggers): SideBySide {
  let compared = nothingCompared();
  for (const [i, sample] of samples.entries()) compared = compare(compared, samples[i - 1], sample, triggers);
  return compared;
}
