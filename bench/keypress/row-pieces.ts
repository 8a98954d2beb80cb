import type { Terminal } from '@xterm/headless';
import type { Piece } from './frames.ts';

const names = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

/** Row `y` of the screen as pieces of one style each; plain spaces at its end are left out. */
export function rowPieces(term: Terminal, y: number): Piece[] {
  const line = term.buffer.active.getLine(y);
  const row: Piece[] = [];
  let style = '';
  for (let x = 0; x < term.cols; x += 1) {
    const cell = line?.getCell(x);
    if (!cell || cell.getWidth() === 0) continue;
    const value = cell.getFgColor();
    const color = cell.isFgRGB()
      ? `#${value.toString(16).padStart(6, '0')}`
      : !cell.isFgPalette()
        ? undefined
        : value === 8
          ? 'gray'
          : value < 8
            ? names[value]
            : `ansi256(${value})`;
    const piece = {
      text: cell.getChars() || ' ',
      ...(color ? { color } : {}),
      ...(cell.isBold() ? { bold: true } : {}),
      ...(cell.isDim() ? { dim: true } : {}),
      ...(cell.isInverse() ? { inverse: true } : {}),
    };
    const now = JSON.stringify({ ...piece, text: '' });
    const before = row.at(-1);
    if (before && now === style) before.text += piece.text;
    else row.push(piece);
    style = now;
  }
  const end = row.at(-1);
  if (end && Object.keys(end).length === 1) end.text = end.text.trimEnd();
  return row.filter((piece) => piece.text !== '');
}
