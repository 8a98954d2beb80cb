import { widthOf } from '../fit.ts';
import type { Outgoing } from './outgoing.ts';

const begin = '\u001b[?2026h';
const end = '\u001b[?2026l';
const wipe = '\u001b[2J';
const home = '\u001b[H';
const eraseLine = '\u001b[K';
const eraseBelow = '\u001b[J';

const toRow = (y: number) => `\u001b[${y + 1};1H`;

const rowsOf = (frame: string) => (frame.endsWith('\n') ? frame.slice(0, -1) : frame).split('\n');

/**
 * Makes of each frame what has to be written to show it, from the first cell of the screen on: only the rows that
 * changed, or all where the screen shows nothing of ours. It is one write, between the marks of synchronized output (mode
 * 2026; a terminal that does not know it ignores them), so that no half of a frame is ever seen.
 */
export class Frames {
  private readonly outgoing: Outgoing;
  private readonly size: () => { columns: number; rows: number };
  private last: string | undefined;
  /** The rows on the screen, cut to its height; undefined where it shows nothing of ours. */
  private shown: string[] | undefined;
  private shownAt = '';

  constructor(outgoing: Outgoing, size: () => { columns: number; rows: number }) {
    this.outgoing = outgoing;
    this.size = size;
  }

  /** What to write so that the screen shows `frame`; empty where it does. */
  draw(frame: string): string {
    const { columns, rows: height } = this.size();
    const at = `${columns}×${height}`;
    const before = at === this.shownAt ? this.shown : undefined;
    // A row that has no room would be drawn over the last one.
    const rows = rowsOf(frame).slice(0, height);
    this.last = frame;
    this.shown = rows;
    this.shownAt = at;
    // Behind a row that ends at the edge the cursor stands on its last cell still, which erasing would take.
    const whole = (row: string) => (widthOf(row) < columns ? row + eraseLine : row);
    // The cursor, hidden as it is, rests below the frame.
    const rest = toRow(rows.length);
    const changed = before
      ? rows.flatMap((row, y) => (row === before[y] ? [] : toRow(y) + whole(row))).join('')
      : `${wipe}${home}${rows.map(whole).join('\r\n')}`;
    const shorter = before && rows.length < before.length ? rest + eraseBelow : '';
    if (changed === '' && shorter === '') return '';
    return begin + this.outgoing(changed + shorter + rest) + end;
  }

  /** The screen no longer shows the last frame: the next one begins on an empty screen. */
  lose(): void {
    this.shown = undefined;
  }

  /** Whether the screen still waits for the frame that `lose` promised. */
  get lost(): boolean {
    return this.shown === undefined;
  }

  /** The last frame again, on an empty screen; nothing before the first. */
  again(): string {
    this.lose();
    return this.last === undefined ? '' : this.draw(this.last);
  }
}
