import { grouped } from '../src/domain/gate-standing.ts';
import type { Deployment } from '../src/domain/deployment.ts';
import type { Event } from '../src/domain/event.ts';
import { caseName } from '../src/domain/case-name.ts';
import type { GateResult } from '../src/domain/gate.ts';
import type { SuitePlan } from '../src/domain/plan.ts';
import type { FailedCase } from '../src/domain/suite-result.ts';
import type { SuiteState } from '../src/domain/suite-result.ts';
import { openNeeds, underWay } from '../src/domain/suites-under-way.ts';
import type { Events } from './event-log.ts';
import type { Session, UiState } from './state.ts';

/** A line of Testing that the cursor can stand on: a suite, a test of it that failed, or a gate before production. */
export type TestingRow =
  | { kind: 'suite'; suite: SuitePlan; state: SuiteState | undefined; running: boolean; waitsFor: string[] }
  | { kind: 'case'; suite: SuitePlan; state: SuiteState; found: FailedCase }
  | { kind: 'gate'; gate: GateResult };

/** A row that belongs to a suite. */
export type SuiteRow = Exclude<TestingRow, { kind: 'gate' }>;

/** The tests that failed in a suite's last run; those of older journals by their line alone. */
function casesOf({ status, cases, failures = [] }: SuiteState): readonly FailedCase[] {
  if (status === 'passed') return [];
  return cases ?? failures.map((line) => ({ line, name: caseName(line) }));
}

/**
 * What is listed in Testing: suites that failed first, each with the tests that did, else in the plan's order; then the gates
 * before production, what needs somebody first.
 */
export function testingRows(deployment: Deployment | undefined): TestingRow[] {
  if (!deployment) return [];
  const { plan, suites } = deployment;
  const rows = plan.suites.map((suite) => ({
    suite,
    state: suites.find((s) => s.suite === suite.name),
    running: underWay(deployment, suite.name) !== undefined,
    waitsFor: openNeeds(deployment, suite),
  }));
  const failed = rows.filter(({ state, running }) => !running && state && state.status !== 'passed');
  const ofSuites = [...failed, ...rows.filter((row) => !failed.includes(row))].flatMap(
    (row): TestingRow[] => {
      const { suite, state, running } = row;
      const cases = state && !running ? casesOf(state) : [];
      return [
        { kind: 'suite', ...row },
        ...cases.map((found): TestingRow => ({ kind: 'case', suite, state: state as SuiteState, found })),
      ];
    },
  );
  const gates = grouped(deployment.gates?.before ?? []).map((gate): TestingRow => ({ kind: 'gate', gate }));
  return [...ofSuites, ...gates];
}

/** The suite that a row belongs to; undefined for a gate. */
export function suiteOf(row: TestingRow | undefined): SuitePlan | undefined {
  return row && row.kind !== 'gate' ? row.suite : undefined;
}

/** What tells a row from the others, wherever it stands. */
function keyOf(row: TestingRow): string {
  if (row.kind === 'gate') return `: ${row.gate.id}`;
  return row.kind === 'suite' ? row.suite.name : `${row.suite.name} ${row.found.name}`;
}

/**
 * Where the cursor stands in Testing: on the suite that runs, until the person goes elsewhere; from then on on the row
 * they went to, wherever that comes to stand, or on its suite once a test does not fail any more.
 */
export function testingAt({ session, deployment }: UiState): number {
  const rows = testingRows(deployment);
  const { pinned, cursors } = session;
  if (pinned && pinned.deployment === deployment?.id) {
    const at = rows.findIndex((row) => keyOf(row) === pinned.row);
    return Math.max(
      0,
      at >= 0 ? at : rows.findIndex((row) => pinned.row.startsWith(`${suiteOf(row)?.name} `)),
    );
  }
  const running = rows.findIndex((row) => row.kind === 'suite' && row.running);
  return Math.max(0, Math.min(running >= 0 ? running : cursors.testing, rows.length - 1));
}

/** The row at this place of Testing as the one the person went to. */
export function pinnedAt({ deployment }: UiState, at: number): Session['pinned'] {
  const row = testingRows(deployment)[at];
  return row && deployment ? { deployment: deployment.id, row: keyOf(row) } : undefined;
}

/** The newest event of that kind; undefined where the log has none. */
export function newest(events: Events, is: (event: Event) => boolean): Event | undefined {
  for (let i = events.length - 1; i >= 0; i -= 1) {
    const event = events.at(i);
    if (event && is(event)) return event;
  }
  return undefined;
}
