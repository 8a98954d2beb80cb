import { formatDuration } from '../../src/domain/duration.ts';
import type { HistoryOrder } from '../../src/domain/history-order.ts';
import type { HistoryRow } from '../../src/domain/memory.ts';
import { outcomes } from '../deployment-text.ts';

export interface Column {
  name: string;
  width: number;
  value: (row: HistoryRow) => string;
  /** The orders that go by it, each with the way it then runs. */
  sorted?: Partial<Record<HistoryOrder, '▲' | '▼'>>;
}

/** What a deployment shipped, in a line. */
function whatOf(row: HistoryRow): string {
  return row.emergency === undefined ? shippedBy(row) : `EMERGENCY ${shippedBy(row)}`;
}

function shippedBy(row: HistoryRow): string {
  const version = row.candidate ?? row.version ?? '–';
  if (row.kind === 'rollback') return `back to ${version}`;
  return row.features.length === 0
    ? `the revision ${version}`
    : `${row.features.length}: ${row.features.map((f) => f.title).join(', ')}`;
}

/** The columns that fit; the list of features takes what is left. Each costs one cell more: the space between. */
export function columnsOf(width: number): Column[] {
  const fixed: Column[] = [
    { name: 'deployment', width: 17, value: (row) => row.id, sorted: { newest: '▼', oldest: '▲' } },
    {
      name: 'outcome',
      width: 13,
      value: ({ outcome }) => `${outcomes[outcome].mark} ${outcomes[outcome].text}`,
      sorted: { outcome: '▼' },
    },
    { name: 'where', width: 11, value: (row) => row.environment, sorted: { environment: '▲' } },
    ...(width >= 84
      ? [
          {
            name: 'took',
            width: 10,
            value: (row: HistoryRow) => formatDuration(row.durationMs),
            sorted: { longest: '▼', shortest: '▲' } as const,
          },
        ]
      : []),
    ...(width >= 120
      ? [
          { name: 'strategy', width: 10, value: (row: HistoryRow) => row.strategy },
          {
            name: 'version',
            width: 24,
            value: (row: HistoryRow) => row.candidate ?? row.version ?? '–',
            sorted: { version: '▲' } as const,
          },
        ]
      : []),
    ...(width >= 150 ? [{ name: 'by', width: 14, value: (row: HistoryRow) => row.by }] : []),
  ];
  const left = width - 3 - fixed.reduce((n, column) => n + column.width + 1, 0);
  return left < 6 ? fixed : [...fixed, { name: 'what', width: left, value: whatOf }];
}

/** A column's head: the one that orders the table is marked with the way it runs. */
export function headOf({ name, sorted }: Column, order: HistoryOrder): string {
  const mark = sorted?.[order];
  return mark ? `${name} ${mark}` : name;
}
