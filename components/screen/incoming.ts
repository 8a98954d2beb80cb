const opening = '\u001b[200~';
const closing = '\u001b[201~';

/** So much of an opening bracket may be keys that somebody typed: esc, `[` and the number of a view. */
const mostTyped = 3;

/** More of a paste than this is thrown away, in characters. */
const mostPasted = 10_000;

/** What one piece of input held: keys as they were typed, and texts that were pasted. */
export interface Arrived {
  keys: string;
  pastes: string[];
}

/**
 * Tells pasted text (bracketed paste, mode 2004) from keys, however the input is cut into pieces. A bracket that is cut
 * right behind its ESC has up to three characters go on as keys, which close and show; what it opens is still no keys. A
 * paste that never ends would take every key; a ctrl-c by itself ends it.
 */
export class Incoming {
  private pasted: string | undefined;
  /** The beginning of a bracket that is not whole yet. */
  private held = '';
  /** What of an opening bracket went on as keys, because a lone ESC is one; all of it that came so far. */
  private passed = '';

  /** Takes the next piece of input. */
  push(piece: string): Arrived {
    const arrived: Arrived = { keys: '', pastes: [] };
    if (this.pasted !== undefined && piece === '\u0003') {
      this.pasted = undefined;
      this.held = '';
      return { keys: piece, pastes: [] };
    }
    let input = this.held + piece;
    this.held = '';
    if (this.passed !== '' && this.pasted === undefined) {
      const begun = this.passed + input;
      this.passed = '';
      if (begun.startsWith(opening)) input = begun;
      else if (opening.startsWith(begun)) return this.goOn(begun, input);
    }
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

  /** An opening bracket after a lone ESC, not whole yet: nobody types so much of one by hand. */
  private goOn(begun: string, input: string): Arrived {
    const typed = begun.length <= mostTyped;
    if (typed) this.passed = begun;
    else this.held = begun;
    return { keys: typed ? input : '', pastes: [] };
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
        this.passed = opening[0] ?? '';
        return 0;
      }
      this.held = bracket.slice(0, length);
      return length;
    }
    return 0;
  }
}
