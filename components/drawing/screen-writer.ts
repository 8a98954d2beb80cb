import { widthOf } from '../fit.ts';

/** The terminal as the writer needs it. */
export interface Screen {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
  /** Columns and rows as they are now. */
  getWindowSize?(): [number, number];
  /** How often everything on the screen was wiped by others; whatever stood there has to be drawn again. */
  wiped?: number;
}

/** The shape that Ink knows as `log-update`. */
export interface ScreenWriter {
  (frame: string): boolean;
  clear(): void;
  done(): void;
  sync(frame: string): void;
  setCursorPosition(): void;
  isCursorDirty(): boolean;
  willRender(frame: string): boolean;
}

const begin = '\u001b[?2026h';
const end = '\u001b[?2026l';
const eraseLine = '\u001b[K';
const eraseBelow = '\u001b[J';
const home = '\u001b[H';

const rowsOf = (frame: string) => (frame.endsWith('\n') ? frame.slice(0, -1) : frame).split('\n');

/**
 * Draws frames over the whole screen, from its first cell. Only rows that changed are written, in one piece with the
 * marks of a synchronized update around it; all of them after the terminal's size changed or the screen was wiped.
 */
function create(screen: Screen): ScreenWriter {
  let drawn: string[] | undefined;
  let size = '';
  let wiped: number | undefined;

  function changes(frame: string): string {
    const [columns, height] = screen.getWindowSize?.() ?? [screen.columns ?? 80, Number.POSITIVE_INFINITY];
    const now = `${columns}×${height}`;
    if (now !== size || screen.wiped !== wiped) drawn = undefined;
    size = now;
    ({ wiped } = screen);
    const before = drawn;
    // What does not fit would be drawn over the last row.
    const rows = rowsOf(frame).slice(0, height);
    drawn = rows;
    // Behind a row that ends at the edge the cursor stands on its last cell still, which erasing would take.
    const whole = (row: string) => (widthOf(row) < columns ? row + eraseLine : row);
    // The cursor, hidden as it is, stays below the frame.
    const below = `\u001b[${rows.length + 1};1H`;
    if (!before)
      return `${home}${rows.map(whole).join('\r\n')}${below}${rows.length < height ? eraseBelow : ''}`;
    let text = '';
    for (const [y, row] of rows.entries()) if (row !== before[y]) text += `\u001b[${y + 1};1H${whole(row)}`;
    if (rows.length < before.length) return `${text}${below}${eraseBelow}`;
    return text === '' ? '' : text + below;
  }

  const write = (frame: string) => {
    const text = changes(frame);
    if (text === '') return false;
    screen.write(screen.isTTY ? `${begin}${text}${end}` : text);
    return true;
  };
  return Object.assign(write, {
    clear() {
      drawn = undefined;
    },
    done() {
      drawn = undefined;
    },
    sync() {
      drawn = undefined;
    },
    setCursorPosition() {
      // The terminal's own cursor stays hidden.
    },
    isCursorDirty: () => false,
    willRender: () => true,
  });
}

export default { create };
