import { failureWords } from '../domain/after-action.ts';
import type { Deployment } from '../domain/deployment.ts';
import type { Outcome, ShippedFeature } from '../domain/event.ts';
import type { Patterns, Tally } from '../domain/memory.ts';

/** A tally of the patterns: which table, and which row of it. */
export interface TallyKey {
  group: 'deployments' | 'type' | 'size' | 'flag' | 'batch' | 'hour';
  key: string;
}

/** What one deployment adds to the patterns, or why it adds nothing. */
export type Contribution =
  | { kind: 'counted'; outcome: Outcome; reason: string; success: boolean; keys: TallyKey[] }
  | { kind: 'not-counted'; outcome: Outcome; reason: string; why: string };

/** Failures of the candidate itself, as against those of the machine or the set-up. */
const candidateFaults = new Set(['build-failed', 'migrate-failed', 'start-exited', 'never-healthy']);

/** `small` < 50 changed lines, `medium` < 400, else `large`. */
export function sizeOf({ additions, deletions }: Pick<ShippedFeature, 'additions' | 'deletions'>): string {
  const lines = additions + deletions;
  return lines < 50 ? 'small' : lines < 400 ? 'medium' : 'large';
}

/** `1`, `2-5`, `6-15` or `16+`. */
function batchOf(features: number): string {
  return features <= 1 ? '1' : features <= 5 ? '2-5' : features <= 15 ? '6-15' : '16+';
}

function flagNamesOf({ flags }: Pick<ShippedFeature, 'flags'>): string[] {
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

/**
 * A deployment counts once in every row that applies to it, however many of its features do: what is counted are
 * deployments, so that n is the number of independent outcomes.
 */
function keysOf({ source, requestedAt }: Deployment): TallyKey[] {
  const { features } = source;
  const rows = (group: TallyKey['group'], keys: string[]): TallyKey[] =>
    [...new Set(keys)].sort().map((key) => ({ group, key }));
  return [
    { group: 'deployments', key: 'all' },
    ...rows(
      'type',
      features.map((feature) => feature.type),
    ),
    ...rows('size', features.map(sizeOf)),
    ...rows('flag', features.flatMap(flagNamesOf)),
    ...(features.length > 0 ? rows('batch', [batchOf(features.length)]) : []),
    { group: 'hour', key: requestedAt.slice(11, 13) },
  ];
}

/** What a concluded deployment says about its changes; undefined while its outcome is not sure. */
export function contributionOf(deployment: Deployment): Contribution | undefined {
  const { status, kind, suites, failure } = deployment;
  if (status.kind !== 'concluding' && status.kind !== 'finished') return undefined;
  const { outcome, reason } = status;
  const no = (why: string): Contribution => ({ kind: 'not-counted', outcome, reason, why });
  const yes = (success: boolean, keys = keysOf(deployment)): Contribution => ({
    kind: 'counted',
    outcome,
    reason,
    success,
    keys,
  });
  if (kind === 'rollback')
    return no('going back to a version that ran before says nothing new about a change');
  switch (outcome) {
    case 'succeeded':
      return yes(true);
    case 'rolled_back':
      return outsideOf(deployment, reason) ? no('a check or hook outside of its changes failed') : yes(false);
    case 'blocked':
      // The gate did its work: it says something of the features, and nothing of how production would have fared.
      return suites.some((suite) => suite.status !== 'passed')
        ? yes(false, [])
        : no('it was stopped before its changes were tested');
    case 'failed':
      return failure && candidateFaults.has(failure.code)
        ? yes(false)
        : no('it failed for a reason outside of its changes');
    case 'halted':
      return no('it stands still until a person decides');
    default:
      return outcome satisfies never;
  }
}

/** Whether what took it back was a hook, or what the service needs of others: no change is to blame for that. */
function outsideOf({ actions }: Deployment, reason: string): boolean {
  const failed = actions.findLast(({ status }) => status === 'failed');
  return failed !== undefined && failed.kind !== 'smoke' && failureWords(failed) === reason;
}

const tables = { type: 'byType', size: 'bySize', flag: 'byFlag', batch: 'byBatch', hour: 'byHour' } as const;
const none: Tally = { succeeded: 0, failed: 0 };

/** The tally that `key` has in its group of the patterns; of nothing seen yet where it has none. */
export function tallyAt(patterns: Patterns, { group, key }: TallyKey): Tally {
  if (group === 'deployments') return patterns.deployments;
  const table = patterns[tables[group]];
  return Object.hasOwn(table, key) ? (table[key] ?? none) : none;
}

/** One outcome more (`by` 1) or fewer (−1) in a tally, never below nothing. */
export function counted(tally: Tally, success: boolean, by: 1 | -1): Tally {
  return success
    ? { ...tally, succeeded: Math.max(0, tally.succeeded + by) }
    : { ...tally, failed: Math.max(0, tally.failed + by) };
}

/** The patterns with one more outcome in each of the rows. */
export function withOutcome(patterns: Patterns, keys: readonly TallyKey[], success: boolean): Patterns {
  let next = patterns;
  for (const at of keys) {
    const tally = counted(tallyAt(next, at), success, 1);
    next =
      at.group === 'deployments'
        ? { ...next, deployments: tally }
        : { ...next, [tables[at.group]]: { ...next[tables[at.group]], [at.key]: tally } };
  }
  return next;
}
