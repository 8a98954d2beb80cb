import type { Analysis, AnalysisRequest } from '../../domain/analysis.ts';
import type { HistoryRow, Patterns } from '../../domain/memory.ts';
import { agreementOf } from '../choices-agreement.ts';
import { bestOf } from './best.ts';
import { calibrationOf } from './calibration.ts';
import { claimsOf, comparisonsOf, type Grouping } from './comparisons.ts';
import {
  countedRows,
  exposedRows,
  failuresOf,
  inOrder,
  knownRow,
  succeeded,
  type KnownRow,
} from './counting.ts';
import { courseOf } from './course.ts';
import { doraOf } from './dora.ts';
import { everyKind, groupsOf, rowsInAPiece } from './groups.ts';
import { medianOf, shareOf } from './intervals.ts';
import { answersOf } from './questions.ts';
import { askedOfTests, featureRecord, learnedPatterns, selectionOf } from './learned.ts';
import { recommendationsOf } from './recommendations.ts';

/** What past deployments say: pure, from the history's rows with their facts, and from what was learned of them. */
export function analyse(request: AnalysisRequest, patterns: Patterns): Analysis {
  const pieces = analysing(request, patterns);
  for (;;) {
    const step = pieces.next();
    if (step.done) return step.value;
  }
}

/** The same in pieces: whoever drives it may do something else after each. */
export function* analysing(
  { rows, environment, now, changeModel }: AnalysisRequest,
  patterns: Patterns,
): Generator<void, Analysis, void> {
  const { known, looked } = yield* readable(rows, environment);
  yield;
  const counted = countedRows(known);
  const groupings: Partial<Record<(typeof everyKind)[number]['trend'], Grouping>> = {};
  for (const kind of everyKind) {
    groupings[kind.trend] = yield* groupsOf(counted, kind);
    yield;
  }
  const comparisons = comparisonsOf(Object.values(groupings).filter(({ group }) => group !== ''));
  yield;
  const timed = known.filter(({ kind, outcome }) => kind === 'deploy' && outcome === 'succeeded');
  const courses = yield* coursesOf(known, counted, timed);
  const { calibration, hope, agreement, ...trends } = answersOf({
    ...courses,
    timed,
    calibration: calibrationOf(counted),
    agreement: agreementOf(known),
  });
  yield;
  const dora = doraOf(known, environment, now);
  yield;
  const by = (trend: (typeof everyKind)[number]['trend']) => [...(groupings[trend]?.groups ?? [])];
  return {
    schema: 'orchestra/analysis@1',
    environment: environment ?? null,
    looked: { ...looked, counted: counted.length },
    patterns: learnedPatterns(patterns),
    features: patterns.features.map(featureRecord).sort((a, b) => b.blame - a.blame || b.n - a.n),
    trends: {
      ...trends,
      byType: by('byType'),
      bySize: by('bySize'),
      byBatch: by('byBatch'),
      byStrategy: by('byStrategy'),
      byEnvironment: by('byEnvironment'),
      byRiskFactor: by('byRiskFactor'),
      byTime: by('byTime'),
      byWeekday: by('byWeekday'),
      byHours: by('byHours'),
      byArea: by('byArea'),
      byExperience: by('byExperience'),
    },
    comparisons,
    claims: claimsOf(comparisons),
    best: bestOf(comparisons, counted.length),
    calibration,
    selection: selectionOf(patterns),
    agreement,
    dora,
    ...askedOfTests(patterns, environment),
    ...(changeModel === undefined ? {} : { changeModel }),
    recommendations: recommendationsOf(comparisons, { calibration, hope }),
  };
}

/** The rows that are meant and can be used, oldest first, each deployment once. */
function* readable(
  rows: readonly HistoryRow[],
  environment: string | undefined,
): Generator<void, { known: KnownRow[]; looked: Omit<Analysis['looked'], 'counted'> }, void> {
  const known: KnownRow[] = [];
  const seen = new Set<string>();
  let [misdated, factless] = [0, 0];
  for (const [i, row] of rows.entries()) {
    if (i % rowsInAPiece === rowsInAPiece - 1) yield;
    if ((environment !== undefined && row.environment !== environment) || seen.has(row.id)) continue;
    seen.add(row.id);
    const one = knownRow(row);
    if (one === undefined) factless += 1;
    else if (one === 'misdated') misdated += 1;
    else known.push(one);
  }
  return {
    known: inOrder(known),
    looked: {
      deployments: seen.size,
      unread: factless + misdated,
      ...(misdated > 0 ? { misdated } : {}),
    },
  };
}

function* coursesOf(known: readonly KnownRow[], counted: readonly KnownRow[], timed: readonly KnownRow[]) {
  const failures = new Set<string>();
  const byEnvironment = new Map<string, KnownRow[]>();
  for (const row of known) {
    const inside = byEnvironment.get(row.environment);
    if (inside) inside.push(row);
    else byEnvironment.set(row.environment, [row]);
  }
  yield;
  for (const inside of byEnvironment.values()) for (const id of failuresOf(inside).keys()) failures.add(id);
  yield;
  const success = courseOf(counted, (rows) => shareOf(countOf(rows, succeeded), rows.length));
  yield;
  const rollback = courseOf(exposedRows(known), (rows) =>
    shareOf(
      countOf(rows, ({ id }) => failures.has(id)),
      rows.length,
    ),
  );
  yield;
  const duration = courseOf(timed, (rows) => medianOf(rows.map(({ durationMs }) => durationMs)));
  yield;
  return { success, rollback, duration };
}

function countOf(rows: readonly KnownRow[], which: (row: KnownRow) => boolean): number {
  let count = 0;
  for (const row of rows) if (which(row)) count += 1;
  return count;
}
