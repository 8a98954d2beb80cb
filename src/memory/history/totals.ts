import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { RunsWhere } from '../../domain/environments-document.ts';
import { outcomeSchema } from '../../domain/event.ts';
import { historyRowSchema, type HistoryRow } from '../../domain/memory.ts';
import { countedIn, statisticsOf, statisticsSchema } from '../../domain/statistics.ts';
import type { Entry } from './entries.ts';
import type { HistoryRows } from './history-rows.ts';
import { compareIds } from '../layout.ts';

export const totalsName = 'orchestra/totals@1';

/** So many of the newest deployments are known by name: any newer than the oldest of them was never counted. */
const mostNewest = 128;
/** Looks of the history's folder that are remembered. */
const mostMarks = 32;

/** `index/totals.json`: what follows from all rows of the history index up to a place in it. Derived; never waited for. */
export const totalsSchema = z.object({
  schema: z.literal(totalsName),
  /** Up to where the index is counted: a file's number, which file that was, and bytes of it. */
  upTo: z.object({ file: z.number().int(), ino: z.string(), bytes: z.number().int() }),
  statistics: statisticsSchema,
  /** Deployments whose folder stands in `history/`. */
  whole: z.number().int(),
  environments: z.record(
    z.string(),
    z.object({
      last: z.object({ id: z.string(), outcome: outcomeSchema }),
      /** The newest that succeeded. */
      succeeded: z.string().nullable(),
    }),
  ),
  /** The newest deployments and how each was counted, in the order of their ids. */
  newest: z.array(
    z.object({
      id: z.string(),
      environment: z.string(),
      kind: historyRowSchema.shape.kind,
      outcome: outcomeSchema,
    }),
  ),
  marks: z.array(z.string()),
});
export type Totals = z.infer<typeof totalsSchema>;
type Place = Totals['upTo'];

/** What runs since entries that were counted. */
export type Brought = { environment: string; runs: RunsWhere };

type Newest = Totals['newest'][number];

const counted = ({ id, environment, kind, outcome }: HistoryRow): Newest => ({
  id,
  environment,
  kind,
  outcome,
});

function withNewest(newest: readonly Newest[], row: HistoryRow): Newest[] {
  return [...newest, counted(row)].sort((a, b) => compareIds(a.id, b.id)).slice(-mostNewest);
}

function withEnvironment(totals: Totals, { id, environment, outcome }: HistoryRow): Totals['environments'] {
  const known = Object.hasOwn(totals.environments, environment)
    ? totals.environments[environment]
    : undefined;
  const last = known && compareIds(known.last.id, id) > 0 ? known.last : { id, outcome };
  const before = known?.succeeded ?? null;
  const newer = outcome === 'succeeded' && (before === null || compareIds(before, id) < 0);
  return { ...totals.environments, [environment]: { last, succeeded: newer ? id : before } };
}

/**
 * The totals with further entries; undefined where only counting all rows anew can tell: something was taken out, or
 * nobody remembers whether a deployment was counted already.
 */
export function further(totals: Totals, entries: readonly Entry[], upTo: Place): Totals | undefined {
  let next: Totals = { ...totals, upTo };
  for (const entry of entries) {
    if ('folder' in entry && entry.folder !== undefined)
      next = { ...next, marks: [...next.marks, entry.folder].slice(-mostMarks) };
    switch (entry.kind) {
      case 'row': {
        const { row } = entry;
        const known = next.newest.find(({ id }) => id === row.id);
        if (isDeepStrictEqual(known, counted(row))) break;
        const oldest = next.newest[0];
        const all = next.newest.length < mostNewest;
        if (known || (!all && oldest && compareIds(row.id, oldest.id) < 0)) return undefined;
        next = {
          ...next,
          statistics: countedIn(next.statistics, row),
          whole: next.whole + 1,
          environments: withEnvironment(next, row),
          newest: withNewest(next.newest, row),
        };
        break;
      }
      case 'gone':
      case 'rows':
        return undefined;
      case 'moved':
        next = { ...next, whole: Math.max(0, next.whole - (entry.to === 'archive' ? entry.ids.length : 0)) };
        break;
      case 'begin':
      case 'looked':
      case 'facts':
        break;
      default:
        return entry satisfies never;
    }
  }
  return next;
}

/** What the entries brought to environments, in their order. */
export function broughtBy(entries: readonly Entry[]): Brought[] {
  return entries.flatMap((entry) =>
    entry.kind === 'row' && entry.runs ? [{ environment: entry.row.environment, runs: entry.runs }] : [],
  );
}

/** The totals of all rows, counted anew. */
export function totalsOf(rows: HistoryRows, marks: readonly string[], upTo: Place): Totals {
  const environments = new Map<string, Totals['environments'][string]>();
  // Oldest first, so a later one takes the place.
  for (const { row } of rows.kept) {
    const { id, outcome, environment } = row;
    const before = environments.get(environment)?.succeeded ?? null;
    environments.set(environment, {
      last: { id, outcome },
      succeeded: outcome === 'succeeded' ? id : before,
    });
  }
  return {
    schema: totalsName,
    upTo,
    statistics: statisticsOf(rows.kept.map(({ row }) => row)),
    whole: rows.kept.reduce((sum, { place }) => sum + (place === 'history' ? 1 : 0), 0),
    environments: Object.fromEntries(environments),
    newest: rows.kept.slice(-mostNewest).map(({ row }) => counted(row)),
    marks: marks.slice(-mostMarks),
  };
}
