import { latencyLogEvidence, slowestQuantile } from './latency-evidence.ts';
import type { Triggers } from './plan.ts';
import { logBound, logEvidence, type Tally } from './sequential.ts';
import type { SideBySide } from './side-by-side.ts';
import type { Decision, Verdict } from './verdict.ts';

/** The fewest requests of the candidate that say anything: fewer can be one visit to one page. */
export const fewestRequests = 5;

/**
 * Rolls back when the candidate fails more often than stable at the same time, beyond what the false-rollback budget lets
 * pass for chance. Valid at every look, so it needs no window; the minimum sample is that of both sides together, since
 * both are what it looks at.
 */
export function worseThanStable(compared: SideBySide, triggers: Triggers): Decision | undefined {
  const { ratios, candidate, stable } = compared.errors;
  if (!enough(candidate, stable, triggers)) return undefined;
  if (logEvidence(ratios) < logBound(triggers.falseRollbackBudget)) return undefined;
  const reason = `${percentOf(candidate)} of the candidate's ${whole(candidate.requests)} requests failed, against ${percentOf(stable)} of stable's ${whole(stable.requests)} at the same time; ${chance('worse', triggers)}`;
  return {
    kind: 'roll_back',
    verdict: { kind: 'failed', rule: 'error-evidence', reason, data: evidenceData(compared, triggers) },
  };
}

/**
 * Pauses when the candidate is slower than stable at the same time, by the same test. It never rolls back by itself: how
 * long a slowness may last, and how large it may be, is `latency_window` and `latency_increase`.
 */
export function slowerThanStable(compared: SideBySide, triggers: Triggers): Decision | undefined {
  if (!compared.latency) return undefined;
  const shown = slowestQuantile(compared.latency);
  if (!shown || !enough(shown.candidate, shown.stable, triggers)) return undefined;
  if (latencyLogEvidence(compared.latency) < logBound(triggers.falseRollbackBudget)) return undefined;
  const { share, candidate, stable } = shown;
  const reason = `the candidate is slower than stable at the same time: ${percentOf(candidate)} of its ${whole(candidate.requests)} answers took longer than ${Math.round(100 * share)} % of stable's earlier ones, of stable's ${whole(stable.requests)} ${percentOf(stable)}; ${chance('slower', triggers)}`;
  return {
    kind: 'pause',
    verdict: { kind: 'failed', rule: 'latency-evidence', reason, data: evidenceData(compared, triggers) },
  };
}

/**
 * The evidence beside what it must reach, as natural logarithms: it begins at 0, falls while nothing is wrong, and speaks
 * at the bound. Empty when the comparison is off.
 */
export function evidenceData(compared: SideBySide, triggers: Triggers): Verdict['data'] {
  const bound = logBound(triggers.falseRollbackBudget);
  if (!Number.isFinite(bound)) return {};
  const { ratios, candidate, stable } = compared.errors;
  return {
    errorEvidence: logEvidence(ratios),
    latencyEvidence: compared.latency ? latencyLogEvidence(compared.latency) : null,
    evidenceBound: bound,
    comparedRequests: candidate.requests,
    comparedFailures: candidate.events,
    comparedStableRequests: stable.requests,
    comparedStableFailures: stable.events,
  };
}

function enough(candidate: Tally, stable: Tally, triggers: Triggers): boolean {
  return (
    candidate.requests >= fewestRequests && candidate.requests + stable.requests >= triggers.minimumSample
  );
}

function chance(word: string, { falseRollbackBudget }: Triggers): string {
  const once = Math.round(100 / falseRollbackBudget);
  return `one that is no ${word} would look like this at most once in ${whole(once)} rollouts`;
}

function whole(n: number): string {
  return n.toLocaleString('en');
}

function percentOf({ requests, events }: Tally): string {
  const share = requests === 0 ? 0 : (100 * events) / requests;
  return `${share >= 10 ? Math.round(share) : Number(share.toPrecision(2))} %`;
}
