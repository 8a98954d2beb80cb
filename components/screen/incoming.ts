const opening = '\u001b[200~';
const closing = '\u001b[201~';

/** More of a paste than this is thrown away, in characters. */
const mostPasted = 10_000;

/** What one piece of input held: keys as they were typed, and texts that were pasted. */
export interface Arrived {
  keys: string;
  pastes: string[];
}

/**
 * Tells pasted text (bracketed paste, mode 2004) from keys, however the input is cut into pieces. A paste that never
 * ends would take every key; a ctrl-c by itself ends it.
 */
export class Incoming {
  private pasted: string | undefined;
  /** The beginning of a bracket that is not whole yet. */
  private held = '';
  private afterEscape = false;

  /** Takes the next piece of input. */
  push(piece: string): Arrived {
    const arrived: Arrived = { keys: '', pastes: [] };
    if (this.pasted !== undefined && piece === '\u0003') {
      this.pasted = undefined;
      this.held = '';
      return { keys: piece, pastes: [] };
    }
    let input = this.held + piece;
    if (this.afterEscape && this.pasted === undefined && input.startsWith('[20')) input = `\u001b${input}`;
    this.held = '';
    this.afterEscape = false;
    while (input !== '') {
      const bracket = this.pasted === undefined ? opening : closing;
      const at = input.indexOf(bracket);
      if (at === -1) {
        const kept = this.hold(input, bracket);
        this.take(input.slice(0, input.length - kept), arrived);
        break;
      }
      this.take(input.slice(0, at), arrived);
      if (this.pasted === undefined) this.pasted = '';
      else {
        arrived.pastes.push(this.pasted);
        this.pasted = undefined;
      }
      input = input.slice(at + bracket.length);
    }
    return arrived;
  }

  private take(text: string, arrived: Arrived): void {
    if (this.pasted === undefined) arrived.keys += text;
    else if (this.pasted.length < mostPasted) this.pasted = (this.pasted + text).slice(0, mostPasted);
  }

  /** Holds back an end of `input` that may be the beginning of `bracket`; how long it is. A lone ESC is the key. */
  private hold(input: string, bracket: string): number {
    for (let length = bracket.length - 1; length > 0; length -= 1) {
      if (!input.endsWith(bracket.slice(0, length))) continue;
      if (this.pasted === undefined && length === 1) {
        this.afterEscape = true;
        return 0;
      }
      this.held = bracket.slice(0, length);
      return length;
    }
    return 0;
  }
}
