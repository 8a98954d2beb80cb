/** What the mouse did, and over which cell, both counted from 0 at the upper left. */
export interface MouseReport {
  kind: 'press' | 'wheel-up' | 'wheel-down';
  x: number;
  y: number;
}

/** A whole report in SGR form (mode 1006): button, column, row; `M` pressed, `m` let go. */
const report = /\u001b\[<(\d{1,4});(\d{1,5});(\d{1,5})([Mm])/g;

/** The beginning of one at the end of a piece, no longer than a report can be. */
const begun = /\u001b\[<[\d;]{0,16}$/;

/** The same, its ESC already taken for the key because the piece ended with it. */
const afterEscape = /^\[<\d/;

function kindOf(button: number, final: string): MouseReport['kind'] | undefined {
  if (final === 'm') return undefined;
  if (button === 0) return 'press';
  if (button === 64) return 'wheel-up';
  return button === 65 ? 'wheel-down' : undefined;
}

/**
 * Tells what the mouse did from keys, however the input is cut into pieces: no part of a report is ever a key. Only the
 * left button and the wheel mean something; with a modifier they are left to the terminal.
 */
export class MouseReports {
  private held = '';
  private escaped = false;

  /** Takes the next piece of input; what is left of it are keys. */
  push(piece: string): { keys: string; reports: MouseReport[] } {
    let input = this.held + piece;
    if (this.escaped && afterEscape.test(input)) input = `\u001b${input}`;
    const reports: MouseReport[] = [];
    const keys = input.replace(report, (_, button: string, x: string, y: string, final: string) => {
      const kind = kindOf(Number(button), final);
      if (kind) reports.push({ kind, x: Number(x) - 1, y: Number(y) - 1 });
      return '';
    });
    this.held = begun.exec(keys)?.[0] ?? '';
    this.escaped = keys.endsWith('\u001b');
    return { keys: keys.slice(0, keys.length - this.held.length), reports };
  }
}
