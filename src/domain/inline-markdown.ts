/** A piece of a line of Markdown in one style; its text is as people read it. */
export interface Inline {
  text: string;
  bold?: true;
  emphasis?: true;
  code?: true;
}

/** A run of backticks of exactly `length`, from `from` on; −1 where there is none. */
function closingTicks(text: string, from: number, length: number): number {
  for (let at = text.indexOf('`', from); at >= 0;) {
    let end = at;
    while (text[end] === '`') end += 1;
    if (end - at === length) return at;
    at = text.indexOf('`', end);
  }
  return -1;
}

/** A longer one is shown as it was written, in characters. */
const linkLength = 500;

/** `[words](place)` from `at` on, as its words and where it ends; undefined where it is no link. */
function linkAt(text: string, at: number): { words: string; place: string; end: number } | undefined {
  const near = text.slice(at, at + linkLength);
  const middle = near.indexOf('](');
  const end = middle < 0 ? -1 : near.indexOf(')', middle);
  const words = end < 0 ? undefined : near.slice(1, middle);
  return words === undefined || words.includes('[')
    ? undefined
    : { words, place: near.slice(middle + 2, end), end: at + end + 1 };
}

/**
 * The styles of one line of Markdown: code, bold, emphasis, links (as `words (place)`) and escapes. What is not closed
 * stands as it was written. Pure; time grows with the text's length.
 */
export function inlineOf(text: string): Inline[] {
  const pieces: Inline[] = [];
  let bold: true | false = false;
  let emphasis: true | false = false;
  let plain = '';
  // Where nothing closes any more is found out once: else a row of openers would be searched again and again.
  const hopeless = new Set<string>();
  const put = (piece: Inline) => {
    if (piece.text !== '') pieces.push(piece);
  };
  const flush = () => {
    put({ text: plain, ...(bold && { bold }), ...(emphasis && { emphasis }) });
    plain = '';
  };
  const closes = (mark: string, from: number): boolean => {
    if (hopeless.has(mark)) return false;
    const found = text.indexOf(mark, from) >= 0;
    if (!found) hopeless.add(mark);
    return found;
  };
  for (let at = 0; at < text.length;) {
    const character = text.charAt(at);
    if (character === '\\' && /[!-/:-@[-`{-~]/.test(text.charAt(at + 1))) {
      plain += text.charAt(at + 1);
      at += 2;
    } else if (character === '`') {
      let open = at;
      while (text[open] === '`') open += 1;
      const ticks = text.slice(at, open);
      const close = hopeless.has(ticks) ? -1 : closingTicks(text, open, ticks.length);
      if (close < 0) {
        hopeless.add(ticks);
        plain += ticks;
        at = open;
      } else {
        flush();
        const inner = text.slice(open, close).replaceAll('\\|', '|');
        const padded = inner.length > 2 && inner.startsWith(' ') && inner.endsWith(' ');
        put({ text: padded ? inner.slice(1, -1) : inner, code: true });
        at = close + ticks.length;
      }
    } else if (text.startsWith('__', at)) {
      // A line to be filled in by hand.
      let end = at;
      while (text[end] === '_') end += 1;
      plain += text.slice(at, end);
      at = end;
    } else if (text.startsWith('**', at)) {
      if (bold || closes('**', at + 2)) {
        flush();
        bold = !bold;
      } else plain += '**';
      at += 2;
    } else if (
      (character === '*' || character === '_') &&
      (emphasis || (/\S/.test(text.charAt(at + 1)) && closes(character, at + 1))) &&
      (character === '*' || !/\w/.test(emphasis ? text.charAt(at + 1) : text.charAt(at - 1)))
    ) {
      flush();
      emphasis = !emphasis;
      at += 1;
    } else {
      const link = character === '[' && closes('](', at) ? linkAt(text, at) : undefined;
      plain += link ? `${link.words}${link.place === link.words ? '' : ` (${link.place})`}` : character;
      at = link ? link.end : at + 1;
    }
  }
  flush();
  return pieces;
}

/** A line of Markdown as plain words. */
export function plainWords(text: string): string {
  return inlineOf(text)
    .map((piece) => piece.text)
    .join('');
}
