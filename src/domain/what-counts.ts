import { failureWords } from './after-action.ts';
import type { Deployment } from './deployment.ts';
import type { Outcome, ShippedFeature } from './event.ts';

/**
 * What a deployment says of its changes, decided here for learning and analysis alike (docs/analysis.md): `success` and
 * `failure` in production; `stopped` by a suite, before any user; or `nothing`, and why.
 */
export type Word =
  | { kind: 'success' | 'failure' | 'stopped'; outcome: Outcome; reason: string }
  | { kind: 'nothing'; outcome: Outcome; reason: string; why: string };

/** Failures of the candidate itself, as against those of the machine or the set-up. */
const candidateFaults = new Set(['build-failed', 'migrate-failed', 'start-exited', 'never-healthy']);

/** What a concluded deployment says of its changes; undefined while its outcome is not sure. */
export function wordOf(deployment: Deployment): Word | undefined {
  const { status, kind, suites, failure } = deployment;
  if (status.kind !== 'concluding' && status.kind !== 'finished') return undefined;
  const { outcome, reason } = status;
  const nothing = (why: string): Word => ({ kind: 'nothing', outcome, reason, why });
  if (kind === 'rollback')
    return nothing('going back to a version that ran before says nothing new about a change');
  switch (outcome) {
    case 'succeeded':
      return { kind: 'success', outcome, reason };
    case 'rolled_back':
      return outsideOf(deployment, reason)
        ? nothing('a check or hook outside of its changes failed')
        : { kind: 'failure', outcome, reason };
    case 'blocked':
      // The gate did its work: it says something of the features, and nothing of how production would have fared.
      return suites.some((suite) => suite.status !== 'passed')
        ? { kind: 'stopped', outcome, reason }
        : nothing('it was stopped before its changes were tested');
    case 'failed':
      return failure && candidateFaults.has(failure.code)
        ? { kind: 'failure', outcome, reason }
        : nothing('it failed for a reason outside of its changes');
    case 'halted':
      return nothing('it stands still until a person decides');
    default:
      return outcome satisfies never;
  }
}

/** Whether what took it back was a hook, or what the service needs of others: no change is to blame for that. */
function outsideOf({ actions }: Deployment, reason: string): boolean {
  const failed = actions.findLast(({ status }) => status === 'failed');
  return failed !== undefined && failed.kind !== 'smoke' && failureWords(failed) === reason;
}

/** `small` < 50 changed lines, `medium` < 400, else `large`. */
export function sizeOfLines(lines: number): 'small' | 'medium' | 'large' {
  return lines < 50 ? 'small' : lines < 400 ? 'medium' : 'large';
}

/** `1`, `2-5`, `6-15` or `16+`. */
export function batchOf(features: number): string {
  return features <= 1 ? '1' : features <= 5 ? '2-5' : features <= 15 ? '6-15' : '16+';
}

/** The risk factors that a feature's flags stand for, as the patterns name them. */
export function riskFlagsOf({ flags }: Pick<ShippedFeature, 'flags'>): string[] {
  return [
    ...(flags.schema ? [flags.schema.destructive ? 'schema-destructive' : 'schema'] : []),
    ...(flags.api ? [flags.api.breaking ? 'api-breaking' : 'api'] : []),
    ...(flags.breaking ? ['breaking'] : []),
    ...(flags.dependencies ? ['dependencies'] : []),
    ...(flags.config ? ['config'] : []),
    ...(flags.infrastructure ? ['infrastructure'] : []),
    ...(flags.testsTouched ? [] : ['no-tests']),
  ];
}
