import type { HistoryRow } from './memory.ts';

export interface HistoryFilter {
  /** Words that must all occur somewhere in the row, letter case aside. */
  search?: string;
  status?: HistoryRow['outcome'];
  /** Started at or after / at or before: a day (`2026-01-31`, in UTC) or an instant. */
  since?: string;
  until?: string;
  /** Id of a feature it shipped, or part of its title. */
  feature?: string;
  environment?: string;
  strategy?: string;
}

/** The instant in milliseconds that a date names, its last one for an upper bound; undefined when it names none. */
export function parseInstant(text: string, bound: 'since' | 'until'): number | undefined {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const iso = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})$/.test(text);
  if (!day && !iso) return undefined;
  const at = Date.parse(day ? `${text}T00:00:00Z` : text);
  if (Number.isNaN(at)) return undefined;
  // Date.parse lets 31 February roll over into March.
  if (day && new Date(at).toISOString().slice(0, 10) !== text) return undefined;
  return day && bound === 'until' ? at + 86_400_000 - 1 : at;
}

/** What a row is found by, in lower case; made once, for a filter over thousands of them at every key. */
const texts = new WeakMap<HistoryRow, string>();

/** What a search looks through in a row. */
export function searchText(row: HistoryRow): string {
  const known = texts.get(row);
  if (known !== undefined) return known;
  const text = [
    row.id,
    row.environment,
    row.kind,
    row.outcome,
    row.reason,
    row.version ?? '',
    row.candidate ?? '',
    row.strategy,
    row.by,
    ...row.features.flatMap(({ id, title }) => [id, title]),
    ...(row.links ?? []),
  ]
    .join('\n')
    .toLowerCase();
  texts.set(row, text);
  return text;
}

/** The rows that pass every condition given, in their order. A date that names no instant passes nothing. */
export function filterHistory(rows: readonly HistoryRow[], filter: HistoryFilter): HistoryRow[] {
  const words = (filter.search ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const dated = filter.since !== undefined || filter.until !== undefined;
  const since = filter.since === undefined ? -Infinity : (parseInstant(filter.since, 'since') ?? NaN);
  const until = filter.until === undefined ? Infinity : (parseInstant(filter.until, 'until') ?? NaN);
  const feature = filter.feature?.toLowerCase();
  return rows.filter((row) => {
    if (dated) {
      const at = Date.parse(row.startedAt);
      if (!(at >= since && at <= until)) return false;
    }
    if (filter.status !== undefined && row.outcome !== filter.status) return false;
    if (filter.environment !== undefined && row.environment !== filter.environment) return false;
    if (filter.strategy !== undefined && row.strategy !== filter.strategy) return false;
    if (
      feature !== undefined &&
      !row.features.some(
        ({ id, title }) => id.toLowerCase() === feature || title.toLowerCase().includes(feature),
      )
    )
      return false;
    if (words.length === 0) return true;
    const text = searchText(row);
    return words.every((word) => text.includes(word));
  });
}
