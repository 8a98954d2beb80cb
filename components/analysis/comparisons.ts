import type { Group, Share } from '../../src/domain/analysis.ts';
import { shareWords, tooFew } from '../../src/domain/analysis-words.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import { fit } from '../fit.ts';
import { section } from '../panes/pane.ts';
import { type Line, span } from '../theme.ts';
import { intervalBar, scale } from './interval-bar.ts';

/** Cells of a row's name, and of `123 of 456 (78–90 %)`. */
const nameWidth = 17;
const wordsWidth = 23;

/** A name, its share as a bar with its interval, and the same in words; where there is too little, that instead. */
export function barLine(name: string, share: Share, width: number, expected?: number): Line {
  const label = span(`${fit(safeText(name, 60), nameWidth - 1)} `);
  if (tooFew(share)) return [label, span(`n=${share.n}: too few`, 'quiet')];
  const bar = Math.min(60, width - nameWidth - wordsWidth);
  const words = span(shareWords(share), 'quiet');
  return bar < 8 ? [label, words] : [label, ...intervalBar(share, bar, expected), span(' '), words];
}

/** The scale above such lines; none where they have no room for bars. */
export function scaleLine(width: number): Line[] {
  const bar = Math.min(60, width - nameWidth - wordsWidth);
  return bar < 8 ? [] : [[scale(nameWidth, bar)]];
}

/** A comparison as a block of bars; nothing where there is nothing to compare. */
export function groupBlock(
  title: string,
  groups: readonly Group[],
  width: number,
  nameOf: (key: string) => string = (key) => key,
): Line[] {
  if (groups.length === 0) return [];
  return [
    section(title, width),
    ...(groups.every(tooFew) ? [] : scaleLine(width)),
    ...groups.map((group) => barLine(nameOf(group.key), group, width)),
  ];
}
