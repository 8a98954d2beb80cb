import { analysisTables, type AnalysisRow, type AnalysisTable } from './analysis-tables.ts';
import type { Analysis } from './analysis.ts';
import { calibrationFigure } from './calibration-figure.ts';
import { csvFile } from './csv.ts';
import type { ExportFormat } from './history-export.ts';
import { html, Html } from './html.ts';
import { formatInterval } from './interval.ts';
import { blocks, md, table } from './markdown.ts';
import { safeText } from './safe-text.ts';

const columns = ['', 'Succeeded', 'Of', '90 % interval', ''] as const;

function cellsOf({ name, share, text }: AnalysisRow): string[] {
  const numbers = share
    ? [String(share.count), String(share.n), share.n === 0 ? '' : formatInterval(share.interval)]
    : ['', '', ''];
  return [safeText(name, 200), ...numbers, safeText(text, 1000)];
}

const titleOf = ({ environment }: Analysis) =>
  `What past deployments say: ${safeText(environment ?? 'all environments', 100)}`;

function csv(tables: readonly AnalysisTable[]): string {
  const head = ['Table', 'Name', 'Count', 'Of', 'Lower end, 90 %', 'Upper end, 90 %', 'Text'];
  return csvFile([
    head,
    ...tables.flatMap(({ title, rows }) =>
      rows.map(({ name, share, text }) => [
        safeText(title, 200),
        safeText(name, 200),
        ...(share
          ? [share.count, share.n, ...share.interval.map((end) => end.toFixed(4))].map(String)
          : ['', '', '', '']),
        safeText(text, 1000),
      ]),
    ),
  ]);
}

const hasShares = ({ rows }: AnalysisTable) => rows.some(({ share }) => share !== undefined);

function markdown(analysis: Analysis, tables: readonly AnalysisTable[]): string {
  return blocks(
    `# ${md(titleOf(analysis))}`,
    ...tables.flatMap((one) => [
      `## ${md(one.title)}`,
      table(
        hasShares(one) ? columns : ['', ''],
        one.rows.map((row) => {
          const cells = cellsOf(row).map((cell) => md(cell, 1000));
          return hasShares(one) ? cells : [cells[0] ?? '', cells.at(-1) ?? ''];
        }),
      ),
    ]),
  );
}

const style = new Html(
  ':root{color-scheme:light dark}body{font:14px/1.5 system-ui,sans-serif;margin:1rem auto;max-width:70rem;padding:0 1rem}div{overflow-x:auto}table{border-collapse:collapse}th,td{border:1px solid #8888;padding:.25rem .5rem;text-align:left;vertical-align:top}svg{max-width:100%;height:auto}',
);

function tableHtml(one: AnalysisTable): Html {
  const shares = hasShares(one);
  const cells = (row: AnalysisRow) => {
    const [name = '', ...rest] = cellsOf(row);
    const shown = shares ? rest : rest.slice(-1);
    return html`<tr>
      <th scope="row">${name}</th>
      ${shown.map((cell) => html`<td>${cell}</td>`)}
    </tr> `;
  };
  return html`<h2>${one.title}</h2>
    <div role="group" tabindex="0" aria-label="${one.title}">
      <table>
        ${
          shares
            ? html`<thead>
                <tr>
                  ${columns.map((name) => html`<th scope="col">${name}</th>`)}
                </tr>
              </thead>`
            : undefined
        }
        <tbody>
          ${one.rows.map(cells)}
        </tbody>
      </table>
    </div>`;
}

function page(analysis: Analysis, tables: readonly AnalysisTable[]): string {
  const text = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${titleOf(analysis)}</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <h1>${titleOf(analysis)}</h1>
        ${calibrationFigure(analysis.calibration)} ${tables.map(tableHtml)}
      </body>
    </html> `.text;
  return `${text.trimEnd()}\n`;
}

/** An analysis as a file of the given format, ending with a newline. Whatever it holds stays text. */
export function exportAnalysis(analysis: Analysis, format: ExportFormat): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(analysis, null, 2)}\n`;
    case 'csv':
      return csv(analysisTables(analysis));
    case 'md':
      return markdown(analysis, analysisTables(analysis));
    case 'html':
      return page(analysis, analysisTables(analysis));
    default:
      return format satisfies never;
  }
}
