import { widthOf } from '../fit.ts';

/** The part of the screen that what is drawn next is cut to; the far edges are not part of it. */
interface Clip {
  x1?: number | undefined;
  x2?: number | undefined;
  y1?: number | undefined;
  y2?: number | undefined;
}

/** What Ink has to draw for a frame, in order: as its own `Output` collects it. */
export type Operation =
  | {
      type: 'write';
      x: number;
      y: number;
      text: string;
      transformers: readonly ((line: string, index: number) => string)[];
    }
  | { type: 'clip'; clip: Clip }
  | { type: 'unclip' };

interface Piece {
  x: number;
  width: number;
  text: string;
}

/** One row while it is put together; undefined once its pieces lie over each other, or are cut. */
type Row = Piece[] | undefined;

/** Puts a piece where it belongs among those of its row, from left to right; false where one lies over another. */
function place(row: Piece[], piece: Piece): boolean {
  let at = row.length;
  while (at > 0 && (row[at - 1]?.x ?? 0) > piece.x) at -= 1;
  const before = row[at - 1];
  const after = row[at];
  if (piece.x < 0 || (before && before.x + before.width > piece.x)) return false;
  if (after && piece.x + piece.width > after.x) return false;
  row.splice(at, 0, piece);
  return true;
}

function textOf(row: readonly Piece[]): string {
  let text = '';
  let at = 0;
  for (const piece of row) {
    if (piece.x > at) text += ' '.repeat(piece.x - at);
    text += piece.text;
    at = piece.x + piece.width;
  }
  return text.trimEnd();
}

/**
 * The rows of a frame, as text with its sequences. A row whose pieces stand beside each other is those pieces and the
 * spaces between, so nothing has to be taken apart cell by cell; the others are undefined, and left to Ink. Every piece
 * must end the sequences that it begins.
 */
export function compose(operations: readonly Operation[], height: number): (string | undefined)[] {
  const rows: Row[] = Array.from({ length: height }, () => []);
  const clips: Clip[] = [];
  for (const operation of operations) {
    if (operation.type === 'clip') clips.push(operation.clip);
    else if (operation.type === 'unclip') clips.pop();
    else draw(rows, operation, clips.at(-1));
  }
  return rows.map((row) => row && textOf(row));
}

function draw(
  rows: Row[],
  { x, y, text, transformers }: Extract<Operation, { type: 'write' }>,
  clip: Clip | undefined,
): void {
  const top = Math.max(0, clip?.y1 ?? 0);
  const bottom = Math.min(rows.length, clip?.y2 ?? rows.length);
  const lines = text.split('\n');
  const first = Math.max(0, top - y);
  for (let i = first; i < lines.length && y + i < bottom; i += 1) {
    const row = rows[y + i];
    if (!row) continue;
    let line = lines[i] ?? '';
    // Cut first, dressed afterwards: its own width is what counts.
    const width = widthOf(line);
    if (width === 0) continue;
    for (const transformer of transformers) line = transformer(line, i - first);
    const cut = x < (clip?.x1 ?? x) || x + width > (clip?.x2 ?? x + width);
    if (cut || !place(row, { x, width, text: line })) rows[y + i] = undefined;
  }
}
