import type { Outgoing } from './outgoing.ts';

const begin = '\u001b[?2026h';
const end = '\u001b[?2026l';
const wipe = '\u001b[2J\u001b[H';

/** What the renderer writes to take its last frame away, without a new one. */
const onlyErases = /^(?:\u001b\[(?:2K|1A|\d*A|G))+$/;

/**
 * Makes whole frames of what the renderer writes, so that no half of one is ever seen: each is one write, between the
 * marks of synchronized output (mode 2026; a terminal that does not know it ignores them). Pure but for the last frame,
 * which it keeps to draw it again.
 */
export class Frames {
  private readonly outgoing: Outgoing;
  private open: string | undefined;
  private last = '';
  private wiping = false;

  constructor(outgoing: Outgoing) {
    this.outgoing = outgoing;
  }

  /** What to write for one piece of the renderer's output; empty while a frame is not whole. */
  take(piece: string): string {
    if (piece === begin) {
      this.open ??= '';
      return '';
    }
    if (piece === end) {
      const frame = this.open ?? '';
      this.open = undefined;
      return frame === '' ? '' : this.frame(frame);
    }
    if (this.open !== undefined) {
      this.open += piece;
      return '';
    }
    if (onlyErases.test(piece)) {
      this.wiping = true;
      return '';
    }
    return this.outgoing(piece);
  }

  private frame(drawn: string): string {
    this.last = drawn;
    const cleared = this.wiping ? wipe : '';
    this.wiping = false;
    return begin + cleared + this.outgoing(drawn) + end;
  }

  /** The screen no longer shows the last frame: the next one begins on an empty screen. */
  lose(): void {
    this.wiping = true;
  }

  /** Whether the screen still waits for the frame that `lose` promised. */
  get lost(): boolean {
    return this.wiping;
  }

  /** The last frame again, on an empty screen; nothing before the first. */
  again(): string {
    this.wiping = true;
    return this.last === '' ? '' : this.frame(this.last);
  }
}
