import type { Analysis, FeatureRecord, Group, LearnedPattern } from '../../domain/analysis.ts';
import type { Patterns, Tally } from '../../domain/memory.ts';
import { askWords, isOpen, successesNeeded } from '../../domain/test-requirement.ts';
import { whatOf } from '../pattern-words.ts';
import { shareOf } from './intervals.ts';

/** What past failures ask of the tests of the next deployments, the newest first. */
export function askedOfTests(
  { testRequirement = [] }: Patterns,
  environment: string | undefined,
): Pick<Analysis, 'testRequirement'> {
  const open = testRequirement.filter(
    (one) => isOpen(one) && (environment === undefined || one.environment === environment),
  );
  if (open.length === 0) return {};
  return {
    testRequirement: open.toReversed().map((one) => ({
      environment: one.environment,
      what: askWords(one),
      evidence: one.evidence,
      met: one.met.length,
      needed: successesNeeded,
    })),
  };
}

/** The tallies of the patterns, those with most outcomes first within each group. */
export function learnedPatterns(patterns: Patterns): LearnedPattern[] {
  const { deployments, byType, bySize, byFlag, byBatch, byHour } = patterns;
  const tables = { type: byType, size: bySize, flag: byFlag, batch: byBatch, hour: byHour };
  const row = (group: string, key: string, tally: Tally): LearnedPattern => {
    const n = tally.succeeded + tally.failed;
    const { interval } = shareOf(tally.succeeded, n);
    return { group, key, what: whatOf({ group, key }), succeeded: tally.succeeded, n, interval };
  };
  return [
    row('deployments', 'all', deployments),
    ...Object.entries(tables).flatMap(([group, table]) =>
      Object.entries(table)
        .map(([key, tally]) => row(group, key, tally))
        .sort((a, b) => b.n - a.n || (a.key < b.key ? -1 : 1)),
    ),
  ];
}

/** How one feature fared, and its share of the blame. */
export function featureRecord({ id, title, deployments }: Patterns['features'][number]): FeatureRecord {
  const ended = deployments.filter(({ outcome }) => outcome !== 'halted');
  const well = ended.filter(({ outcome }) => outcome === 'succeeded').length;
  return {
    id,
    title,
    succeeded: well,
    n: ended.length,
    interval: shareOf(well, ended.length).interval,
    blame: ended.reduce((sum, { blame }) => sum + blame, 0),
  };
}

/** How often what was in each bucket was taken. */
export function selectionOf({ choices }: Patterns): Group[] {
  return Object.entries(choices).map(([key, { taken, left }]) => ({ key, ...shareOf(taken, taken + left) }));
}
