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
      return byText(rows, environmentKeys(rows));
    case 'version':
      return byText(rows, versionKey);
    default:
      return order satisfies never;
  }
}

/** Environments are few: what orders each is made once. */
function environmentKeys(rows: readonly HistoryRow[]): (row: HistoryRow) => string {
  const names = new Set(rows.map(({ environment }) => environment));
  const keys = new Map([...names].map((name) => [name, sortKey(name)]));
  return ({ environment }) => keys.get(environment) ?? environment;
}

/** What a row is ordered by in the order of versions; made once a row. */
const versionKeys = new WeakMap<HistoryRow, string>();

/** Makes what ordering by version needs of a row, before anyone asks for thousands at once. */
export function versionKey(row: HistoryRow): string {
  const known = versionKeys.get(row);
  if (known !== undefined) return known;
  const key = sortKey(row.candidate ?? row.version ?? '');
  versionKeys.set(row, key);
  return key;
}

/** Plain comparisons of texts that were made before instead of a collator’s, which looks at every letter of both. */
function byText(rows: readonly HistoryRow[], keyOf: (row: HistoryRow) => string): readonly HistoryRow[] {
  const keyed = rows.map((row) => ({ row, key: keyOf(row) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ row }) => row);
}
