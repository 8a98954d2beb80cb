import { fit, widthOf } from '../fit.ts';
import { type Line, type Span, span } from '../theme.ts';
import { wrapSpans } from '../wrap-spans.ts';

type Cell = readonly Span[];

const between = ' │ ';

/** Columns narrower than this read worse than their cells below each other. */
const leastColumn = 8;

const widthOfCell = (cell: Cell) => cell.reduce((sum, { text }) => sum + widthOf(text), 0);

/** Widths that fit into `room` together: narrow columns keep theirs, wide ones share what is left. */
function columnsOf(natural: readonly number[], room: number): number[] {
  let left = room;
  const widths = natural.map(() => 0);
  const byWidth = natural.map((width, i) => ({ width, i })).sort((a, b) => a.width - b.width);
  for (const [n, { width, i }] of byWidth.entries()) {
    const given = Math.min(width, Math.floor(left / (byWidth.length - n)));
    widths[i] = given;
    left -= given;
  }
  return widths;
}

/** One row of cells below each other in as many lines as the longest takes. */
function rowLines(cells: readonly Cell[], widths: readonly number[]): Line[] {
  const wrapped = widths.map((width, i) => wrapSpans(cells[i] ?? [], width));
  const height = Math.max(1, ...wrapped.map((lines) => lines.length));
  return Array.from({ length: height }, (_, y) =>
    widths.flatMap((width, x) => {
      const line = wrapped[x]?.[y] ?? [];
      const filled = fit('', width - widthOfCell(line));
      const last = x === widths.length - 1;
      return [...line, ...(last ? [] : [span(filled), span(between, 'quiet')])];
    }),
  );
}

/** A table in `width` cells; where its columns would be too narrow, each row as a list of `head: cell`. */
export function tableLines(head: readonly Cell[], rows: readonly (readonly Cell[])[], width: number): Line[] {
  const count = Math.max(head.length, ...rows.map((row) => row.length));
  const natural = Array.from({ length: count }, (_, i) =>
    Math.max(1, ...[head, ...rows].map((row) => widthOfCell(row[i] ?? []))),
  );
  const room = width - widthOf(between) * (count - 1);
  const named = head.some((cell) => widthOfCell(cell) > 0);
  if (natural.reduce((a, b) => a + b, 0) > room && room / count < leastColumn)
    return rows.flatMap((row, i) => [
      ...(i > 0 ? [[]] : []),
      ...row.flatMap((cell, x) => {
        const title = head[x] ?? [];
        return wrapSpans(
          widthOfCell(title) > 0 ? [...title.map((s) => ({ ...s, bold: true })), span(': '), ...cell] : cell,
          width,
        );
      }),
    ]);
  const widths = columnsOf(natural, room);
  const rule = widths.map((w) => '─'.repeat(w)).join('─┼─');
  return [
    ...(named
      ? [
          ...rowLines(
            head.map((cell) => cell.map((s) => ({ ...s, bold: true }))),
            widths,
          ),
          [span(rule, 'quiet')],
        ]
      : []),
    ...rows.flatMap((row) => rowLines(row, widths)),
  ];
}
