import type { Deployment } from '../domain/deployment.ts';
import type { Outcome } from '../domain/event.ts';
import type { Patterns, Tally } from '../domain/memory.ts';
import { batchOf, riskFlagsOf, sizeOfLines, wordOf } from '../domain/what-counts.ts';

/** A tally of the patterns: which table, and which row of it. */
export interface TallyKey {
  group: 'deployments' | 'type' | 'size' | 'flag' | 'batch' | 'hour';
  key: string;
}

/** What one deployment adds to the patterns, or why it adds nothing. */
export type Contribution =
  | { kind: 'counted'; outcome: Outcome; reason: string; success: boolean; keys: TallyKey[] }
  | { kind: 'not-counted'; outcome: Outcome; reason: string; why: string };

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
    ...rows(
      'size',
      features.map(({ additions, deletions }) => sizeOfLines(additions + deletions)),
    ),
    ...rows('flag', features.flatMap(riskFlagsOf)),
    ...(features.length > 0 ? rows('batch', [batchOf(features.length)]) : []),
    { group: 'hour', key: requestedAt.slice(11, 13) },
  ];
}

/** What a concluded deployment says about its changes; undefined while its outcome is not sure. */
export function contributionOf(deployment: Deployment): Contribution | undefined {
  const word = wordOf(deployment);
  if (!word) return undefined;
  const { outcome, reason } = word;
  if (word.kind === 'nothing') return { kind: 'not-counted', outcome, reason, why: word.why };
  // What a suite stopped says something of the features, and nothing of how production would have fared.
  const keys = word.kind === 'stopped' ? [] : keysOf(deployment);
  return { kind: 'counted', outcome, reason, success: word.kind === 'success', keys };
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

/** The patterns with one outcome more (`by` 1) or fewer (−1) in each of the rows. */
export function withOutcome(
  patterns: Patterns,
  keys: readonly TallyKey[],
  success: boolean,
  by: 1 | -1,
): Patterns {
  let next = patterns;
  for (const at of keys) {
    const tally = counted(tallyAt(next, at), success, by);
    next =
      at.group === 'deployments'
        ? { ...next, deployments: tally }
        : { ...next, [tables[at.group]]: { ...next[tables[at.group]], [at.key]: tally } };
  }
  return next;
}
