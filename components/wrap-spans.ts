import { widthOf, wrap } from './fit.ts';
import type { Line, Span } from './theme.ts';

/** The words of styled text: what stands between two spaces may be of several styles. */
function wordsOf(spans: readonly Span[]): Span[][] {
  const words: Span[][] = [[]];
  for (const piece of spans) {
    for (const [i, text] of piece.text.split(' ').entries()) {
      if (i > 0) words.push([]);
      if (text !== '') words.at(-1)?.push({ ...piece, text });
    }
  }
  return words.filter((word) => word.length > 0);
}

const widthOfAll = (spans: readonly Span[]) => spans.reduce((sum, { text }) => sum + widthOf(text), 0);

/** A word that is wider than a line, in pieces that are not. */
function broken(word: readonly Span[], width: number): Span[][] {
  return word.flatMap((piece) => wrap(piece.text, width).map((text) => [{ ...piece, text }]));
}

/** Styled text as lines of at most `width` cells, broken between words where it can be; one empty line for nothing. */
export function wrapSpans(spans: readonly Span[], width: number): Line[] {
  const room = Math.max(1, width);
  const lines: Span[][] = [];
  let line: Span[] = [];
  let used = 0;
  for (const word of wordsOf(spans).flatMap((w) => (widthOfAll(w) > room ? broken(w, room) : [w]))) {
    const wide = widthOfAll(word);
    if (used > 0 && used + 1 + wide > room) {
      lines.push(line);
      line = [];
      used = 0;
    }
    if (used > 0) {
      const last = line.at(-1);
      const [first] = word;
      // A space inside one style keeps it, so that a stretch of code or bold text reads as one.
      const same = last?.tone === first?.tone && last?.bold === first?.bold;
      line.push(same && last ? { ...last, text: ' ' } : { text: ' ' });
      used += 1;
    }
    line.push(...word);
    used += wide;
  }
  if (line.length > 0 || lines.length === 0) lines.push(line);
  return lines.map(joined);
}

/** Neighbours of one style as one piece. */
function joined(spans: readonly Span[]): Line {
  const pieces: Span[] = [];
  for (const piece of spans) {
    const last = pieces.at(-1);
    if (last && last.tone === piece.tone && last.bold === piece.bold)
      pieces[pieces.length - 1] = { ...last, text: last.text + piece.text };
    else pieces.push(piece);
  }
  return pieces;
}
