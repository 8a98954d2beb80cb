import type { Share } from '../../src/domain/analysis.ts';
import { type Span, span } from '../theme.ts';

/**
 * A share on a scale from 0 to 100 % in `width` cells: its interval as a line with two ends, the share as a point on it,
 * and, where one is given, what was expected as a diamond. The shapes differ, so it reads without colour.
 */
export function intervalBar({ count, n, interval }: Share, width: number, expected?: number): Span[] {
  const cells = Math.max(5, width);
  const cellOf = (share: number) => Math.max(0, Math.min(cells - 1, Math.round(share * (cells - 1))));
  const [low, high] = [cellOf(interval[0]), cellOf(interval[1])];
  const point = n === 0 ? -1 : cellOf(count / n);
  const diamond = expected === undefined ? -1 : cellOf(expected);
  return Array.from({ length: cells }, (_, i): Span => {
    if (i === point) return span(i === diamond ? '◆' : '●', 'accent', true);
    if (i === diamond) return span('◇', 'warn', true);
    if (i < low || i > high) return span('·', 'quiet');
    return span(i === low ? '├' : i === high ? '┤' : '─');
  });
}

/** What the cells of such bars stand for, `before` cells further in. */
export function scale(before: number, width: number): Span {
  const cells = Math.max(5, width);
  return span(`${' '.repeat(before)}0 %${' '.repeat(Math.max(1, cells - 8))}100 %`, 'quiet');
}
