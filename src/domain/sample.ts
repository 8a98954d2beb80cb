import { z } from 'zod';

/**
 * Upper bounds of the latency buckets, in milliseconds; the last bucket has no bound. Each is 1.15 times the
 * one before, from 0.5 ms to above two minutes, so a quantile read from them is at most 15 % off.
 */
export const latencyBounds: readonly number[] = Array.from({ length: 90 }, (_, i) => 0.5 * 1.15 ** i);

/** A mergeable histogram: `counts[i]` requests took at most `latencyBounds[i]` ms (and more than the one before). */
export type Histogram = number[];

function emptyHistogram(): Histogram {
  return Array.from({ length: latencyBounds.length + 1 }, () => 0);
}

/** The index of the bucket that `ms` falls into. */
export function bucketOf(ms: number): number {
  if (!(ms > 0.5)) return 0;
  const i = Math.ceil(Math.log(ms / 0.5) / Math.log(1.15) - 1e-9);
  return Math.min(i, latencyBounds.length);
}

/** The `q` quantile (0 … 1) in milliseconds, as the upper bound of its bucket; undefined when nothing was counted. */
export function quantile(histogram: Histogram, q: number): number | undefined {
  const total = histogram.reduce((sum, n) => sum + n, 0);
  if (total === 0) return undefined;
  let left = Math.max(1, Math.ceil(q * total));
  for (const [i, n] of histogram.entries()) {
    left -= n;
    if (left <= 0) return latencyBounds[Math.min(i, latencyBounds.length - 1)];
  }
  return undefined;
}

const count = z.number().int().nonnegative();

/** What a router counted for one version since that version was put behind it; every number only grows. */
export const countsSchema = z.object({
  requests: z.number().int().nonnegative(),
  /** Answers by status class, index 0 = 1xx … 4 = 5xx. */
  status: z.tuple([count, count, count, count, count]),
  /** Requests that got no answer from the version: refused, reset, timed out. */
  failures: z.number().int().nonnegative(),
  /**
   * Errors of either kind in which each client (or trace) counts once in a while, on the side where it failed first: what
   * is left when one client's repeated failures are one observation. Absent where a router cannot tell clients apart.
   */
  failedClients: z.number().int().nonnegative().optional(),
  /** Sparse histogram of the answers' latencies: bucket index → count. */
  latency: z.record(z.string().regex(/^\d+$/), z.number().int().nonnegative()),
});
export type Counts = z.infer<typeof countsSchema>;

/** The counts of a version that has had no request. */
export function emptyCounts(): Counts {
  return { requests: 0, status: [0, 0, 0, 0, 0], failures: 0, latency: {} };
}

/** Errors as a user sees them: 5xx answers and requests that got none. */
export function errorsOf(counts: Counts): number {
  return counts.status[4] + counts.failures;
}

/**
 * Whether a router began to count anew between two readings: any of its numbers is smaller than before. Requests alone do
 * not tell: they can have passed their former number again.
 */
export function countedAnew(before: Counts, after: Counts): boolean {
  return (
    after.requests < before.requests ||
    after.failures < before.failures ||
    after.status.some((n, i) => n < (before.status[i] ?? 0))
  );
}

/** What was counted between two readings of the same version; a counter that went back (a restart) counts from zero. */
export function since(before: Counts | undefined, after: Counts): Counts {
  if (!before || countedAnew(before, after)) return after;
  const latency: Record<string, number> = {};
  for (const [bucket, n] of Object.entries(after.latency)) {
    const more = n - (before.latency[bucket] ?? 0);
    if (more > 0) latency[bucket] = more;
  }
  const clientsBefore = before.failedClients ?? (before.requests === 0 ? 0 : undefined);
  const less = (i: 0 | 1 | 2 | 3 | 4) => after.status[i] - before.status[i];
  return {
    requests: after.requests - before.requests,
    status: [less(0), less(1), less(2), less(3), less(4)],
    failures: after.failures - before.failures,
    ...(clientsBefore === undefined || after.failedClients === undefined
      ? {}
      : { failedClients: Math.max(0, after.failedClients - clientsBefore) }),
    latency,
  };
}

/** What was counted from the first of these readings to the last, also where a router began anew in between. */
export function sinceFirst(readings: readonly Counts[]): Counts | undefined {
  const [first] = readings;
  if (!first) return undefined;
  let total: Counts | undefined;
  let from = first;
  let before = first;
  for (const reading of readings) {
    if (countedAnew(before, reading)) {
      total = together(total, since(from, before));
      from = emptyCounts();
    }
    before = reading;
  }
  return together(total, since(from, before));
}

/** Two stretches of counts together. */
export function together(a: Counts | undefined, b: Counts): Counts {
  if (!a) return b;
  const latency: Record<string, number> = { ...a.latency };
  for (const [bucket, n] of Object.entries(b.latency)) latency[bucket] = (latency[bucket] ?? 0) + n;
  const sum = (i: 0 | 1 | 2 | 3 | 4) => a.status[i] + b.status[i];
  return {
    requests: a.requests + b.requests,
    status: [sum(0), sum(1), sum(2), sum(3), sum(4)],
    failures: a.failures + b.failures,
    ...(a.failedClients === undefined || b.failedClients === undefined
      ? {}
      : { failedClients: a.failedClients + b.failedClients }),
    latency,
  };
}

/** The sparse latency of `counts` as a dense histogram. */
export function histogramOf(counts: Counts): Histogram {
  const dense = emptyHistogram();
  for (const [bucket, n] of Object.entries(counts.latency)) {
    const i = Number(bucket);
    if (i < dense.length) dense[i] = n;
  }
  return dense;
}

/** One reading of both sides at the same moment. */
export const sampleSchema = z.object({
  at: z.iso.datetime(),
  /** The candidate's real share of traffic at that moment, percent, as the router reports it. */
  weight: z.number(),
  stable: countsSchema.optional(),
  candidate: countsSchema,
  /** Health probes of the candidate's instances at that moment. */
  health: z.object({ healthy: z.number().int(), total: z.number().int() }),
  /** Bytes that each side's processes hold; absent where the platform cannot see it. */
  memory: z.object({ candidate: z.number(), stable: z.number().optional() }).optional(),
});
export type Sample = z.infer<typeof sampleSchema>;
