import { widthOf } from './fit.ts';
import { graphemes } from './graphemes.ts';

/** `text` as lines of at most `width` cells, broken where they are full: for code and outputs, whose spaces mean something. */
export function fold(text: string, width: number): string[] {
  if (widthOf(text) <= width) return [text];
  const lines: string[] = [];
  let line = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    const wide = widthOf(segment);
    if (used > 0 && used + wide > Math.max(1, width)) {
      lines.push(line);
      line = '';
      used = 0;
    }
    line += segment;
    used += wide;
  }
  return [...lines, line];
}
