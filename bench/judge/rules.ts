import { fewestRequests } from '../../src/domain/judge-evidence.ts';
import { logBound, logEvidence, nothingWeighed, weigh } from '../../src/domain/sequential.ts';
import type { Stream } from './errors-stream.ts';

/** After how many seconds a rule takes the candidate back; infinite when it never does. */
export interface Found {
  evidence: number;
  /** The evidence with every failing request counted, also those of one client. */
  singly: number;
  firstFailure: number;
  fiveInAll: number;
  fiveInARow: number;
  mannWhitney: number;
}

const bound = logBound(0.1);

/** All rules on one and the same rollout. */
export function judgeStream(stream: Stream): Found {
  return {
    evidence: byEvidence(stream, 1),
    singly: stream.burst === 1 ? Number.NaN : byEvidence(stream, stream.burst),
    ...byMinute(stream),
  };
}

/**
 * The product's own test, looked at every second; a second without a failure changes nothing. Only requests of seconds
 * with a failure count towards its fewest requests, so here it speaks late rather than early.
 */
export function byEvidence(stream: Stream, each: number): number {
  let ratios = nothingWeighed();
  let requests = 0;
  for (let i = 0; i < stream.length; i += 1) {
    const ours = stream.candidateErrors[i] ?? 0;
    ratios = weigh(ratios, {
      candidate: { requests: stream.candidateRequests[i] ?? 0, events: ours * each },
      stable: { requests: stream.stableRequests[i] ?? 0, events: (stream.stableErrors[i] ?? 0) * each },
    });
    requests += stream.candidateRequests[i] ?? 0;
    if (requests >= fewestRequests && logEvidence(ratios) >= bound) return (stream.second[i] ?? 0) + 1;
  }
  return Number.POSITIVE_INFINITY;
}

/** What looks at whole minutes: more than 1 % errors in one, and ranks of the minutes' rates. */
function byMinute(stream: Stream): Omit<Found, 'evidence' | 'singly'> {
  const minutes = stream.minuteCandidateRequests.length;
  const errors = { candidate: new Float64Array(minutes), stable: new Float64Array(minutes) };
  for (let i = 0; i < stream.length; i += 1) {
    const minute = Math.floor((stream.second[i] ?? 0) / 60);
    errors.candidate[minute] =
      (errors.candidate[minute] ?? 0) + (stream.candidateErrors[i] ?? 0) * stream.burst;
    errors.stable[minute] = (errors.stable[minute] ?? 0) + (stream.stableErrors[i] ?? 0) * stream.burst;
  }
  const rate = (failed: Float64Array, requests: Int32Array) =>
    failed.map((n, i) => n / Math.max(1, requests[i] ?? 0));
  const candidate = rate(errors.candidate, stream.minuteCandidateRequests);
  const stable = rate(errors.stable, stream.minuteStableRequests);
  const found = {
    firstFailure: Number.POSITIVE_INFINITY,
    fiveInAll: Number.POSITIVE_INFINITY,
    fiveInARow: Number.POSITIVE_INFINITY,
    mannWhitney: Number.POSITIVE_INFINITY,
  };
  let all = 0;
  let row = 0;
  for (let minute = 0; minute < minutes; minute += 1) {
    const at = (minute + 1) * 60;
    const failed = (candidate[minute] ?? 0) > 0.01;
    all += failed ? 1 : 0;
    row = failed ? row + 1 : 0;
    if (failed) found.firstFailure = Math.min(found.firstFailure, at);
    if (all >= 5) found.fiveInAll = Math.min(found.fiveInAll, at);
    if (row >= 5) found.fiveInARow = Math.min(found.fiveInARow, at);
    if ((minute + 1) % 5 === 0 && found.mannWhitney > at) {
      if (higher(candidate.subarray(0, minute + 1), stable.subarray(0, minute + 1))) found.mannWhitney = at;
    }
  }
  return found;
}

/**
 * Kayenta's Mann-Whitney classifier with its defaults: `ours` is high when the lower end of the 98 % confidence interval of
 * the shift (Hodges-Lehmann) is above a quarter of the shift itself.
 */
export function higher(ours: Float64Array, theirs: Float64Array): boolean {
  const differences = new Float64Array(ours.length * theirs.length);
  let i = 0;
  let above = 0;
  for (const x of ours) {
    for (const y of theirs) {
      differences[i++] = x - y;
      above += x > y ? 1 : x === y ? 0.5 : 0;
    }
  }
  const n = ours.length;
  const m = theirs.length;
  const margin = 2.326 * Math.sqrt((n * m * (n + m + 1)) / 12);
  // Where the ranks are not apart, the interval holds 0: no need to sort.
  if (above < (n * m) / 2 + margin) return false;
  differences.sort();
  const lower = differences[Math.max(0, Math.floor((n * m) / 2 - margin))] ?? 0;
  const shift = differences[Math.floor(differences.length / 2)] ?? 0;
  return lower > 0.25 * Math.abs(shift);
}
