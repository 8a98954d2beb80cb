import type {
  Analysis,
  AnalysisRequest,
  FeatureRecord,
  Group,
  LearnedPattern,
} from '../../domain/analysis.ts';
import type { Patterns, Tally } from '../../domain/memory.ts';
import { askWords, isOpen, successesNeeded } from '../../domain/test-requirement.ts';
import { whatOf } from '../pattern-words.ts';
import { calibrationOf } from './calibration.ts';
import { countedRows, exposedRows, failuresOf, knownRows, succeeded, type KnownRow } from './counting.ts';
import { courseOf, medianChange, shareChange } from './course.ts';
import { doraOf } from './dora.ts';
import { comparisonsOf } from './groups.ts';
import { medianOf, shareOf } from './intervals.ts';
import { recommendationsOf } from './recommendations.ts';

/** What past deployments say: pure, from the history's rows with their facts, and from what was learned of them. */
export function analyse({ rows, environment, now }: AnalysisRequest, patterns: Patterns): Analysis {
  const wanted = rows.filter((row) => environment === undefined || row.environment === environment);
  const known = knownRows(wanted);
  const counted = countedRows(known);
  const groups = comparisonsOf(counted);
  const calibration = calibrationOf(counted);
  const share = (some: readonly KnownRow[]) => shareOf(some.filter(succeeded).length, some.length);
  return {
    schema: 'orchestra/analysis@1',
    environment: environment ?? null,
    looked: { deployments: wanted.length, counted: counted.length, unread: wanted.length - known.length },
    patterns: learnedPatterns(patterns),
    features: patterns.features.map(featureRecord).sort((a, b) => b.blame - a.blame || b.n - a.n),
    trends: { ...coursesOf(known, counted), ...groups },
    calibration,
    selection: selectionOf(patterns),
    dora: doraOf(known, environment, now),
    ...askedOfTests(patterns, environment),
    recommendations: recommendationsOf(groups, calibration, {
      deployments: share(counted),
      withFeatures: share(counted.filter(({ features }) => features.length > 0)),
    }),
  };
}

/** What past failures ask of the tests of the next deployments, the newest first. */
function askedOfTests(
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

function coursesOf(known: readonly KnownRow[], counted: readonly KnownRow[]) {
  const successes = new Set(counted.filter(succeeded).map(({ id }) => id));
  const failures = new Set<string>();
  for (const name of new Set(known.map((row) => row.environment)))
    for (const id of failuresOf(known.filter((row) => row.environment === name)).keys()) failures.add(id);
  return {
    success: courseOf(counted, {
      of: (rows) => shareOf(rows.filter(({ id }) => successes.has(id)).length, rows.length),
      compare: shareChange,
    }),
    rollback: courseOf(exposedRows(known), {
      of: (rows) => shareOf(rows.filter(({ id }) => failures.has(id)).length, rows.length),
      compare: shareChange,
    }),
    duration: courseOf(
      known.filter(({ kind, outcome }) => kind === 'deploy' && outcome === 'succeeded'),
      { of: (rows) => medianOf(rows.map(({ durationMs }) => durationMs)), compare: medianChange },
    ),
  };
}

/** The tallies of the patterns, those with most outcomes first within each group. */
function learnedPatterns(patterns: Patterns): LearnedPattern[] {
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

function featureRecord({ id, title, deployments }: Patterns['features'][number]): FeatureRecord {
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

function selectionOf({ choices }: Patterns): Group[] {
  return Object.entries(choices).map(([key, { taken, left }]) => ({ key, ...shareOf(taken, taken + left) }));
}
