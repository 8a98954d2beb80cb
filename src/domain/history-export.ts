import { csvFile } from './csv.ts';
import { formatDuration } from './duration.ts';
import type { HistoryRow } from './memory.ts';
import { html, Html } from './html.ts';
import { md, table } from './markdown.ts';
import { safeText } from './safe-text.ts';

export const exportFormats = ['json', 'csv', 'md', 'html'] as const;
export type ExportFormat = (typeof exportFormats)[number];

const columns = [
  'Id',
  'Environment',
  'Kind',
  'Outcome',
  'Version',
  'Candidate',
  'Strategy',
  'Features',
  'By',
  'Started',
  'Took',
  'Reason',
] as const;

function cellsOf(row: HistoryRow): string[] {
  return [
    row.id,
    row.environment,
    row.kind,
    row.outcome,
    row.version ?? '',
    row.candidate ?? '',
    row.strategy,
    row.features.map(({ title }) => title).join('; '),
    row.by,
    row.startedAt,
    formatDuration(row.durationMs),
    row.reason,
  ].map((cell) => safeText(cell));
}

function csv(rows: readonly HistoryRow[]): string {
  return csvFile([columns, ...rows.map(cellsOf)]);
}

const style = new Html(
  ':root{color-scheme:light dark}body{font:14px/1.5 system-ui,sans-serif;margin:1rem}div{overflow-x:auto}table{border-collapse:collapse}th,td{border:1px solid;padding:.25rem .5rem;text-align:left;vertical-align:top}',
);

function page(rows: readonly HistoryRow[]): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Deployments</title>
        <style>
          ${style}
        </style>
      </head>
      <body>
        <h1>Deployments</h1>
        <div role="group" tabindex="0" aria-label="Deployments">
          <table>
            <thead>
              <tr>
                ${columns.map((name) => html`<th scope="col">${name}</th>`)}
              </tr>
            </thead>
            <tbody>
              ${rows.map(
                (row) =>
                  html`<tr>
                    ${cellsOf(row).map((cell) => html`<td>${cell}</td>`)}
                  </tr> `,
              )}
            </tbody>
          </table>
        </div>
      </body>
    </html> `.text;
}

/** The rows as a file of the given format, ending with a newline. Whatever the rows hold stays text. */
export function exportHistory(rows: readonly HistoryRow[], format: ExportFormat): string {
  switch (format) {
    case 'json':
      return `${JSON.stringify(rows, null, 2)}\n`;
    case 'csv':
      return csv(rows);
    case 'md':
      return `# Deployments\n\n${table(
        columns,
        rows.map((row) => cellsOf(row).map((cell) => md(cell))),
      )}\n`;
    case 'html':
      return page(rows);
    default:
      return format satisfies never;
  }
}
