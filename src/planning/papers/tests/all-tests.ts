import { counted } from '../../../domain/counted.ts';
import { formatDuration } from '../../../domain/duration.ts';
import { html, Html, type HtmlValue } from '../../../domain/html.ts';
import { safeText } from '../../../domain/safe-text.ts';
import type { CasesBySuite } from '../../../domain/suite-cases.ts';
import type { TestCase } from '../../../domain/test-case.ts';
import { Budget } from './budget.ts';

/** What the list of all tests may take of a page, bytes: with the failures it stays below two megabytes. */
const mostBytes = 1_300_000;
/** Up to so many tests the groups stand open. */
const openBelow = 60;

const marks = { passed: '', failed: '✖ failed: ', skipped: '– skipped: ' } as const;
const classes = { passed: '', failed: ' class="f"', skipped: ' class="s"' } as const;

function row({ name, status, durationMs }: TestCase): Html {
  const time = durationMs === undefined ? undefined : html` <i>${formatDuration(durationMs)}</i>`;
  return html`<li${new Html(classes[status])}>${marks[status]}${safeText(name, 500)}${time}</li>`;
}

interface Group {
  suite: string;
  name: string;
  cases: TestCase[];
}

/** The tests of each suite by their group; groups in which one failed come first. */
function groupsOf(cases: CasesBySuite): Group[] {
  const groups: Group[] = [];
  for (const [suite, read] of cases) {
    if (read.kind !== 'read') continue;
    const byName = new Map<string, TestCase[]>();
    for (const one of read.cases) {
      const known = byName.get(one.group ?? '');
      if (known) known.push(one);
      else byName.set(one.group ?? '', [one]);
    }
    for (const [name, all] of byName) groups.push({ suite, name, cases: all });
  }
  const failing = ({ cases: all }: Group) => all.some(({ status }) => status === 'failed');
  return groups.sort((a, b) => Number(failing(b)) - Number(failing(a)));
}

function group({ suite, name, cases }: Group, open: boolean, budget: Budget): { part: Html; left: number } {
  const of = (status: TestCase['status']) => cases.filter((one) => one.status === status).length;
  const [passed, failed, skipped] = [of('passed'), of('failed'), of('skipped')];
  const ms = cases.reduce((sum, { durationMs = 0 }) => sum + durationMs, 0);
  const counts = [
    ...(failed > 0 ? [html`<span class="failed">✖ ${failed} failed</span>`] : []),
    ...(passed > 0 ? [html`${passed} passed`] : []),
    ...(skipped > 0 ? [html`– ${skipped} skipped`] : []),
    ...(ms > 0 ? [html`${formatDuration(ms)}`] : []),
  ].flatMap((piece, i): HtmlValue[] => (i > 0 ? [', ', piece] : [piece]));
  const title = html`<b>${safeText(suite, 100)}${name === '' ? '' : ` · ${safeText(name, 300)}`}</b>`;
  const summary = html`<summary>${title} ${counts}</summary>`;
  const rows = budget.has(summary) ? cases.map(row).filter((piece) => budget.has(piece)) : [];
  const left = cases.length - rows.length;
  const part = html`<details${open ? new Html(' open') : ''}>${summary}<ul>${rows}</ul>${left > 0 ? html`<p>${left} more are counted and not listed.</p>` : ''}</details>`;
  return { part, left };
}

/**
 * Every test by suite and group, folded; a browser lays out only what is open and in sight. Nothing where no suite wrote a
 * report that is known.
 */
export function allTests(cases: CasesBySuite): HtmlValue {
  const read = [...cases.values()].flatMap((one) => (one.kind === 'read' ? [one] : []));
  const total = read.reduce((sum, { counts }) => sum + counts.total, 0);
  if (total === 0) return undefined;
  const budget = new Budget(mostBytes);
  const listed = read.reduce((sum, { cases: some }) => sum + some.length, 0);
  const parts: Html[] = [];
  let left = total - listed;
  for (const one of groupsOf(cases)) {
    const made = group(one, listed <= openBelow, budget);
    // A group of which nothing fits any more is counted below the list.
    if (made.left < one.cases.length && parts.length < 4000) {
      parts.push(made.part);
      left += made.left;
    } else left += one.cases.length;
  }
  return html`<h2 id="tests">All tests</h2>
    <div id="find" role="search" hidden>
      <label
        >Search <input id="q" type="search" autocomplete="off" spellcheck="false" aria-keyshortcuts="/"
      /></label>
      <label
        >Show
        <select id="k">
          <option value="">all</option>
          <option value="f">failed</option>
          <option value="s">skipped</option>
          <option value="p">passed</option>
        </select></label
      >
      <output id="found" aria-live="polite">${counted(total, 'test')}</output>
    </div>
    <div id="all">${parts}</div>
    ${left > 0 ? html`<p>${left} of ${total} tests are not listed here, so that the page opens at once; the file of tests beside the suite's output has all of them.</p>` : ''}`;
}
