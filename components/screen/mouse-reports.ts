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

/** The beginning of one that went on as keys, because a piece ended with it and a lone ESC is one; and how it goes on. */
const passedOn = /\u001b\[?$/;
const goesOn = /^\u001b\[(?:<|$)/;

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
  private passed = '';

  /** Takes the next piece of input; what is left of it are keys. */
  push(piece: string): { keys: string; reports: MouseReport[] } {
    let input = this.held + piece;
    const whole = this.passed + input;
    this.passed = '';
    if (whole === '\u001b[' && input === '[') {
      this.passed = whole;
      return { keys: piece, reports: [] };
    }
    if (whole !== input && goesOn.test(whole)) input = whole;
    const reports: MouseReport[] = [];
    const keys = input.replace(report, (_, button: string, x: string, y: string, final: string) => {
      const kind = kindOf(Number(button), final);
      if (kind) reports.push({ kind, x: Number(x) - 1, y: Number(y) - 1 });
      return '';
    });
    this.held = begun.exec(keys)?.[0] ?? '';
    this.passed = passedOn.exec(keys)?.[0] ?? '';
    return { keys: keys.slice(0, keys.length - this.held.length), reports };
  }
}
