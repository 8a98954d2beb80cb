import type { AuditEntry } from './audit.ts';
import { parseInstant } from './history-filter.ts';
import { safeText } from './safe-text.ts';

export interface AuditFilter {
  environment?: string | undefined;
  /** A day (`2026-01-31`, in UTC) or an instant. */
  since?: string | undefined;
  until?: string | undefined;
  /** Words that must all occur somewhere in the entry, letter case aside. */
  search?: string | undefined;
}

/** Whether an entry passes every condition given. A date that names no instant passes nothing. */
export function auditFilter({
  environment,
  since,
  until,
  search = '',
}: AuditFilter): (entry: AuditEntry) => boolean {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const from = since === undefined ? -Infinity : (parseInstant(since, 'since') ?? NaN);
  const to = until === undefined ? Infinity : (parseInstant(until, 'until') ?? NaN);
  const dated = since !== undefined || until !== undefined;
  return (entry) => {
    if (environment !== undefined && entry.environment !== environment) return false;
    const at = Date.parse(entry.at);
    if (dated && !(at >= from && at <= to)) return false;
    if (words.length === 0) return true;
    const text = auditLine(entry).toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

/** What was done, in words: of a command which one, of its answer what became of it. */
export function actWords({ action, details }: AuditEntry): string {
  const kind = typeof details?.['kind'] === 'string' ? details['kind'] : 'command';
  switch (action) {
    case 'deploy.done':
    case 'rollback.done':
      return `${action.slice(0, -'.done'.length)} begun`;
    case 'command.requested':
      return `${kind} asked`;
    case 'command.done':
      return details?.['refused'] === false ? `${kind} taken up` : `${kind} refused`;
    case 'command.failed':
      return `${kind} failed`;
    default:
      return action.replaceAll(/[.-]/g, ' ');
  }
}

/** An entry as one line, safe to show: when, who from where, what, to what, why, and what else is known. */
export function auditLine(entry: AuditEntry): string {
  const { seq, at, who, action, subject, environment, why, details } = entry;
  const where = [who.face, who.host, who.pid === undefined ? undefined : `pid ${who.pid}`];
  const told = action.startsWith('command.') ? ['kind'] : [];
  if (details?.['refused'] === false) told.push('refused');
  const extra = Object.entries(details ?? {})
    .filter(([key]) => !told.includes(key))
    .map(([key, value]) => `${key} ${Array.isArray(value) ? value.join(' ') || 'none' : String(value)}`);
  const parts = [
    `${at.slice(0, 10)} ${at.slice(11, 19)}`,
    `#${seq}`,
    `${who.name} (${where.filter((part) => part !== undefined).join(', ')})`,
    actWords(entry),
    environment !== undefined && environment !== subject ? `${subject} in ${environment}` : subject,
    ...(extra.length > 0 ? [`[${extra.join('; ')}]`] : []),
    ...(why === undefined ? [] : [`because ${why}`]),
  ];
  return safeText(parts.join('  '), 1200);
}
