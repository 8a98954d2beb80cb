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

/** An entry as one line, safe to show: when, who from where, what, to what, why, and what else is known. */
export function auditLine(entry: AuditEntry): string {
  const { seq, at, who, action, subject, environment, why, details } = entry;
  const where = [who.face, who.host, who.pid === undefined ? undefined : `pid ${who.pid}`];
  const extra = Object.entries(details ?? {}).map(
    ([key, value]) => `${key} ${Array.isArray(value) ? value.join(' ') || 'none' : String(value)}`,
  );
  const parts = [
    `${at.slice(0, 10)} ${at.slice(11, 19)}`,
    `#${seq}`,
    `${who.name} (${where.filter((part) => part !== undefined).join(', ')})`,
    action.replaceAll(/[.-]/g, ' '),
    environment !== undefined && environment !== subject ? `${subject} in ${environment}` : subject,
    ...(extra.length > 0 ? [`[${extra.join('; ')}]`] : []),
    ...(why === undefined ? [] : [`because ${why}`]),
  ];
  return safeText(parts.join('  '), 1200);
}
