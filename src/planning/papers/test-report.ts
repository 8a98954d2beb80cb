import type { Deployment } from '../../domain/deployment.ts';
import { formatDuration } from '../../domain/duration.ts';
import { html, type HtmlValue } from '../../domain/html.ts';
import { safeText } from '../../domain/safe-text.ts';
import type { CasesBySuite } from '../../domain/suite-cases.ts';
import type { Document } from '../../ports/memory.ts';
import { instant, riskLabel, shippedVersion } from './facts.ts';
import { factList, htmlPage } from './html/page.ts';
import { allTests } from './tests/all-tests.ts';
import { failuresSection } from './tests/failures.ts';
import { gatesSection } from './tests/gates.ts';
import { testRecommendations } from './tests/recommendations.ts';
import { rowsOf, verdictOf } from './tests/rows.ts';
import { searchScript, searchStyles } from './tests/search.ts';
import { slowestSection, suitesSection } from './tests/suites.ts';

/** How many tests there are, where their reports say. */
function countsOf({ suites }: Deployment): string | undefined {
  const counts = suites.flatMap((suite) => suite.counts ?? []);
  if (counts.length === 0) return undefined;
  const sum = (of: (one: (typeof counts)[number]) => number) => counts.reduce((n, one) => n + of(one), 0);
  return `${sum((c) => c.total)}: ${sum((c) => c.passed)} passed, ${sum((c) => c.failed)} failed, ${sum((c) => c.skipped)} skipped`;
}

function contents(parts: readonly (readonly [string, string, HtmlValue])[]): HtmlValue {
  const links = parts.filter(([, , part]) => part !== undefined);
  return html`<nav aria-label="Contents">
    <ul>
      ${links.map(([id, title]) => html`<li><a href="#${id}">${title}</a></li>`)}
    </ul>
  </nav>`;
}

/**
 * `test-report.html` (REQUIREMENTS S4): what failed first, what to do, every suite, the gates and all tests that their reports
 * name; one page that asks for nothing, at most two megabytes. A pure function of the fold and of the files of tests that
 * it names by SHA-256: `cases` are those files' lines.
 */
export function testReport(deployment: Deployment, cases: CasesBySuite = new Map()): Document {
  const rows = rowsOf(deployment);
  const verdict = verdictOf(rows, deployment);
  const version = shippedVersion(deployment);
  const total = rows.reduce((sum, row) => sum + (row.result?.durationMs ?? 0), 0);
  const counts = countsOf(deployment);
  const next = html`<h2 id="next">What to do next</h2>
    <ul>
      ${testRecommendations(deployment, cases).map((text) => html`<li>${safeText(text, 1000)}</li>`)}
    </ul>`;
  const parts: (readonly [string, string, HtmlValue])[] = [
    ['failed', 'What failed', failuresSection(deployment, cases)],
    ['next', 'What to do next', next],
    ['suites', 'Suites', suitesSection(rows, cases)],
    ['gates', 'Gates', gatesSection(deployment)],
    ['slowest', 'Slowest tests', slowestSection(cases)],
    ['tests', 'All tests', allTests(cases)],
  ];
  const body = [
    html`<h1>Test report</h1>
      <p class="verdict ${verdict.className}">${verdict.word}</p>`,
    factList([
      ['Deployment', safeText(deployment.id)],
      ['Environment', safeText(deployment.environment)],
      ['Version', version ? `${safeText(version.name, 200)} (${safeText(version.sha, 12)})` : 'not built'],
      ['Features', deployment.source.features.length],
      ['Risk', riskLabel(deployment)],
      ...(counts === undefined ? [] : [['Tests', counts] as const]),
      ['Time', formatDuration(total)],
    ]),
    contents(parts),
    ...parts.map(([, , part]) => part),
  ];
  const text = htmlPage({
    title: `Tests of ${safeText(deployment.id)}: ${verdict.word}`,
    body,
    footer: `As of ${instant(deployment.updatedAt)}`,
    css: searchStyles,
    script: searchScript,
  });
  return { name: 'test-report.html', text };
}
