import type { HistoryRow } from './memory.ts';

/** The orders of the history's table; the first is how it is kept. */
export const historyOrders = [
  'newest',
  'oldest',
  'longest',
  'shortest',
  'outcome',
  'environment',
  'version',
] as const;
export type HistoryOrder = (typeof historyOrders)[number];

/** What went worst comes first: that is what one looks for. */
const gravity: Readonly<Record<HistoryRow['outcome'], number>> = {
  halted: 0,
  failed: 1,
  rolled_back: 2,
  blocked: 3,
  succeeded: 4,
};

/** What orders names when compared plainly: letter case aside, numbers inside of them as numbers, v2 before v10. */
function sortKey(name: string): string {
  return name.toLowerCase().replaceAll(/\d{1,12}/g, (digits) => digits.padStart(12, '0'));
}

/** The rows, given newest first, in another order; equal ones stay newest first. */
export function orderHistory(rows: readonly HistoryRow[], order: HistoryOrder): readonly HistoryRow[] {
  switch (order) {
    case 'newest':
      return rows;
    case 'oldest':
      return rows.toReversed();
    case 'longest':
      return rows.toSorted((a, b) => b.durationMs - a.durationMs);
    case 'shortest':
      return rows.toSorted((a, b) => a.durationMs - b.durationMs);
    case 'outcome':
      return rows.toSorted((a, b) => gravity[a.outcome] - gravity[b.outcome]);
    case 'environment':
      return byText(rows, (row) => row.environment);
    case 'version':
      return byText(rows, (row) => row.candidate ?? row.version ?? '');
    default:
      return order satisfies never;
  }
}

/** Each name is ranked once: rows are compared by number. */
function byText(rows: readonly HistoryRow[], textOf: (row: HistoryRow) => string): readonly HistoryRow[] {
  const keys = new Map([...new Set(rows.map(textOf))].map((name) => [name, sortKey(name)]));
  const order = [...new Set(keys.values())].sort();
  const places = new Map(order.map((key, place) => [key, place]));
  const rank = new Map([...keys].map(([name, key]) => [name, places.get(key) ?? 0]));
  const ranked = rows.map((row) => ({ row, at: rank.get(textOf(row)) ?? 0 }));
  return ranked.sort((a, b) => a.at - b.at).map(({ row }) => row);
}
