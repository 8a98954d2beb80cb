import { Text } from 'ink';
import Table from 'ink-table';
import { memo, type PropsWithChildren, type ReactNode, useMemo } from 'react';
import type { HistoryOrder } from '../../src/domain/history-order.ts';
import type { HistoryRow } from '../../src/domain/memory.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { outcomes } from '../deployment-text.ts';
import { fit } from '../fit.ts';
import type { Palette } from '../palettes.ts';
import { coloured, usePalette } from '../theme.ts';
import { type Column, columnsOf, headOf } from './columns.ts';

type TableRow = Record<string, string>;

const cursorColumn = ' ';

/** Marks the cells of the row under the cursor for the cell that draws them; no text that was made safe holds it. */
const current = '\u0001';

function tableRow(row: HistoryRow, columns: readonly Column[], mark: string, isCurrent: boolean): TableRow {
  const cell = (text: string) => (isCurrent ? current : '') + text;
  return {
    [cursorColumn]: cell(mark),
    ...Object.fromEntries(
      columns.map(({ name, width, value }) => [name, cell(fit(safeText(value(row), 200), width))]),
    ),
  };
}

/** ink-table draws rules around every row; here they take no room, so that a deployment takes one line. */
function Rule() {
  return null;
}

const tones = new Map(Object.values(outcomes).map(({ mark, tone }) => [mark, tone]));

/** The cells of a table; ink-table takes them once, so what changes comes with the data. */
function cellsOf(columns: readonly Column[], order: HistoryOrder, palette: Palette) {
  const widths = [1, ...columns.map((c) => c.width)];
  const outcomeColumn = 1 + columns.findIndex(({ name }) => name === 'outcome');
  const trimmed = (children: ReactNode) => (typeof children === 'string' ? children.trim() : '');
  return {
    cell({ children, column }: PropsWithChildren<{ column: number }>) {
      const text = trimmed(children);
      const isCurrent = text.startsWith(current);
      const shown = fit(isCurrent ? text.slice(current.length) : text, (widths[column] ?? 0) + 1);
      const tone = !isCurrent && column === outcomeColumn ? tones.get(shown.charAt(0)) : undefined;
      return (
        <Text inverse={isCurrent} {...(tone ? coloured(palette[tone]) : {})}>
          {shown}
        </Text>
      );
    },
    header({ children }: PropsWithChildren) {
      const column = columns.find((c) => c.name === trimmed(children));
      return (
        <Text bold {...coloured(palette.accent)}>
          {fit(column ? headOf(column, order) : '', (column?.width ?? 1) + 1)}
        </Text>
      );
    },
  };
}

interface HistoryTableProps {
  /** The rows in sight. */
  rows: readonly HistoryRow[];
  /** Which of them is under the cursor. */
  cursor: number;
  /** The deployment that waits to be compared. */
  marked: string | undefined;
  order: HistoryOrder;
  width: number;
}

/** The rows in sight as a table; it draws anew only when what it shows has changed. */
export const HistoryTable = memo(function HistoryTable(props: HistoryTableProps) {
  const { rows, cursor, marked, order, width } = props;
  const palette = usePalette();
  const columns = useMemo(() => columnsOf(width), [width]);
  const cells = useMemo(() => cellsOf(columns, order, palette), [columns, order, palette]);
  const markOf = (row: HistoryRow, i: number) => (row.id === marked ? '◆' : i === cursor ? '▸' : ' ');
  return (
    <Table
      key={`${width} ${order} ${palette.accent}`}
      data={rows.map((row, i) => tableRow(row, columns, markOf(row, i), i === cursor))}
      columns={[cursorColumn, ...columns.map((c) => c.name)]}
      padding={1}
      skeleton={Rule}
      {...cells}
    />
  );
});
