import { graphemes } from './graphemes.ts';
import stringWidth from './string-width.ts';

/** Cells that `text` takes on the screen. */
export function widthOf(text: string): number {
  return stringWidth(text);
}

/** `text` cut to `width` cells, with `…` where something is missing; wide characters are never cut in two. */
export function cut(text: string, width: number): string {
  if (width <= 0) return '';
  if (widthOf(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    const w = widthOf(segment);
    if (used + w > width - 1) break;
    kept += segment;
    used += w;
  }
  return `${kept}…`;
}

/** `text` in exactly `width` cells: cut or filled up with spaces. */
export function fit(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const shown = cut(text, width);
  const fill = ' '.repeat(Math.max(0, width - widthOf(shown)));
  return align === 'left' ? shown + fill : fill + shown;
}

/** `text` as lines of at most `width` cells, broken between words where it can be. */
export function wrap(text: string, width: number): string[] {
  if (width <= 0) return [];
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (widthOf(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (widthOf(line) > width) {
      let head = '';
      for (const { segment } of graphemes.segment(line)) {
        if (widthOf(head + segment) > width) break;
        head += segment;
      }
      if (head === '') break;
      lines.push(head);
      line = line.slice(head.length);
    }
  }
  lines.push(line);
  return lines;
}

/** The part of `count` rows to draw in `height` lines so that the row under the cursor is well in sight. */
export function windowOf(count: number, cursor: number, height: number): { from: number; to: number } {
  const room = Math.max(1, height);
  const from = Math.max(0, Math.min(cursor - Math.floor(room / 2), count - room));
  return { from, to: Math.min(count, from + room) };
}
