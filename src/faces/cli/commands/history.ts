import type { Deployment } from '../../../domain/deployment.ts';
import { counted } from '../../../domain/counted.ts';
import { OrchestraError, exitCode } from '../../../domain/errors.ts';
import { formatDuration } from '../../../domain/duration.ts';
import { outcomeSchema } from '../../../domain/event.ts';
import type { HistoryRow } from '../../../domain/memory.ts';
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
    output.data(record);
    if (!output.json) output.text(await storyOf(context, record));
    return exitCode.done;
  }
  if (options.env !== undefined) await knownEnvironment(orchestrator, options.env);
  const rows = filterHistory(await orchestrator.history(), {
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

/** What happened to a deployment so far, a line each, and where its papers are. */
async function storyOf({ orchestrator, shell }: Context, record: Deployment): Promise<string[]> {
  const lines: string[] = [];
  const tell = describeEvents();
  for await (const event of orchestrator.follow(record.id, 0, shell.interrupted)) {
    const line = tell(event);
    if (line !== undefined) lines.push(`${event.at.slice(11, 19)} ${line}`);
    if (event.seq >= record.seq) break;
  }
  const folder = record.status.kind === 'finished' ? 'history' : 'current';
  return [...lines, `its record and papers are in deployment_memory/${folder}/${record.id}`];
}

function describe(row: HistoryRow): string {
  const features = row.features.length > 0 ? `, ${counted(row.features.length, 'feature')}` : '';
  return safeText(
    `${row.id.padEnd(17)} ${row.outcome.replace('_', ' ').padEnd(11)} ${row.environment}  ${row.kind} ${row.candidate ?? ''} (${row.strategy}${features}, ${formatDuration(row.durationMs)}) ${row.reason}`,
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
