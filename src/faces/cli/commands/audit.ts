import { auditFilter, auditLine, type AuditFilter } from '../../../domain/audit-words.ts';
import { counted } from '../../../domain/counted.ts';
import { OrchestraError, exitCode } from '../../../domain/errors.ts';
import { parseInstant } from '../../../domain/history-filter.ts';
import { safeText } from '../../../domain/safe-text.ts';
import type { AuditEntry } from '../../../domain/audit.ts';
import type { Context } from '../context.ts';

export interface AuditOptions {
  env?: string;
  since?: string;
  until?: string;
  search?: string;
  limit?: string;
  verify?: true;
}

/** `audit`: who did what, newest first; with `--verify` whether the trail is what was written, exit 1 where it is not. */
export async function audit(context: Context, options: AuditOptions): Promise<number> {
  if (options.verify === true) return verify(context);
  const { orchestrator, output } = context;
  const fits = auditFilter(filterOf(options));
  const limit = limitOf(options.limit);
  const entries: AuditEntry[] = [];
  let shown = 0;
  let skipped = 0;
  for await (const entry of orchestrator.auditEntries(() => (skipped += 1))) {
    if (shown >= limit) break;
    if (!fits(entry)) continue;
    shown += 1;
    if (output.json) entries.push(entry);
    else output.text(auditLine(entry));
  }
  output.data({ schema: 'orchestra/audit-list@1', entries, skipped });
  if (shown === 0) output.text('nothing is in the audit trail that matches');
  if (skipped > 0)
    output.note(
      `note: ${counted(skipped, 'line')} cannot be read: \`orchestrate audit --verify\` names them`,
    );
  return exitCode.done;
}

async function verify({ orchestrator, output, shell }: Context): Promise<number> {
  const verdict = await orchestrator.verifyAudit(shell.interrupted);
  const { entries, problems, more, end } = verdict;
  output.data({ schema: 'orchestra/audit-check@1', ...verdict });
  output.text([
    ...problems.map(({ kind, text }) => safeText(`${kind === 'torn' ? '!' : '✖'} ${text}`, 500)),
    ...(more > 0 ? [`✖ ${more} more`] : []),
    ...(problems.length === 0
      ? [`✔ ${counted(entries, 'entry', 'entries')}, each follows from the one before`]
      : []),
    ...(end === 'unknown' && entries > 0
      ? ['! the state folder does not know the last entry: that nothing was cut off the end cannot be told']
      : []),
  ]);
  return problems.some(({ kind }) => kind !== 'torn') ? exitCode.failed : exitCode.done;
}

function filterOf({ env, since, until, search }: AuditOptions): AuditFilter {
  for (const [bound, text] of [['since', since] as const, ['until', until] as const])
    if (text !== undefined && parseInstant(text, bound) === undefined)
      throw usage(
        `--${bound} ${text}`,
        'a day such as 2026-01-31, or an instant such as 2026-01-31T09:30:00Z',
      );
  return { environment: env, since, until, search };
}

function limitOf(text: string | undefined): number {
  if (text === undefined) return Infinity;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw usage(`--limit ${text}`, 'a number of entries');
}

function usage(what: string, expected: string): OrchestraError {
  return new OrchestraError('usage', `${safeText(what, 100)} is not understood`, {
    exit: exitCode.usage,
    hint: `expected ${expected}`,
  });
}
