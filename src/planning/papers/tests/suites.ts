import { formatDuration } from '../../../domain/duration.ts';
import { html, Html, type HtmlValue } from '../../../domain/html.ts';
import { safeText } from '../../../domain/safe-text.ts';
import type { CasesBySuite, SuiteCases } from '../../../domain/suite-cases.ts';
import { runCounts } from '../../../domain/suite-run.ts';
import type { SuiteState } from '../../../domain/suite-result.ts';
import type { CaseCounts } from '../../../domain/test-case.ts';
import type { SuiteRow } from './rows.ts';

const words = {
  passed: '✔ passed',
  failed: '✖ failed',
  timed_out: '◷ timed out',
  not_run: '– not run',
} as const;

/** `12 tests: 10 passed, 1 failed, 1 skipped`. */
function countWords({ total, passed, failed, skipped }: CaseCounts): string {
  const parts = [
    `${passed} passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ];
  return `${total} tests: ${parts.join(', ')}`;
}

function factsOf(result: SuiteState): string[] {
  const runs = runCounts(result);
  const { coverage } = result;
  return [
    formatDuration(result.durationMs),
    `exit code ${result.exitCode ?? 'none'}`,
    ...(result.counts ? [countWords(result.counts)] : []),
    ...(runs === undefined ? [] : [runs]),
    ...(coverage && coverage.total > 0
      ? [
          `${((100 * coverage.covered) / coverage.total).toFixed(1)} % of ${coverage.total} lines covered (${safeText(coverage.source, 100)})`,
        ]
      : []),
    `whole output: ${safeText(result.log, 300)}`,
  ];
}

/** Why not every test can be listed, where that is so. */
function gapOf(result: SuiteState, read: SuiteCases | undefined): string | undefined {
  if (result.reportProblem !== undefined)
    return `Its report could not be read: ${safeText(result.reportProblem, 300)}. What counts is its exit code.`;
  switch (read?.kind) {
    case undefined:
      return undefined;
    case 'missing':
      return `The file of its tests, ${safeText(result.casesFile?.path ?? '', 300)}, is not there any more: they are not listed.`;
    case 'differs':
      return `The file of its tests, ${safeText(result.casesFile?.path ?? '', 300)}, is not the one that the journal names (SHA-256 differs): it is not believed, and its tests are not listed.`;
    case 'read':
      return read.unreadable > 0
        ? `${read.unreadable} lines of the file of its tests are no tests; they are left out.`
        : undefined;
    default:
      return read satisfies never;
  }
}

function measured({ measurements = [] }: SuiteState): HtmlValue {
  if (measurements.length === 0) return undefined;
  return html`<p>Measured:</p>
    <ul>
      ${measurements.slice(0, 50).map(({ name, value, unit, higherIsBetter }) => html`<li>${safeText(name, 200)}: ${Number(value.toPrecision(6))} ${safeText(unit ?? '', 20)}${higherIsBetter ? ' (more is better)' : ''}</li>`)}
    </ul>`;
}

const severities = ['critical', 'high', 'moderate', 'low', 'info'] as const;

function found({ findings = [] }: SuiteState): HtmlValue {
  if (findings.length === 0) return undefined;
  const sorted = findings.toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity));
  return html`<p>Found, what is worst first:</p>
    <ul>
      ${sorted.slice(0, 200).map(({ severity, title, place }) => html`<li><strong>${severity}</strong>: ${safeText(title, 500)}${place === undefined ? '' : html` at <code>${safeText(place, 300)}</code>`}</li>`)}
      ${sorted.length > 200 ? html`<li>${sorted.length - 200} more</li>` : ''}
    </ul>`;
}

function suiteSection({ name, kind, status, result }: SuiteRow, read: SuiteCases | undefined): Html {
  const tail = (result?.tail ?? []).map((line) => safeText(line, 1000));
  // Where every test is known, its own place says more than the output's line.
  const failures = read?.kind === 'read' ? [] : (result?.failures ?? []).map((line) => safeText(line, 1000));
  const gap = result && gapOf(result, read);
  return html`<section class="suite">
    <h3>${safeText(name, 200)} <span class="${status}">${words[status]}</span></h3>
    <p>${[safeText(kind, 50), ...(result ? factsOf(result) : [])].join(' · ')}</p>
    ${gap === undefined ? '' : html`<p class="waiting">${gap}</p>`} ${result && measured(result)}
    ${result && found(result)}
    ${
      failures.length > 0
        ? html`<p>What failed:</p>
            <pre tabindex="0">${failures.join('\n')}</pre>`
        : ''
    }
    ${tail.length > 0 ? html`<details${status === 'passed' ? '' : new Html(' open')}><summary>Last lines of its output</summary><pre tabindex="0">${tail.join('\n')}</pre></details>` : ''}
  </section>`;
}

/** Each suite with how it went, and what its report says beside single tests. */
export function suitesSection(rows: readonly SuiteRow[], cases: CasesBySuite): Html {
  return html`<h2 id="suites">Suites</h2>
    ${rows.length > 0 ? rows.map((one) => suiteSection(one, cases.get(one.name))) : html`<p>None.</p>`}`;
}

/** The tests that took longest, of all suites. */
export function slowestSection(cases: CasesBySuite): HtmlValue {
  const slowest = [...cases]
    .flatMap(([suite, read]) => (read.kind === 'read' ? read.slowest.map((one) => ({ ...one, suite })) : []))
    .sort((a, b) => (b.durationMs ?? 0) - (a.durationMs ?? 0))
    .slice(0, 10);
  if (slowest.length === 0) return undefined;
  return html`<h2 id="slowest">Slowest tests</h2>
    <ol>
      ${slowest.map(({ name, suite, group, durationMs = 0 }) => html`<li>${formatDuration(durationMs)}: ${safeText(name, 300)} (${safeText(group ?? suite, 200)})</li>`)}
    </ol>`;
}
