import type { Deployment } from '../../domain/deployment.ts';
import { formatDuration } from '../../domain/duration.ts';
import { safeText } from '../../domain/safe-text.ts';
import { isFlaky, runCounts, runWords } from '../../domain/suite-run.ts';
import type { SuiteState } from '../../domain/suite-result.ts';
import { holdingSuites, letPassWords } from '../../domain/testing-verdict.ts';
import type { Document } from '../../ports/memory.ts';
import { instant, riskLabel, shippedVersion } from './facts.ts';
import { html, Html, type HtmlValue } from '../../domain/html.ts';

const words = {
  passed: '✔ passed',
  failed: '✖ failed',
  timed_out: '◷ timed out',
  not_run: '– not run',
} as const;

interface Row {
  name: string;
  kind: string;
  status: keyof typeof words;
  result: SuiteState | undefined;
}

/** Planned suites in their order, each with its last result; then results of suites that were not planned. */
function rowsOf({ plan, suites }: Deployment): Row[] {
  const last = new Map(suites.map((result) => [result.suite, result]));
  const planned = plan.suites.map(({ name, kind }): Row => {
    const result = last.get(name);
    last.delete(name);
    return { name, kind, status: result?.status ?? 'not_run', result };
  });
  return [
    ...planned,
    ...[...last.values()].map((result) => ({
      name: result.suite,
      kind: result.kind,
      status: result.status,
      result,
    })),
  ];
}

/** What to do next, derived from the results alone. */
function testRecommendations(deployment: Deployment): string[] {
  const rows = rowsOf(deployment);
  const { plan } = deployment;
  const advice: string[] = [];
  for (const { name, status, result } of rows) {
    if (status === 'failed')
      advice.push(
        `Suite ${name} failed (exit code ${result?.exitCode ?? 'none'}): mend it, or leave out the feature that breaks it, and build the candidate anew.`,
      );
    if (status === 'timed_out') {
      const limit = plan.suites.find((suite) => suite.name === name)?.timeoutMs;
      advice.push(
        `Suite ${name} did not end${limit === undefined ? '' : ` within ${formatDuration(limit)}`}: look for what it waits for before giving it more time.`,
      );
    }
  }
  for (const { name, result } of rows)
    if (result && isFlaky(result))
      advice.push(
        `${runWords(result) ?? name}. Mend what it depends on beside the code: a test that fails now and then hides the failure that counts.`,
      );
  if (rows.length === 0)
    advice.push(
      plan.suitesSkipped
        ? `No suite ran: ${plan.suitesSkipped}. The rollout is the only test.`
        : 'No suite is configured. Add suites to orchestra.yaml; a smoke suite is the cheapest that helps.',
    );
  const kinds = new Set(rows.map((row) => row.kind));
  if (rows.length > 0 && !kinds.has('smoke'))
    advice.push('No smoke suite: nothing asks the started candidate whether its critical paths answer.');
  const untested = deployment.source.features.filter((feature) => !feature.flags.testsTouched);
  if (untested.length > 0)
    advice.push(
      `${untested.length} of ${deployment.source.features.length} features changed no test: ${untested
        .slice(0, 5)
        .map((feature) => feature.title)
        .join('; ')}${untested.length > 5 ? '; …' : ''}. Look at them by hand.`,
    );
  const slow = rows.filter(({ name, result, status }) => {
    const limit = plan.suites.find((suite) => suite.name === name)?.timeoutMs;
    return status === 'passed' && result && limit !== undefined && result.durationMs > limit * 0.8;
  });
  for (const { name } of slow)
    advice.push(`Suite ${name} used more than four fifths of its time: give it more, or make it quicker.`);
  if (advice.length === 0) advice.push('Nothing to mend. Go on to production.');
  return advice;
}

const style = new Html(`
:root{color-scheme:light dark;--ground:#fff;--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--panel:#f6f8fa;--good:#116329;--bad:#a40e26;--wait:#7d4e00}
@media (prefers-color-scheme:dark){:root{--ground:#0d1117;--ink:#e6edf3;--soft:#9198a1;--line:#30363d;--panel:#161b22;--good:#56d364;--bad:#ff7b72;--wait:#e3b341}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:60rem;padding:1rem;background:var(--ground);color:var(--ink);font:16px/1.5 system-ui,sans-serif;overflow-wrap:anywhere}
h1{font-size:1.5rem;margin:.5rem 0}h2{font-size:1.15rem;margin:2rem 0 .5rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}dt{color:var(--soft)}dd{margin:0}
.verdict{font-size:1.2rem;font-weight:600}.passed{color:var(--good)}.failed{color:var(--bad)}.timed_out{color:var(--bad)}.not_run{color:var(--wait)}
section.suite{border:1px solid var(--line);border-radius:6px;margin:.75rem 0;padding:.75rem 1rem}
section.suite h3{font-size:1rem;margin:0}section.suite p{margin:.25rem 0;color:var(--soft)}
pre{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:.75rem;overflow-x:auto;font:13px/1.45 ui-monospace,monospace}
footer{margin-top:2rem;color:var(--soft);font-size:.875rem}
@media print{pre{white-space:pre-wrap}}
`);

function suiteSection({ name, kind, status, result }: Row): Html {
  const tail = (result?.tail ?? []).map((line) => safeText(line, 2000));
  const failures = (result?.failures ?? []).map((line) => safeText(line, 2000));
  return html`<section class="suite" aria-label="${safeText(name, 200)}">
    <h3>${safeText(name, 200)} <span class="${status}">${words[status]}</span></h3>
    <p>
      ${safeText(kind, 50)}${result ? html` · ${formatDuration(result.durationMs)} · exit code ${result.exitCode ?? 'none'}${runCounts(result) === undefined ? '' : ` · ${runCounts(result)}`} · whole output: ${safeText(result.log, 300)}` : ''}
    </p>
    ${
      failures.length > 0
        ? html`<p>What failed:</p>
            <pre tabindex="0">${failures.join('\n')}</pre>`
        : ''
    }
    ${tail.length > 0 ? html`<details${status === 'passed' ? '' : new Html(' open')}><summary>Last lines of its output</summary><pre tabindex="0">${tail.join('\n')}</pre></details>` : ''}
  </section> `;
}

function verdictOf(rows: readonly Row[], deployment: Deployment): { word: string; className: string } {
  const bad = rows.filter((row) => row.status === 'failed' || row.status === 'timed_out').length;
  const open = rows.filter((row) => row.status === 'not_run').length;
  if (bad > 0)
    return {
      word: `✖ ${bad} of ${rows.length} suites did not pass: ${holdingSuites(deployment).length > 0 ? 'production is blocked' : `it goes on all the same, ${letPassWords(deployment)}`}`,
      className: 'failed',
    };
  if (rows.length === 0) return { word: '– Nothing was tested', className: 'not_run' };
  if (open > 0) return { word: `– ${open} of ${rows.length} suites did not run`, className: 'not_run' };
  const flaky = rows.filter(({ result }) => result && isFlaky(result)).length;
  const told = flaky > 0 ? `, ${flaky} only when run again` : '';
  return { word: `✔ All ${rows.length} suites passed${told}`, className: 'passed' };
}

/** `test-report.html`: one page without a single request or script, readable on a phone, in light and dark (S4). */
export function testReport(deployment: Deployment): Document {
  const rows = rowsOf(deployment);
  const verdict = verdictOf(rows, deployment);
  const version = shippedVersion(deployment);
  const total = rows.reduce((sum, row) => sum + (row.result?.durationMs ?? 0), 0);
  const facts: [string, HtmlValue][] = [
    ['Deployment', safeText(deployment.id)],
    ['Environment', safeText(deployment.environment)],
    ['Version', version ? `${safeText(version.name, 200)} (${safeText(version.sha, 12)})` : 'not built'],
    ['Features', deployment.source.features.length],
    ['Risk', riskLabel(deployment)],
    ['Time', formatDuration(total)],
  ];
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta
          http-equiv="Content-Security-Policy"
          content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
        />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Tests of ${safeText(deployment.id)}: ${verdict.word}</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <main>
          <h1>Test report</h1>
          <p class="verdict ${verdict.className}">${verdict.word}</p>
          <dl>
            ${facts.map(
              ([name, value]) =>
                html`<dt>${name}</dt>
                  <dd>${value}</dd> `,
            )}
          </dl>
          <h2>Suites</h2>
          ${rows.length > 0 ? rows.map(suiteSection) : html`<p>None.</p>`}
          <h2>Recommendations</h2>
          <ul>
            ${testRecommendations(deployment).map((text) => html`<li>${safeText(text, 1000)}</li> `)}
          </ul>
        </main>
        <footer>As of ${instant(deployment.updatedAt)}</footer>
      </body>
    </html> `;
  return { name: 'test-report.html', text: page.text };
}
