import { safeText } from '../../src/domain/safe-text.ts';
import type { UiState } from '../../store/state.ts';
import { ago } from '../ago.ts';
import { fit, widthOf } from '../fit.ts';
import { type Line, type Span, span } from '../theme.ts';
import {
  activitySpan,
  apartSpan,
  driftSpan,
  lockSpan,
  type Report,
  servesSpan,
  versionSpan,
} from './words.ts';

type Row = UiState['environments'][number];

interface Cell {
  row: Row;
  report: Report | undefined;
  now: number;
}

interface Column {
  name: string;
  width: number;
  /** Its place on the screen; the list below is in the order in which columns find room. */
  place: number;
  value: (cell: Cell) => Span;
}

const fixed: readonly Column[] = [
  { name: 'serves', width: 10, place: 2, value: ({ row }) => servesSpan(row) },
  { name: 'version', width: 14, place: 3, value: ({ row }) => versionSpan(row) },
  { name: 'drift', width: 8, place: 6, value: ({ report }) => driftSpan(report) },
  { name: 'apart', width: 17, place: 7, value: ({ report }) => apartSpan(report) },
  { name: 'under way', width: 16, place: 9, value: ({ report }) => activitySpan(report) },
  { name: 'lock', width: 8, place: 8, value: ({ report }) => lockSpan(report) },
  {
    name: 'since',
    width: 10,
    place: 4,
    value: ({ row, now }) => (row.runs ? span(ago(row.runs.since, now)) : span('–', 'quiet')),
  },
  {
    name: 'verified',
    width: 9,
    place: 5,
    value: ({ row: { runs } }) =>
      runs ? (runs.verified ? span('✔ yes', 'ok') : span('✖ no', 'warn')) : span('–', 'quiet'),
  },
  {
    name: 'strategy',
    width: 12,
    place: 10,
    value: ({ report }) => span(safeText(report?.configuration?.strategy ?? '–')),
  },
  {
    name: 'approval',
    width: 12,
    place: 11,
    value: ({ report }) => {
      const { approval } = report?.configuration ?? {};
      if (!approval) return span(report ? 'not asked' : '…', 'quiet');
      return span(approval.byAnother ? 'by another' : 'by anybody', 'accent');
    },
  },
  {
    name: 'brought by',
    width: 18,
    place: 12,
    value: ({ row }) => (row.runs ? span(safeText(row.runs.deployment)) : span('–', 'quiet')),
  },
  {
    name: 'address',
    width: 22,
    place: 13,
    value: ({ row }) => span(safeText(row.url).replace(/^https?:\/\//u, '')),
  },
];

/** The columns that fit beside the names, as they stand on the screen; the version takes what is left, up to 30 cells. */
function columnsFor(width: number): Column[] {
  let left = width;
  const kept: Column[] = [];
  for (const column of fixed) {
    if (left < column.width + 1) break;
    left -= column.width + 1;
    kept.push(column);
  }
  return kept
    .map((column) =>
      column.name === 'version' ? { ...column, width: column.width + Math.min(16, left) } : column,
    )
    .toSorted((a, b) => a.place - b.place);
}

/** The table of environments: its head, then a line each. Pure. */
export function tableLines(
  state: Pick<UiState, 'environments' | 'environment' | 'reports'>,
  { at, marked, now, width }: { at: number; marked: string | undefined; now: number; width: number },
): Line[] {
  const { environments, reports } = state;
  const names = Math.max(11, ...environments.map(({ name }) => widthOf(name)));
  const column = Math.min(names, Math.max(8, Math.floor(width / 4)));
  const columns = columnsFor(width - column - 5);
  const reportOf = (name: string) =>
    reports.status === 'loaded' ? reports.reports.find((r) => r.state.name === name) : undefined;
  return [
    [
      span(`    ${fit('environment', column)}`, 'quiet'),
      ...columns.map((c) => span(` ${fit(c.name, c.width)}`, 'quiet')),
    ],
    ...environments.map((row, i): Line => {
      const cell = { row, report: reportOf(row.name), now };
      const chosen = row.name === state.environment;
      return [
        span(i === at ? '▸' : ' ', 'accent', true),
        span(row.name === marked ? 'v' : ' ', 'warn', true),
        span(chosen ? '* ' : '  ', 'accent', true),
        span(fit(safeText(row.name), column), 'plain', chosen),
        ...columns.map((c): Span => {
          const value = c.value(cell);
          return { ...value, text: ` ${fit(value.text, c.width)}` };
        }),
      ];
    }),
  ];
}
