import type { Deployment } from '../../../domain/deployment.ts';
import { type GateResult, gateTimes } from '../../../domain/gate.ts';
import { html, type HtmlValue } from '../../../domain/html.ts';
import { safeText } from '../../../domain/safe-text.ts';
import { dataTable } from '../html/page.ts';

const words = {
  passed: ['passed', '✔ passed'],
  failed: ['failed', '✖ failed'],
  skipped: ['waiting', '– skipped'],
} as const;

const times = {
  before: 'Before production',
  during: 'During the rollout',
  after: 'After the rollout',
} as const;

/** What fails first, then what passed, then what there was nothing to look at for. */
const order = { failed: 0, passed: 1, skipped: 2 } as const;

function cells({ status, severity, title, detail, fix, override }: GateResult): HtmlValue[] {
  const [className, word] = words[status];
  const told = status === 'failed' && severity === 'warning' ? ', told only' : '';
  return [
    html`<span class="${className}">${word}${told}</span>`,
    safeText(title, 200),
    [
      html`${safeText(detail, 600)}`,
      ...(fix === undefined ? [] : [html`<br />To do: ${safeText(fix, 600)}`]),
      ...(override
        ? [html`<br />Let pass by ${safeText(override.by, 100)}: ${safeText(override.why, 300)}`]
        : []),
    ],
  ];
}

/** How the gates stood when they were looked at; nothing before that. */
export function gatesSection({ gates }: Deployment): HtmlValue {
  const tables = gateTimes.flatMap((when) => {
    const results = gates?.[when] ?? [];
    if (results.length === 0) return [];
    const sorted = results.toSorted((a, b) => order[a.status] - order[b.status]);
    return [dataTable(times[when], ['How it stands', 'What must hold', 'What was seen'], sorted.map(cells))];
  });
  return tables.length === 0
    ? undefined
    : html`<h2 id="gates">Gates</h2>
        ${tables}`;
}
