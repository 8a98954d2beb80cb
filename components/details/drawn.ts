import type { Reveal } from '../../store/reading.ts';
import { windowOf } from '../fit.ts';
import { type Line, type Span, span } from '../theme.ts';

/** A line of an open document with where it comes from. */
export interface Drawn {
  line: Line;
  /** The line of the text it was drawn from, from 0; long ones are drawn in several. */
  source: number;
  /** The item of the checklist it belongs to. */
  item?: string;
}

const textOf = (line: Line) => line.map((s) => s.text).join('');

/** Where `text` is found, upper and lower case alike: the lines to show, one a place in the document. */
export function hitsIn(drawn: readonly Drawn[], text: string): number[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return [];
  const hits: number[] = [];
  for (let from = 0; from < drawn.length;) {
    const source = drawn[from]?.source;
    let to = from + 1;
    while (drawn[to]?.source === source && to < drawn.length) to += 1;
    const lines = drawn.slice(from, to).map(({ line }) => textOf(line).toLowerCase());
    const whole = lines.flatMap((line, i) => (line.includes(wanted) ? [from + i] : []));
    // Words that are broken over two lines are found where they begin.
    if (whole.length > 0) hits.push(...whole);
    else if (
      lines
        .map((line) => line.trim())
        .join(' ')
        .includes(wanted)
    )
      hits.push(from);
    from = to;
  }
  return hits;
}

/** The line with every place of `text` in it standing out. */
export function marked(line: Line, text: string): Line {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return line;
  return line.flatMap((piece): Span[] => {
    const lower = piece.text.toLowerCase();
    // Letters whose lower case has another length would shift the places.
    if (lower.length !== piece.text.length || !lower.includes(wanted)) return [piece];
    const parts: Span[] = [];
    let at = 0;
    for (let found = lower.indexOf(wanted); found >= 0; found = lower.indexOf(wanted, at)) {
      if (found > at) parts.push({ ...piece, text: piece.text.slice(at, found) });
      at = found + wanted.length;
      parts.push(span(piece.text.slice(found, at), 'warn', true));
    }
    if (at < piece.text.length) parts.push({ ...piece, text: piece.text.slice(at) });
    return parts;
  });
}

/** Of the hits the one that is meant; going on after the last begins with the first. */
export function hitAt(hits: readonly number[], hit: number): number | undefined {
  return hits.length === 0 ? undefined : hits[((hit % hits.length) + hits.length) % hits.length];
}

/** The line that is to stay in sight; undefined where the person scrolls. */
export function revealed(
  drawn: readonly Drawn[],
  reveal: Reveal | undefined,
  hits: readonly number[],
): number | undefined {
  switch (reveal?.kind) {
    case undefined:
      return undefined;
    case 'end':
      return drawn.length - 1;
    case 'line': {
      const found = drawn.findIndex(({ source }) => source >= reveal.line);
      return found < 0 ? drawn.length - 1 : found;
    }
    case 'item': {
      const found = drawn.findIndex(({ item }) => item === reveal.item);
      return found < 0 ? undefined : found;
    }
    case 'hit':
      return hitAt(hits, reveal.hit);
    default:
      return reveal satisfies never;
  }
}

/** The first of the lines to draw in `height`, so that what is to stay in sight does. */
export function firstLine(
  count: number,
  height: number,
  wanted: { scroll: number; shown: number | undefined },
): number {
  const limit = Math.max(0, count - height);
  if (wanted.shown === undefined) return Math.min(wanted.scroll, limit);
  // What is in sight already does not make the page jump.
  if (wanted.shown >= wanted.scroll + 1 && wanted.shown < wanted.scroll + height - 1)
    return Math.min(wanted.scroll, limit);
  return windowOf(count, wanted.shown, height).from;
}
