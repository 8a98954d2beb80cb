import { upcoming } from '../production/upcoming.ts';
import { counted } from '../../src/domain/counted.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import { formatDuration } from '../../src/domain/duration.ts';
import { usualMs } from '../../src/domain/suite-past.ts';
import { failingSuites, testsHold } from '../../src/domain/testing-verdict.ts';
import { suitesUnderWay } from '../../src/domain/suites-under-way.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { placeOf } from '../../store/paper-place.ts';
import { runShown } from '../../store/papers.ts';
import type { UiState } from '../../store/state.ts';
import { testingAt, testingRows, type SuiteRow, type TestingRow } from '../../store/testing-rows.ts';
import { standingWords } from '../../src/domain/gate-standing.ts';
import { failureLines } from '../deployment-text.ts';
import { windowOf, wrap } from '../fit.ts';
import { gateDetailLines, gateLine } from '../standing/gate-lines.ts';
import { heading, section } from '../panes/pane.ts';
import { blank, type Line, span } from '../theme.ts';
import { caseLine, leftText, suiteLine } from './suite-lines.ts';

/** How long each suite under way has been, milliseconds, by its name. */
function elapsedOf({ deployment, session }: UiState): ReadonlyMap<string, number> {
  const runs = deployment ? suitesUnderWay(deployment) : [];
  return new Map(
    runs.flatMap(({ effect, since }): [string, number][] =>
      since === '' ? [] : [[effect.suite.name, Math.max(0, session.now - Date.parse(since))]],
    ),
  );
}

/** How long all suites still take, where the past says so of each: as many at once as the plan says, none quicker than its longest. */
function leftWords(state: UiState, deployment: Deployment): string {
  const { suitePast } = state;
  const elapsed = elapsedOf(state);
  if (elapsed.size === 0 || !suitePast) return '';
  const rows = testingRows(deployment).filter((row) => row.kind === 'suite');
  const open = rows.filter((row) => row.running || !row.state);
  const lefts = open.map(({ suite, running }) => {
    const past = Object.hasOwn(suitePast, suite.name) ? suitePast[suite.name] : undefined;
    const usual = past && usualMs(past);
    return usual === undefined
      ? undefined
      : Math.max(0, usual - (running ? (elapsed.get(suite.name) ?? 0) : 0));
  });
  const known = lefts.filter((left) => left !== undefined);
  if (known.length === 0 || known.length < lefts.length) return '';
  const sum = known.reduce((total, left) => total + left, 0);
  const left = Math.max(...known, sum / (deployment.plan.parallelSuites ?? 1));
  // Where one takes longer than it usually does, nobody knows how much longer.
  return left > 0 ? ` · ${leftText(left)}` : '';
}

/** The pane's first line. */
export function testingHeading(state: UiState, deployment: Deployment, width: number): Line {
  const { suites } = deployment.plan;
  const failed = failingSuites(deployment).length;
  const passed = deployment.suites.length - failed;
  return heading(
    'Testing',
    [
      span(counted(suites.length, 'suite'), 'quiet'),
      span(passed > 0 ? ` · ✔ ${passed} passed` : '', 'ok'),
      span(failed > 0 ? ` · ✖ ${failed} failed` : '', 'bad'),
      span(leftWords(state, deployment), 'quiet'),
    ],
    width,
  );
}

/** Why nothing is tested, and what to do about it. */
function nothingTested({ plan }: Deployment, width: number): Line[] {
  const why = plan.suitesSkipped ?? 'orchestra.yaml names no suites: add them under suites:, one line each.';
  return wrap(safeText(why), width).map((text): Line => [span(text, 'warn')]);
}

/** What is to be done now, and what the suites left behind. */
function below(deployment: Deployment, now: number, width: number): Line[] {
  const { testing } = deployment.stages;
  const asked = testing.status === 'failed' && testsHold(deployment) && deployment.status.kind === 'waiting';
  const left = asked ? Date.parse(testing.finishedAt) + deployment.plan.pauseTimeoutMs - now : 0;
  const advice = `A failure blocks production. R runs the suite under the cursor again, a abandons the candidate${left > 0 ? `; without either it ends in ${formatDuration(left)}` : ''}.`;
  const waits = deployment.status.kind === 'waiting' ? upcoming(deployment, now) : [];
  return [
    ...(deployment.plan.suites.length === 0 ? nothingTested(deployment, width) : []),
    ...waits.flatMap((sentence) =>
      wrap(sentence, width - 2).map((text, i): Line => [span(i === 0 ? '◷ ' : '  ', 'warn'), span(text)]),
    ),
    ...(deployment.gates?.before
      ? [[span('gates before production ', 'quiet'), span(standingWords(deployment.gates.before))]]
      : []),
    ...(asked
      ? wrap(advice, width - 2).map((text, i): Line => [span(i === 0 ? '→ ' : '  ', 'accent'), span(text)])
      : []),
    ...(deployment.testReport
      ? [[span('report ', 'quiet'), span(safeText(placeOf(deployment.testReport, deployment)))]]
      : []),
    ...(testing.status === 'failed' ? failureLines(deployment, width).slice(0, 3) : []),
  ];
}

/** The end of what the suite under the cursor wrote: live while it runs, its last lines afterwards. */
function tailOf(row: SuiteRow | undefined, { deployment, output }: UiState): readonly string[] {
  if (!row || !deployment) return [];
  const { name } = row.suite;
  const live = output?.suite === name && output.run === runShown(deployment, name) ? output.lines : [];
  if (row.kind === 'suite' && row.running) return live;
  const tail = row.state?.tail ?? [];
  // What was read live goes further back, once it is read to its end.
  return live.length > tail.length && live.at(-1) === tail.at(-1) ? live : tail;
}

/** In fewer lines than this a gate's finding has no heading. */
const fewLines = 8;

/** What stands below the list about the row under the cursor: a gate's finding from its beginning, a suite's output to its end. */
function aboutRow(
  row: TestingRow,
  state: UiState,
  deployment: Deployment,
  { width, room }: { width: number; room: number },
): Line[] {
  if (row.kind === 'gate')
    return [section(safeText(row.gate.title, 60), width), ...gateDetailLines(row.gate, width).slice(0, room)];
  const tail = tailOf(row, state);
  const run = runShown(deployment, row.suite.name);
  return [
    section(`output of ${safeText(row.suite.name)}${run === undefined ? '' : `, run ${run}`}`, width),
    ...(tail.length === 0
      ? [[span('nothing yet', 'quiet')]]
      : tail.slice(-room).map((text): Line => [span(safeText(text))])),
  ];
}

export interface DrawnRow {
  line: Line;
  /** A moving mark stands in its second cell. */
  moving: boolean;
  selected: boolean;
  /** The cursor stands on it, whatever has the keys. */
  current: boolean;
}

/** Testing under its heading, in `height` lines: the suites and what failed in them, what to do, the output. Pure. */
export function testingLines(
  state: UiState,
  deployment: Deployment,
  width: number,
  height: number,
): { rows: DrawnRow[]; lines: Line[] } {
  const rows = testingRows(deployment);
  const at = testingAt(state);
  const elapsed = elapsedOf(state);
  const focused = state.session.focus === 'main';
  // Where there is hardly any room, what a gate found is worth more than what they come to together.
  const tight = height < fewLines && rows[at]?.kind === 'gate';
  const told = tight ? [] : below(deployment, state.session.now, width);
  // The list never takes so much that nothing of the output is left.
  const room = Math.max(1, Math.min(rows.length, height - told.length - 5));
  const { from, to } = windowOf(rows.length, at, room);
  const drawn = rows.slice(from, to).map((row, i): DrawnRow => {
    const current = from + i === at;
    if (row.kind === 'gate')
      return {
        line: gateLine(row.gate, { current, width }),
        moving: false,
        selected: current && focused,
        current,
      };
    const { suitePast } = state;
    const past =
      suitePast && Object.hasOwn(suitePast, row.suite.name) ? suitePast[row.suite.name] : undefined;
    return row.kind === 'suite'
      ? {
          line: suiteLine(row, { current, elapsedMs: elapsed.get(row.suite.name), past, width }),
          moving: row.running,
          selected: current && focused && !row.running,
          current,
        }
      : {
          line: caseLine(row, { current, past, width }),
          moving: false,
          selected: current && focused,
          current,
        };
  });
  const row = rows[at];
  const rest = height - drawn.length - told.length - 1;
  return {
    rows: drawn,
    lines: [
      ...(tight ? [] : [blank]),
      ...told,
      ...(row?.kind === 'gate' && tight ? gateDetailLines(row.gate, width) : []),
      ...(row && rest > 1 && !tight ? aboutRow(row, state, deployment, { width, room: rest - 1 }) : []),
    ],
  };
}
