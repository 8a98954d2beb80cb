import path from 'node:path';
import { linkWords } from '../../../domain/link.ts';
import type { Deployment } from '../../../domain/deployment.ts';
import { counted } from '../../../domain/counted.ts';
import { OrchestraError, exitCode } from '../../../domain/errors.ts';
import { formatDuration } from '../../../domain/duration.ts';
import { outcomeSchema } from '../../../domain/event.ts';
import type { HistoryRow } from '../../../domain/memory.ts';
import { restWords } from '../../../domain/rest-words.ts';
import { safeText } from '../../../domain/safe-text.ts';
import type { Context } from '../context.ts';
import { describeEvents } from '../describe-event.ts';
import { knownEnvironment } from '../known-environment.ts';
import { exportFormats, exportHistory } from '../../../domain/history-export.ts';
import { filterHistory, parseInstant } from '../../../domain/history-filter.ts';

export interface HistoryOptions {
  env?: string;
  search?: string;
  status?: string;
  since?: string;
  until?: string;
  feature?: string;
  export?: string;
  events?: true;
  paper?: string;
  output?: string;
  report?: true;
}

/** `history`: the table, one record, or an export. */
export async function history(
  context: Context,
  id: string | undefined,
  options: HistoryOptions,
): Promise<number> {
  const { orchestrator, output } = context;
  if (id !== undefined) {
    const record = await orchestrator.get(id);
    if (!record)
      throw new OrchestraError('unknown-deployment', `there is no deployment ${id}`, {
        exit: exitCode.usage,
        hint: '`orchestrate history` lists them',
      });
    if (options.paper !== undefined || options.output !== undefined) return readOf(context, record, options);
    if (options.report === true) {
      output.data({ deployment: id, path: reportPath(orchestrator.root, record) });
      output.text(reportPath(orchestrator.root, record));
      return exitCode.done;
    }
    if (options.export === 'html') {
      context.shell.stdout.write(await orchestrator.reportPage(id));
      return exitCode.done;
    }
    if (options.events === true) return eventsOf(context, record);
    output.data(record);
    if (!output.json) output.text(await storyOf(context, record));
    return exitCode.done;
  }
  if (options.events === true || options.paper !== undefined || options.output !== undefined)
    throw usage('history without an ID', 'the deployment whose events, paper or output are meant');
  if (options.env !== undefined) await knownEnvironment(orchestrator, options.env);
  const rows = filterHistory(await orchestrator.history({ facts: output.json }), {
    ...(options.search === undefined ? {} : { search: options.search }),
    ...(options.status === undefined ? {} : { status: outcomeOf(options.status) }),
    ...(options.since === undefined ? {} : { since: dateOf('since', options.since) }),
    ...(options.until === undefined ? {} : { until: dateOf('until', options.until) }),
    ...(options.feature === undefined ? {} : { feature: options.feature }),
  }).filter((row) => options.env === undefined || row.environment === options.env);
  if (options.export !== undefined) {
    const format = exportFormats.find((f) => f === options.export);
    if (!format) throw usage(`--export ${options.export}`, `one of ${exportFormats.join(', ')}`);
    context.shell.stdout.write(exportHistory(rows, format));
    return exitCode.done;
  }
  output.data(rows);
  output.text(rows.length === 0 ? 'no deployments match' : rows.map(describe));
  return exitCode.done;
}

/** `history ID --events`: each event as it stands in the journal; a line each, readings and all, for people. */
async function eventsOf({ orchestrator, output, shell }: Context, record: Deployment): Promise<number> {
  const tell = describeEvents();
  for await (const event of orchestrator.follow(record.id, 0, shell.interrupted)) {
    output.data(event);
    const said = tell(event) ?? event.type.replaceAll(/[._]/gu, ' ');
    output.text(`${String(event.seq).padStart(5)} ${safeText(event.at, 30)} ${said}`);
    if (event.seq >= record.seq) break;
  }
  return shell.interrupted.aborted ? exitCode.interrupted : exitCode.done;
}

/** `history ID --paper NAME` and `--output SUITE`: the text as it was written, safe to print. */
async function readOf(
  { orchestrator, output }: Context,
  record: Deployment,
  { paper, output: suite }: HistoryOptions,
): Promise<number> {
  const papers = record.papers ?? [];
  const path = papers.find((name) => name === paper || name.endsWith(`/${paper}`));
  const suites = record.plan.suites.map(({ name }) => name);
  if (paper !== undefined && path === undefined)
    throw usage(
      `--paper ${paper}`,
      `one of ${papers.map((name) => name.split('/').at(-1)).join(', ') || 'none: it has no papers'}`,
    );
  if (suite !== undefined && !suites.includes(suite))
    throw usage(`--output ${suite}`, `one of ${suites.join(', ') || 'none: it has no suites'}`);
  const lines = await orchestrator.read(
    record.id,
    path === undefined ? { kind: 'suite', suite: suite ?? '' } : { kind: 'paper', path },
  );
  output.data({ deployment: record.id, ...(path === undefined ? { suite } : { paper: path }), lines });
  output.text(lines);
  return exitCode.done;
}

/** What happened to a deployment so far, a line each, and where its papers are. */
async function storyOf({ orchestrator, shell }: Context, record: Deployment): Promise<string[]> {
  const lines: string[] = [];
  const tell = describeEvents();
  try {
    for await (const event of orchestrator.follow(record.id, 0, shell.interrupted)) {
      const line = tell(event);
      if (line !== undefined) lines.push(`${event.at.slice(11, 19)} ${line}`);
      if (event.seq >= record.seq) break;
    }
  } catch (error) {
    if (!(error instanceof OrchestraError) || error.code !== 'bad-journal') throw error;
    // The record still says how it went.
    lines.push(`${error.message}; of what happened the record keeps the end:`);
    if (record.status.kind === 'finished')
      lines.push(
        safeText(
          `${record.status.outcome.toUpperCase().replace('_', ' ')}: ${record.status.reason} (${formatDuration(record.status.durationMs)})`,
          500,
        ),
      );
  }
  const finished = record.status.kind === 'finished';
  const folder = `deployment_memory/${finished ? 'history' : 'current'}/${record.id}`;
  const links = linkWords(record.links ?? []);
  const verification = finished ? await orchestrator.verification(record.id) : undefined;
  return [
    ...lines,
    ...(verification === undefined ? [] : [safeText(verification, 500)]),
    ...restLines(record, await orchestrator.history()),
    ...(links.length > 0 ? [`belongs to ${safeText(links.join('; '), 500)}`] : []),
    `its record and papers are in ${folder}${finished ? '; with `--export html` all of it is one page' : ''}`,
  ];
}

/** What it is the rest of, with what was left out and why; and what became of its own rest. */
function restLines({ id, restOf }: Deployment, rows: readonly HistoryRow[]): string[] {
  const own = rows.find((row) => row.restOf === id);
  return [
    ...(restOf ? [`the rest of ${restWords(restOf)}`] : []),
    ...(restOf?.without ?? []).map(({ title, why }) => `  left out: ${title}: ${why}`),
    ...(own ? [`its rest is ${own.id}: ${own.outcome.replace('_', ' ')}`] : []),
  ].map((line) => safeText(line, 500));
}

/** Where the HTML report of a finished deployment is. Throws `not-finished` (2) before there is one. */
function reportPath(root: string, { id, status }: Deployment): string {
  if (status.kind === 'finished') return path.join(root, 'deployment_memory', 'history', id, 'report.html');
  throw new OrchestraError('not-finished', `${id} is under way: its report is written when it ends`, {
    exit: exitCode.usage,
    hint: `\`orchestrate history ${id} --export html\` prints one as of now`,
  });
}

function describe(row: HistoryRow): string {
  const features = row.features.length > 0 ? `, ${counted(row.features.length, 'feature')}` : '';
  return safeText(
    `${row.id.padEnd(17)} ${row.outcome.replace('_', ' ').padEnd(11)} ${row.environment}  ${row.kind} ${row.candidate ?? ''} (${row.strategy}${features}, ${formatDuration(row.durationMs)})${row.emergency === undefined ? '' : ` EMERGENCY: ${row.emergency};`}${row.restOf === undefined ? '' : ` the rest of ${row.restOf};`} ${row.reason}`,
    400,
  );
}

function outcomeOf(text: string) {
  const parsed = outcomeSchema.safeParse(text);
  if (parsed.success) return parsed.data;
  throw usage(`--status ${text}`, `one of ${outcomeSchema.options.join(', ')}`);
}

/** A date that means an instant, as it was written. */
function dateOf(bound: 'since' | 'until', text: string): string {
  if (parseInstant(text, bound) !== undefined) return text;
  throw usage(`--${bound} ${text}`, 'a day such as 2026-01-31, or an instant such as 2026-01-31T09:30:00Z');
}

function usage(what: string, expected: string): OrchestraError {
  return new OrchestraError('usage', `${safeText(what, 100)} is not understood`, {
    exit: exitCode.usage,
    hint: `expected ${expected}`,
  });
}
