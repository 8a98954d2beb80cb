import type { Group } from '../../domain/analysis.ts';
import { batchOf, sizeOfLines } from '../../domain/what-counts.ts';
import { succeeded, type KnownRow } from './counting.ts';
import { shareOf } from './intervals.ts';

/**
 * How deployments that have something in common ended; each counts once in every group it belongs to. By name, or by
 * `order` where the names have one.
 */
function groupsOf(
  rows: readonly KnownRow[],
  keysOf: (row: KnownRow) => readonly string[],
  order: readonly string[] = [],
): Group[] {
  const tallies = new Map<string, { count: number; n: number }>();
  for (const row of rows)
    for (const key of keysOf(row)) {
      const tally = tallies.get(key) ?? { count: 0, n: 0 };
      tallies.set(key, { count: tally.count + (succeeded(row) ? 1 : 0), n: tally.n + 1 });
    }
  const rank = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length);
  return [...tallies]
    .map(([key, { count, n }]): Group => ({ key, ...shareOf(count, n) }))
    .sort((a, b) => rank(a.key) - rank(b.key) || (a.key < b.key ? -1 : 1));
}

/** Deployments of an existing revision say nothing of features: they are in no group by type, size or factor. */
const withFeatures = (row: KnownRow, keys: readonly string[]) => (row.features.length > 0 ? keys : []);

/** Every comparison of the analysis, from rows that count. */
export function comparisonsOf(rows: readonly KnownRow[]) {
  return {
    byType: groupsOf(rows, (row) => row.facts.types),
    bySize: groupsOf(rows, (row) => withFeatures(row, [sizeOfLines(row.facts.lines)]), [
      'small',
      'medium',
      'large',
    ]),
    byBatch: groupsOf(rows, (row) => withFeatures(row, [batchOf(row.features.length)]), [
      '1',
      '2-5',
      '6-15',
      '16+',
    ]),
    byStrategy: groupsOf(rows, (row) => [row.strategy]),
    byEnvironment: groupsOf(rows, (row) => [row.environment]),
    byRiskFactor: groupsOf(rows, (row) =>
      withFeatures(row, row.facts.flags.length > 0 ? row.facts.flags : ['none']),
    ),
    byTime: groupsOf(rows, ({ startedAt }) => [timeKey(new Date(startedAt))]),
    byWeekday: groupsOf(rows, ({ startedAt }) => [timeKey(new Date(startedAt)).slice(0, 1)]),
    byHours: groupsOf(rows, ({ startedAt }) => [hoursOf(new Date(startedAt))]),
  };
}

/** `<weekday> <hour>`, Monday 0, UTC. */
export function timeKey(at: Date): string {
  return `${(at.getUTCDay() + 6) % 7} ${String(at.getUTCHours()).padStart(2, '0')}`;
}

/** The four hours that an instant lies in, UTC. */
function hoursOf(at: Date): string {
  const from = Math.floor(at.getUTCHours() / 4) * 4;
  return `${String(from).padStart(2, '0')}–${String(from + 3).padStart(2, '0')}`;
}
