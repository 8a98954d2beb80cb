import { Box, Text } from 'ink';
import Table from 'ink-table';
import { memo, type PropsWithChildren, type ReactNode, useMemo } from 'react';
import { formatDuration } from '../../src/domain/duration.ts';
import type { HistoryRow } from '../../src/domain/memory.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { useUi } from '../../store/hooks.ts';
import { historyRows } from '../../store/rows.ts';
import { outcomes } from '../deployment-text.ts';
import { fit, windowOf } from '../fit.ts';
import { Lines } from '../Lines.tsx';
import { coloured, type Line, span, usePalette } from '../theme.ts';
import { heading, type PaneProps } from './pane.ts';
import { nothingYet } from './StagingPane.tsx';

interface Column {
  name: string;
  width: number;
  value: (row: HistoryRow) => string;
}

/** The columns that fit; the list of features takes what is left. Each costs one cell more: the space between. */
export function columnsOf(width: number): Column[] {
  const fixed: Column[] = [
    { name: 'deployment', width: 17, value: (row) => row.id },
    {
      name: 'outcome',
      width: 13,
      value: ({ outcome }) => `${outcomes[outcome].mark} ${outcomes[outcome].text}`,
    },
    { name: 'where', width: 11, value: (row) => row.environment },
    ...(width >= 84
      ? [{ name: 'took', width: 10, value: (row: HistoryRow) => formatDuration(row.durationMs) }]
      : []),
    ...(width >= 120
      ? [
          { name: 'strategy', width: 10, value: (row: HistoryRow) => row.strategy },
          { name: 'version', width: 24, value: (row: HistoryRow) => row.version ?? '–' },
        ]
      : []),
  ];
  const left = width - 3 - fixed.reduce((n, column) => n + column.width + 1, 0);
  return left < 6
    ? fixed
    : [
        ...fixed,
        {
          name: 'what',
          width: left,
          value: (row) =>
            row.kind === 'rollback'
              ? `back to ${row.candidate ?? row.version ?? '–'}`
              : row.features.length === 0
                ? `the revision ${row.candidate ?? row.version ?? '–'}`
                : `${row.features.length}: ${row.features.map((f) => f.title).join(', ')}`,
        },
      ];
}

type TableRow = Record<string, string>;

const cursorColumn = ' ';

function tableRow(row: HistoryRow, columns: readonly Column[], current: boolean): TableRow {
  return {
    [cursorColumn]: current ? '▸' : ' ',
    ...Object.fromEntries(
      columns.map(({ name, width, value }) => [name, fit(safeText(value(row), 200), width)]),
    ),
  };
}

/** ink-table draws rules around every row; here they take no room, so that a deployment takes one line. */
function Rule() {
  return null;
}

interface HistoryTableProps {
  rows: readonly HistoryRow[];
  cursor: number;
  width: number;
}

const HistoryTable = memo(function HistoryTable({ rows, cursor, width }: HistoryTableProps) {
  const palette = usePalette();
  const columns = useMemo(() => columnsOf(width), [width]);
  const widths = [1, ...columns.map((c) => c.width)];
  const text = (children: ReactNode, width: number) =>
    fit(typeof children === 'string' ? children.trim() : '', width + 1);
  const cell = ({ children, column }: PropsWithChildren<{ column: number }>) => (
    <Text>{text(children, widths[column] ?? 0)}</Text>
  );
  const header = ({ children }: PropsWithChildren) => {
    const name = typeof children === 'string' ? children.trim() : '';
    return (
      <Text bold {...coloured(palette.accent)}>
        {text(children, columns.find((c) => c.name === name)?.width ?? 1)}
      </Text>
    );
  };
  return (
    <Table
      key={`${width} ${palette.accent}`}
      data={rows.map((row, i) => tableRow(row, columns, i === cursor))}
      columns={[cursorColumn, ...columns.map((c) => c.name)]}
      padding={1}
      cell={cell}
      header={header}
      skeleton={Rule}
    />
  );
});

/** Past deployments, newest first; only the rows in sight are drawn, however many there are. */
export function HistoryPane({ width, height }: PaneProps) {
  const state = useUi((s) => s);
  const rows = historyRows(state);
  const cursor = Math.min(state.session.cursors.history, rows.length - 1);
  const filtered = state.session.filter?.view === 'history';
  const { from, to } = windowOf(rows.length, cursor, height - 2);
  const shown = useMemo(() => rows.slice(from, to), [rows, from, to]);
  if (state.history.status === 'loading')
    return <Lines lines={[heading('History', [], width)]} width={width} height={1} />;
  if (rows.length === 0)
    return (
      <Lines
        lines={nothingYet(
          'History',
          filtered ? 'No deployment contains that. esc shows all.' : 'No deployment has ended yet.',
          width,
        )}
        width={width}
        height={height}
      />
    );
  const top: Line[] = [heading('History', [span(`${cursor + 1} of ${rows.length}`, 'quiet')], width)];
  return (
    <Box flexDirection="column">
      <Lines lines={top} width={width} height={1} />
      <HistoryTable rows={shown} cursor={cursor - from} width={width} />
    </Box>
  );
}
