import { latencyLogEvidence, noLatencyEvidence, weighLatency } from '../../src/domain/latency-evidence.ts';
import type { Triggers } from '../../src/domain/plan.ts';
import { normalBelow } from '../../src/domain/normal.ts';
import { bucketOf, type Counts, emptyCounts, histogramOf, quantile } from '../../src/domain/sample.ts';
import { logBound } from '../../src/domain/sequential.ts';
import { type Random, seeded } from './random.ts';

/** Requests a second, the candidate's share, and how long a rollout is watched. */
const rps = 50;
const share = 0.05;
const seconds = 3600;
/** Answers take 80 ms in the middle, the slowest twentieth more than 182 ms: log-normal. */
const usual = { middle: 80, spread: 0.5 };
/** A slowness of both sides lasts so long. */
const slowSeconds = 600;

const bound = logBound(0.1);

export interface LatencyFound {
  /** Seconds until the evidence speaks, and until a minute's p95 was 1.5 times stable's; infinite when never. */
  evidence: number;
  threshold: number;
}

/** One rollout: the candidate takes `candidate` times as long, and both `both` times for ten minutes somewhere. */
export function judgeLatency(
  scenario: { candidate: number; both: number; triggers: Triggers },
  seed: number,
): LatencyFound {
  const random = seeded(seed);
  const fast = { candidate: tableOf(scenario.candidate), stable: tableOf(1) };
  const slow = { candidate: tableOf(scenario.candidate * scenario.both), stable: tableOf(scenario.both) };
  const begins = Math.floor(random.next() * (seconds - slowSeconds));
  const found = { evidence: Number.POSITIVE_INFINITY, threshold: Number.POSITIVE_INFINITY };
  let evidence = noLatencyEvidence(draw(random, 2000, fast.stable));
  let minute = { candidate: emptyCounts(), stable: emptyCounts() };
  for (let second = 1; second <= seconds; second += 1) {
    const tables = second > begins && second <= begins + slowSeconds ? slow : fast;
    const interval = {
      candidate: draw(random, random.poisson(rps * share), tables.candidate),
      stable: draw(random, random.poisson(rps * (1 - share)), tables.stable),
      ms: 1000,
    };
    if (found.evidence > seconds) {
      evidence = weighLatency(evidence, interval, scenario.triggers);
      if (latencyLogEvidence(evidence) >= bound) found.evidence = second;
    }
    merge(minute.candidate, interval.candidate);
    merge(minute.stable, interval.stable);
    if (second % 60 === 0) {
      const ours = quantile(histogramOf(minute.candidate), 0.95) ?? 0;
      const theirs = quantile(histogramOf(minute.stable), 0.95) ?? 0;
      if (ours > 1.5 * theirs) found.threshold = Math.min(found.threshold, second);
      minute = { candidate: emptyCounts(), stable: emptyCounts() };
    }
    if (scenario.candidate !== 1 && found.evidence <= second && found.threshold <= second) break;
  }
  return found;
}

const tables = new Map<number, Uint8Array>();

/** The buckets of 65,536 evenly spaced quantiles of the answers that take `times` as long as usual. */
function tableOf(times: number): Uint8Array {
  const known = tables.get(times);
  if (known) return known;
  const size = 65_536;
  const made = Uint8Array.from({ length: size }, (_, i) =>
    bucketOf(times * usual.middle * Math.exp(usual.spread * normalQuantile((i + 0.5) / size))),
  );
  tables.set(times, made);
  return made;
}

function draw(random: Random, requests: number, table: Uint8Array): Counts {
  const counts = emptyCounts();
  counts.requests = requests;
  for (let i = 0; i < requests; i += 1) {
    const bucket = String(table[Math.floor(random.next() * table.length)] ?? 0);
    counts.latency[bucket] = (counts.latency[bucket] ?? 0) + 1;
  }
  return counts;
}

function merge(into: Counts, more: Counts): void {
  for (const [bucket, n] of Object.entries(more.latency))
    into.latency[bucket] = (into.latency[bucket] ?? 0) + n;
}

/** The normal quantile of `p`, by bisection of its distribution function: exact enough for a table, made once. */
function normalQuantile(p: number): number {
  let low = -9;
  let high = 9;
  for (let i = 0; i < 60; i += 1) {
    const middle = (low + high) / 2;
    if (normalBelow(middle) < p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
