import { widthOf } from '../fit.ts';
import { graphemes } from '../graphemes.ts';

/** Text whose width every terminal sees alike: plain characters, frames and marks, and East Asian letters of two cells. */
const sure =
  '\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0373\u0391-\u03a1\u03a3-\u03ff\u0400-\u0482\u048a-\u052f\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u2016\u203a\u20ac\u2190-\u2199\u21a9\u2212\u2248\u2264\u2265\u2500-\u25fc\u2714\u2716\u2800-\u28ff\u3001-\u3029\u3041-\u3096\u30a1-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60\ufffd';

const onlySure = new RegExp(`^[${sure}]*$`);
const anyUnsure = new RegExp(`[^${sure}\\x00-\\x1f]`);

/** A control sequence of a terminal (the only ones we write begin with `ESC [`), or the text up to the next one. */
const pieces = /\u001b\[([0-9;?]*)[ -/]*([@-~])|[^\u001b]+|\u001b/g;

const toColumn = (column: number) => `\u001b[${column + 1}G`;

/**
 * A row, written from its first cell on, in which everything after an emoji or a letter with marks stands where we
 * think, however many cells the terminal thinks it takes: its cells are emptied, it is drawn, and the cursor goes on
 * from where it ends for us.
 */
function holdRow(row: string): string {
  if (!anyUnsure.test(row)) return row;
  let column = 0;
  let held = '';
  for (const [piece, parameters = '', final] of row.matchAll(pieces)) {
    if (final === 'G') column = Math.max(0, Number(parameters || 1) - 1);
    else if (final === 'H') column = Math.max(0, Number(parameters.split(';')[1] || 1) - 1);
    if (final !== undefined || onlySure.test(piece)) {
      held += piece;
      if (final === undefined) column += widthOf(piece);
      continue;
    }
    let unsure = '';
    const end = () => {
      const width = widthsOf(unsure);
      if (unsure) held += `${' '.repeat(width)}${toColumn(column)}${unsure}${toColumn(column + width)}`;
      column += width;
      unsure = '';
    };
    for (const { segment } of graphemes.segment(piece)) {
      if (!onlySure.test(segment)) {
        // A joiner may have taken the frame's own rule along: that stands by itself, not where a run before it ends.
        if (onlySure.test(segment.charAt(0))) end();
        unsure += segment;
        continue;
      }
      end();
      held += segment;
      column += segment === '\r' ? -column : widthOf(segment);
    }
    end();
  }
  return held;
}

function widthsOf(text: string): number {
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += widthOf(segment);
  return width;
}

/** `text` with columns that hold in every terminal; it begins in the first column, as every drawn frame does. */
export function holdColumns(text: string): string {
  return anyUnsure.test(text) ? text.split('\n').map(holdRow).join('\n') : text;
}
