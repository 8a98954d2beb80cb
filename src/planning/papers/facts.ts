import { breachOf, limitsOf } from '../../domain/measure-words.ts';
import type { Deployment } from '../../domain/deployment.ts';
import { formatDuration } from '../../domain/duration.ts';
import { shareWords } from '../../domain/share-words.ts';
import type { Outcome, ShippedFeature, Version } from '../../domain/event.ts';
import { formatInterval } from '../../domain/interval.ts';
import { errorsOf, histogramOf, quantile, type Sample } from '../../domain/sample.ts';

/** What several papers say of a deployment, worked out in one place. */

/** The revision that ships: the built candidate, or the revision that was named. */
export function shippedVersion(deployment: Deployment): Version | undefined {
  if (deployment.candidate.kind !== 'none') return deployment.candidate.version;
  const { source } = deployment;
  return source.kind === 'version' ? { sha: source.sha, name: source.ref } : undefined;
}

/** The shipped features that change the database schema. */
export function schemaChanges(deployment: Deployment): ShippedFeature[] {
  return deployment.source.features.filter((feature) => feature.flags.schema !== undefined);
}

/** REQUIREMENTS D9: a schema change makes any deployment HIGH RISK. */
export function isHighRisk(deployment: Deployment): boolean {
  return deployment.plan.risk === 'high' || schemaChanges(deployment).length > 0;
}

/** `HIGH RISK`, or the plan’s risk in small letters. */
export function riskLabel(deployment: Deployment): string {
  return isHighRisk(deployment) ? 'HIGH RISK' : `${deployment.plan.risk} risk`;
}

/** `90 % (78–96 %, n=12)`, or why there is no number. */
export function successChance(deployment: Deployment): string {
  const { risk } = deployment;
  if (!risk) return 'not assessed';
  return `${Math.round(risk.probability * 100)} % (90 % interval ${formatInterval(risk.interval)}, n=${risk.n})`;
}

export const bucketNames = {
  must: 'must include',
  recommended: 'recommended',
  optional: 'optional',
  not_recommended: 'not recommended',
} as const;

/** The marks a reader should see beside a feature. */
export function marksOf({ flags, pulledIn }: ShippedFeature): string[] {
  return [
    ...(flags.schema ? [flags.schema.destructive ? 'destructive schema change' : 'schema change'] : []),
    ...(flags.api?.breaking || flags.breaking ? ['breaking'] : flags.api ? ['API'] : []),
    ...(flags.dependencies ? ['dependencies'] : []),
    ...(flags.config ? ['configuration'] : []),
    ...(flags.infrastructure ? ['infrastructure'] : []),
    ...(flags.testsTouched ? [] : ['no tests touched']),
    ...(pulledIn ? ['needed by another'] : []),
  ];
}

/** Earliest start and end of each phase, in milliseconds after the rollout begins. */
export function schedule(
  deployment: Deployment,
): { name: string; share: string; fromMs: number; toMs: number }[] {
  let fromMs = 0;
  return deployment.plan.phases.map((planned) => {
    const phase = {
      name: planned.name,
      share: shareWords(planned),
      fromMs,
      toMs: fromMs + planned.bakeMs,
    };
    fromMs = phase.toMs;
    return phase;
  });
}

/** What takes a rollout back by itself, in words, from the frozen plan. */
export function rollbackTriggers({ plan: { triggers, measures = [] } }: Deployment): string[] {
  return [
    `more than ${triggers.immediateErrorRate} % errors: at once`,
    `more than ${triggers.errorRate} % errors for ${formatDuration(triggers.errorWindowMs)}`,
    ...(triggers.falseRollbackBudget > 0
      ? [
          `more errors than the old version at the same time, by more than chance explains (a false alarm in at most ${triggers.falseRollbackBudget} % of rollouts): at once`,
        ]
      : []),
    `p95 latency more than ${triggers.latencyIncrease} % above the old version's: a pause at first, taken back when it lasts ${formatDuration(triggers.latencyWindowMs)}`,
    `more than ${triggers.unhealthy} % of health checks failing for ${formatDuration(triggers.unhealthyWindowMs)}`,
    ...measures.filter(({ dryRun }) => !dryRun).map(breachOf),
  ];
}

/** What must hold for a phase to pass, in words. */
export function successCriteria(deployment: Deployment): string[] {
  const { triggers, measures = [] } = deployment.plan;
  return [
    `at least ${triggers.minimumSample} requests reached the new version`,
    `at most ${triggers.errorRate} % of them ended in an error`,
    `p95 latency is at most ${triggers.latencyIncrease} % above the old version's at the same time`,
    `at most ${triggers.unhealthy} % of health checks failed`,
    ...measures.filter(({ dryRun }) => !dryRun).map(limitsOf),
  ];
}

/** How it ended and why; undefined while that is open. */
export function outcomeOf(deployment: Deployment): { outcome: Outcome; reason: string } | undefined {
  const { status } = deployment;
  return status.kind === 'concluding' || status.kind === 'finished'
    ? { outcome: status.outcome, reason: status.reason }
    : undefined;
}

export const outcomeNames: Record<Outcome, string> = {
  succeeded: 'succeeded',
  rolled_back: 'rolled back',
  failed: 'failed',
  blocked: 'blocked before production',
  halted: 'halted for a person',
};

export interface SideNumbers {
  requests: number;
  errors: number;
  errorRate: string;
  p95: string;
}

/** One side of a reading, for people. Without requests there is no rate. */
export function numbersOf(counts: Sample['candidate'] | undefined): SideNumbers {
  if (!counts || counts.requests === 0) return { requests: 0, errors: 0, errorRate: '–', p95: '–' };
  const p95 = quantile(histogramOf(counts), 0.95);
  return {
    requests: counts.requests,
    errors: errorsOf(counts),
    errorRate: `${((100 * errorsOf(counts)) / counts.requests).toFixed(2)} %`,
    p95: p95 === undefined ? '–' : `${p95 < 10 ? p95.toFixed(1) : Math.round(p95)} ms`,
  };
}

/** An instant as papers show it: UTC, to the second. */
export function instant(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 19)} UTC`;
}

/** What became of a phase that began and did not pass, of a deployment that is over; undefined before it is. */
export function leftWords(deployment: Deployment): string | undefined {
  const outcome = outcomeOf(deployment)?.outcome;
  if (outcome === undefined) return undefined;
  return outcome === 'halted' ? '**left as it was**' : '**taken back**';
}
