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
      let tally = tallies.get(key);
      if (!tally) tallies.set(key, (tally = { count: 0, n: 0 }));
      tally.n += 1;
      if (succeeded(row)) tally.count += 1;
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
  const times = new Map(rows.map((row) => [row, timeKey(new Date(row.startedAt))]));
  const timeOf = (row: KnownRow) => times.get(row) ?? '';
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
    byTime: groupsOf(rows, (row) => [timeOf(row)]),
    byWeekday: groupsOf(rows, (row) => [timeOf(row).slice(0, 1)]),
    byHours: groupsOf(rows, (row) => [hoursOf(Number(timeOf(row).slice(2)))]),
  };
}

/** `<weekday> <hour>`, Monday 0, UTC. */
function timeKey(at: Date): string {
  return `${(at.getUTCDay() + 6) % 7} ${String(at.getUTCHours()).padStart(2, '0')}`;
}

/** The four hours that an hour lies in. */
function hoursOf(hour: number): string {
  const from = Math.floor(hour / 4) * 4;
  return `${String(from).padStart(2, '0')}–${String(from + 3).padStart(2, '0')}`;
}
