import type { Deployment } from '../../../domain/deployment.ts';
import { formatDuration } from '../../../domain/duration.ts';
import { html, type Html, type HtmlValue } from '../../../domain/html.ts';
import { safeLines, safeText } from '../../../domain/safe-text.ts';
import type { CasesBySuite } from '../../../domain/suite-cases.ts';
import { passedRuns, runsOf } from '../../../domain/suite-run.ts';
import type { SuiteState } from '../../../domain/suite-result.ts';
import { Budget } from './budget.ts';

/** One test that failed, from the report of its runner, else from its output. */
export interface FailedTest {
  suite: string;
  name: string;
  group?: string | undefined;
  message?: string | undefined;
  place?: string | undefined;
  durationMs?: number | undefined;
  /** Whether it failed before, and whether it is known to fail only sometimes. */
  history: string;
}

/** What all failures together may take of a page, bytes. */
const mostBytes = 400_000;
/** So many stand open; what is to be done about them must not be far below. */
const openOnes = 8;

/** The tests that failed in a suite's last run: each of its report's, else what its output names. */
function failedOf(state: SuiteState, cases: CasesBySuite): Omit<FailedTest, 'suite' | 'history'>[] {
  const read = cases.get(state.suite);
  const all = read?.kind === 'read' ? read.cases.filter(({ status }) => status === 'failed') : [];
  return all.length > 0 ? all : (state.cases ?? []);
}

/** The sentence about a test's past: on this candidate, and in earlier deployments. */
function historyOf({ flakyPast }: Deployment, state: SuiteState, name: string): string {
  const { earlier = [] } = state;
  const failedBefore = earlier.filter(({ cases = [] }) => cases.some((one) => one.name === name)).length;
  const past = flakyPast && Object.hasOwn(flakyPast, state.suite) ? flakyPast[state.suite] : undefined;
  const times = past && Object.hasOwn(past.cases, name) ? past.cases[name] : undefined;
  return [
    ...(earlier.length > 0
      ? [
          failedBefore === earlier.length
            ? `failed in all ${runsOf(state)} runs on this candidate`
            : `failed in ${failedBefore + 1} of ${runsOf(state)} runs on this candidate: flaky`,
        ]
      : []),
    ...(times === undefined
      ? []
      : [`flaky before: it both passed and failed on ${times} of ${past?.candidates} earlier candidates`]),
  ].join('; ');
}

/** Every test that failed, in the order of the suites. */
export function failedTests(d: Deployment, cases: CasesBySuite): FailedTest[] {
  return d.suites
    .filter(({ status }) => status !== 'passed')
    .flatMap((state) =>
      failedOf(state, cases).map(({ name, message, place, ...more }) => ({
        ...more,
        suite: state.suite,
        name,
        message,
        place,
        history: historyOf(d, state, name),
      })),
    );
}

function failure(one: FailedTest): Html {
  const lines = one.message === undefined ? [] : safeLines(one.message, 40).map((line) => line.slice(0, 500));
  const facts = [
    safeText(one.suite, 100),
    ...(one.group === undefined ? [] : [safeText(one.group, 300)]),
    ...(one.durationMs === undefined ? [] : [formatDuration(one.durationMs)]),
  ];
  return html`<section class="suite fault">
    <h3><span class="failed">✖ failed</span> ${safeText(one.name, 500)}</h3>
    <p>${facts.join(' · ')}</p>
    ${one.place === undefined ? '' : html`<p>at <code>${safeText(one.place, 300)}</code></p>`}
    ${one.history === '' ? '' : html`<p>${safeText(one.history, 300)}</p>`}
    ${lines.length === 0 ? '' : html`<pre tabindex="0">${lines.join('\n')}</pre>`}
  </section>`;
}

/** Tests that failed in an earlier run on this candidate and not in the last one. */
function unsteady(d: Deployment): Html[] {
  return d.suites.flatMap((state) => {
    const now = new Set((state.cases ?? []).map(({ name }) => name));
    const then = new Set((state.earlier ?? []).flatMap(({ cases = [] }) => cases.map(({ name }) => name)));
    return [...then]
      .filter((name) => !now.has(name) && passedRuns(state) > 0)
      .slice(0, 50)
      .map((name) => html`<li>${safeText(name, 300)} (${safeText(state.suite, 100)})</li>`);
  });
}

/** What failed, before everything else: with what it said, where, and whether it did so before. Nothing where nothing did. */
export function failuresSection(d: Deployment, cases: CasesBySuite): HtmlValue {
  const all = failedTests(d, cases);
  const budget = new Budget(mostBytes);
  const shown = all.map(failure).filter((piece) => budget.has(piece));
  const flaky = unsteady(d);
  if (shown.length === 0 && flaky.length === 0) return undefined;
  return html`<h2 id="failed">What failed</h2>
    ${shown.slice(0, openOnes)}
    ${
      shown.length > openOnes
        ? html`<details>
            <summary>${shown.length - openOnes} more that failed</summary>
            ${shown.slice(openOnes)}
          </details>`
        : ''
    }
    ${shown.length < all.length ? html`<p>${all.length - shown.length} more failed: they stand among all tests, and in the suite's output.</p>` : ''}
    ${
      flaky.length > 0
        ? html`<h3>Failed before on this very candidate, and not in the last run</h3>
            <ul>
              ${flaky}
            </ul>`
        : ''
    }`;
}
