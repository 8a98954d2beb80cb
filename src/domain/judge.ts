import { formatDuration } from './duration.ts';
import { type Baseline, beyondBaseline } from './judge-baseline.ts';
import { evidenceData, slowerThanStable, worseThanStable } from './judge-evidence.ts';
import { tooMuchMemory } from './judge-memory.ts';
import type { Phase, Triggers } from './plan.ts';
import {
  type Counts,
  type Sample,
  emptyCounts,
  errorsOf,
  histogramOf,
  quantile,
  since,
  sinceFirst,
} from './sample.ts';
import { compareAll, type SideBySide } from './side-by-side.ts';
import type { Decision, Verdict } from './verdict.ts';

/** The shortest stretch of a phase whose p95 says something, in milliseconds; a shorter phase is judged at its end. */
const shortestLatencyMs = 5000;

export interface Evidence {
  phase: Phase;
  /** When the phase's weight was in place; the watch counts from here. */
  weightAt: string;
  triggers: Triggers;
  /** Every reading since the candidate took traffic, oldest first, the newest last. */
  samples: readonly Sample[];
  /** Both sides compared over all readings of the rollout. Without it: over `samples`. */
  compared?: SideBySide;
  /** What the candidate is judged against where stable has no traffic at the same time: itself, before. */
  baseline?: Baseline;
}

/** What both sides did in one stretch of time. */
interface Stretch {
  candidate: Counts;
  stable: Counts | undefined;
  healthy: number;
  probes: number;
  /** Milliseconds the readings really span. */
  spanMs: number;
}

/**
 * Looks at the numbers of a running phase and says what follows from them (REQUIREMENTS G4 and T3). In order: an error
 * rate over the immediate threshold, or over the lower one for its whole window, rolls back, and so does evidence
 * that the candidate fails more often than stable at the same time (N3), and failing probes for their window; a
 * slower p95 pauses at the first breach and rolls back when it lasts, and evidence of slowness pauses; a phase whose time
 * is over continues only with its minimum sample, errors below the lower threshold and healthy probes. Missing
 * data never passes: the phase is watched longer, then paused for a person. Every verdict carries the evidence.
 */
export function judge(evidence: Evidence): Decision {
  const { phase, triggers, samples } = evidence;
  const now = samples.at(-1);
  if (!now) return wait('none', 'no reading yet', {});
  const sinceWeightMs = Date.parse(now.at) - Date.parse(evidence.weightAt);
  const elapsedMs =
    sinceWeightMs < phase.bakeMs ? sinceWeightMs : sinceWeightMs - unwatchedMs(samples, evidence.weightAt);
  if (!phase.judged) return unjudged(phase, now, elapsedMs);

  const inPhase = stretch(samples, Math.min(elapsedMs, triggers.errorWindowMs));
  const compared = evidence.compared ?? compareAll(samples, triggers);
  const decision =
    errorsAtOnce(inPhase, triggers) ??
    errorsForAWindow(samples, triggers) ??
    worseThanStable(compared, triggers) ??
    worseThanBaseline(evidence, now) ??
    unhealthyForAWindow(samples, triggers) ??
    tooMuchMemory(samples, triggers) ??
    slower(evidence, elapsedMs) ??
    slowerThanStable(compared, triggers) ??
    endOfPhase(evidence, inPhase, elapsedMs, now);
  const { verdict } = decision;
  return {
    kind: decision.kind,
    verdict: { ...verdict, data: { ...verdict.data, ...evidenceData(compared, triggers) } },
  };
}

/** First deployments and returns to a known good version: nothing to compare with, so health decides. */
function unjudged(phase: Phase, now: Sample, elapsedMs: number): Decision {
  const data = { healthy: now.health.healthy, probes: now.health.total };
  const healthy = now.health.total > 0 && now.health.healthy === now.health.total;
  if (elapsedMs < phase.bakeMs || (!healthy && elapsedMs < phase.extendToMs)) {
    return wait('health', healthy ? 'healthy so far' : 'its health check does not answer', data);
  }
  if (healthy) return { kind: 'continue', verdict: passed('health', 'its health check answers', data) };
  const reason = `its health check has not answered for ${formatDuration(elapsedMs)}`;
  return { kind: 'roll_back', verdict: { kind: 'failed', rule: 'health', reason, data } };
}

function errorsAtOnce(seen: Stretch, triggers: Triggers): Decision | undefined {
  const { requests } = seen.candidate;
  const rate = errorRate(seen.candidate);
  if (requests < triggers.minimumSample || rate <= triggers.immediateErrorRate) return undefined;
  return rollBack(
    'error-rate',
    `${percent(rate)} of the candidate's ${requests} requests failed, over the ${percent(triggers.immediateErrorRate)} that roll back at once`,
    errorData(seen),
  );
}

function errorsForAWindow(samples: readonly Sample[], triggers: Triggers): Decision | undefined {
  const seen = stretch(samples, triggers.errorWindowMs);
  const rate = errorRate(seen.candidate);
  if (!covers(seen, triggers.errorWindowMs) || seen.candidate.requests < triggers.minimumSample)
    return undefined;
  if (rate <= triggers.errorRate) return undefined;
  return rollBack(
    'error-rate',
    `${percent(rate)} of the candidate's requests failed over ${formatDuration(triggers.errorWindowMs)}, more than ${percent(triggers.errorRate)}`,
    errorData(seen),
  );
}

function unhealthyForAWindow(samples: readonly Sample[], triggers: Triggers): Decision | undefined {
  const seen = stretch(samples, triggers.unhealthyWindowMs);
  if (!covers(seen, triggers.unhealthyWindowMs) || seen.probes === 0) return undefined;
  const share = (100 * (seen.probes - seen.healthy)) / seen.probes;
  if (share <= triggers.unhealthy) return undefined;
  return rollBack(
    'health',
    `${percent(share)} of the health probes failed over ${formatDuration(triggers.unhealthyWindowMs)}, more than ${percent(triggers.unhealthy)}`,
    { unhealthy: share, probes: seen.probes },
  );
}

/** Rolls back when the candidate fails more often than it did itself with its flag at 0 %, beyond chance. */
function worseThanBaseline({ baseline, triggers }: Evidence, now: Sample): Decision | undefined {
  if (!baseline) return undefined;
  const { counts } = baseline;
  const seen = since(baseline.until, now.candidate);
  if (counts.requests < triggers.minimumSample || seen.requests < triggers.minimumSample) return undefined;
  const { evidence, bound } = beyondBaseline(counts, seen, triggers);
  if (evidence < bound) return undefined;
  return rollBack(
    'baseline-evidence',
    `${percent(errorRate(seen))} of ${seen.requests} requests failed since the flag was raised, against ${percent(errorRate(counts))} of ${counts.requests} with the flag at 0 %`,
    {
      requests: seen.requests,
      errorRate: errorRate(seen),
      baselineErrorRate: errorRate(counts),
      evidence,
      evidenceBound: bound,
    },
  );
}

function slower({ samples, phase, triggers, baseline }: Evidence, elapsedMs: number): Decision | undefined {
  // Stable has no traffic then: the candidate is compared with itself.
  const against = (seen: Stretch) => (baseline ? { ...seen, stable: baseline.counts } : seen);
  const name = baseline ? 'its own' : "stable's";
  const lasting = against(stretch(samples, triggers.latencyWindowMs));
  const lasts = covers(lasting, triggers.latencyWindowMs) && slowdown(lasting, triggers, name);
  if (lasts) {
    return rollBack(
      'latency',
      `${lasts.reason}, for ${formatDuration(triggers.latencyWindowMs)}`,
      lasts.data,
    );
  }
  // One hiccup of the machine fills the slowest twentieth of a second or two: a breach is seen over a longer stretch.
  if (elapsedMs < Math.min(shortestLatencyMs, triggers.latencyWindowMs, phase.bakeMs)) return undefined;
  const first = slowdown(
    against(stretch(samples, Math.min(elapsedMs, triggers.latencyWindowMs))),
    triggers,
    name,
  );
  if (!first) return undefined;
  return {
    kind: 'pause',
    verdict: { kind: 'failed', rule: 'latency', reason: first.reason, data: first.data },
  };
}

/** How much slower the candidate's p95 is than stable's in one stretch, when that is a breach. */
function slowdown(
  seen: Stretch,
  triggers: Triggers,
  name: string,
): { reason: string; data: Verdict['data'] } | undefined {
  if (!seen.stable || seen.stable.requests < triggers.minimumSample) return undefined;
  if (seen.candidate.requests < triggers.minimumSample) return undefined;
  const candidate = quantile(histogramOf(seen.candidate), 0.95);
  const stable = quantile(histogramOf(seen.stable), 0.95);
  if (candidate === undefined || stable === undefined) return undefined;
  const increase = 100 * (candidate / stable - 1);
  if (increase <= triggers.latencyIncrease || candidate - stable < triggers.latencyToleranceMs)
    return undefined;
  return {
    reason: `the candidate's p95 is ${Math.round(candidate)} ms against ${name} ${Math.round(stable)} ms${name === 'its own' ? ' with the flag at 0 %' : ''}, +${Math.round(increase)} %`,
    data: { candidateP95: candidate, stableP95: stable, increase },
  };
}

function endOfPhase(evidence: Evidence, seen: Stretch, elapsedMs: number, now: Sample): Decision {
  const { phase, triggers } = evidence;
  const { requests } = seen.candidate;
  const rate = errorRate(seen.candidate);
  const data = errorData(seen);
  // What is judged is the end of the phase, as long as the window of errors: other numbers than the whole phase's.
  const lately = `in the last ${formatDuration(Math.round(seen.spanMs / 1000) * 1000)}`;
  if (elapsedMs < phase.bakeMs) {
    return wait('none', `${formatDuration(phase.bakeMs - elapsedMs)} of the phase left`, data);
  }
  const late = elapsedMs >= phase.extendToMs;
  if (requests < phase.minimumSample) {
    const reason = `${requests} requests reached the candidate ${lately}, ${phase.minimumSample} are needed to judge it`;
    return late
      ? { kind: 'pause', verdict: { kind: 'inconclusive', rule: 'sample', reason, data } }
      : wait('sample', reason, data);
  }
  if (rate > triggers.errorRate) {
    const reason = `${percent(rate)} of ${requests} requests failed ${lately}, more than ${percent(triggers.errorRate)}; watching whether it lasts`;
    return late
      ? { kind: 'pause', verdict: { kind: 'failed', rule: 'error-rate', reason, data } }
      : wait('error-rate', reason, data);
  }
  if (now.health.healthy < now.health.total || now.health.total === 0) {
    const reason = 'the health check does not answer';
    return late
      ? { kind: 'pause', verdict: { kind: 'failed', rule: 'health', reason, data } }
      : wait('health', reason, data);
  }
  const p95 = quantile(histogramOf(seen.candidate), 0.95);
  const reason = `${percent(rate)} of ${requests} requests failed ${lately}, p95 ${p95 === undefined ? 'unknown' : `${Math.round(p95)} ms`}, healthy`;
  return { kind: 'continue', verdict: passed('none', reason, { ...data, p95: p95 ?? null }) };
}

/** What happened in the last `ms` before the newest reading, from the youngest reading at least that old. */
function stretch(samples: readonly Sample[], ms: number): Stretch {
  const now = samples.at(-1);
  if (!now) return { candidate: emptyCounts(), stable: undefined, healthy: 0, probes: 0, spanMs: 0 };
  const end = Date.parse(now.at);
  let from = samples.length - 1;
  while (from > 0 && end - Date.parse(samples[from]?.at ?? now.at) < ms) from--;
  const start = samples[from] ?? now;
  let healthy = 0;
  let probes = 0;
  const seen = samples.slice(from);
  for (const sample of seen) {
    healthy += sample.health.healthy;
    probes += sample.health.total;
  }
  return {
    candidate: sinceFirst(seen.map(({ candidate }) => candidate)) ?? emptyCounts(),
    stable: now.stable && stableOf(seen, now.stable),
    healthy,
    probes,
    spanMs: end - Date.parse(start.at),
  };
}

/** Stable's counts of the same readings; in one that could not tell them nothing is known to have begun. */
function stableOf(seen: readonly Sample[], now: Counts): Counts {
  if (seen[0]?.stable === undefined) return now;
  return sinceFirst(seen.flatMap(({ stable }) => stable ?? [])) ?? now;
}

/**
 * Time since `from` in which nobody looked, or in which the clock was set forward: it does not count as watched. A gap is
 * one that is longer than a minute and than ten usual ones, since how often is looked is the environment's choice.
 */
function unwatchedMs(samples: readonly Sample[], from: string): number {
  const times = [from, ...samples.map(({ at }) => at).filter((at) => at > from)].map((at) => Date.parse(at));
  const gaps = times.slice(1).map((at, i) => at - (times[i] ?? at));
  if (!gaps.some((gap) => gap > 60_000)) return 0;
  const usual = gaps.toSorted((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 0;
  const longest = Math.max(60_000, 10 * usual);
  return gaps.reduce((sum, gap) => (gap > longest ? sum + gap : sum), 0);
}

function covers(seen: Stretch, windowMs: number): boolean {
  return seen.spanMs >= windowMs;
}

/** Percent of requests that failed; 0 when there was none. */
export function errorRate(counts: Counts): number {
  return counts.requests === 0 ? 0 : (100 * errorsOf(counts)) / counts.requests;
}

function errorData(seen: Stretch): Verdict['data'] {
  return {
    requests: seen.candidate.requests,
    errors: errorsOf(seen.candidate),
    errorRate: errorRate(seen.candidate),
    stableRequests: seen.stable?.requests ?? null,
    stableErrorRate: seen.stable ? errorRate(seen.stable) : null,
  };
}

function percent(rate: number): string {
  return `${rate >= 10 ? Math.round(rate) : Number(rate.toPrecision(2))} %`;
}

function passed(rule: string, reason: string, data: Verdict['data']): Verdict {
  return { kind: 'passed', rule, reason, data };
}

function wait(rule: string, reason: string, data: Verdict['data']): Decision {
  return { kind: 'wait', verdict: { kind: 'inconclusive', rule, reason, data } };
}

function rollBack(rule: string, reason: string, data: Verdict['data']): Decision {
  return { kind: 'roll_back', verdict: { kind: 'failed', rule, reason, data } };
}
