import { type FileDiff, keptLines, keptWidth } from '../diff.ts';
import type { ChangeView, Side } from './detector.ts';

/** Characters of a text that is still parsed; beyond it a file is data, and its changed lines are read instead. */
export const largestText = 1_000_000;

export interface Sides {
  before: string;
  after: string;
}

/**
 * A file before and after the change, a side that does not exist as an empty text; undefined where one cannot be had.
 * A file that is new, or gone, is its own diff: it needs no text unless the diff was cut.
 */
export function sidesOf(change: ChangeView, file: FileDiff, largest = largestText): Sides | undefined {
  if (file.binary) return undefined;
  const before = file.status === 'added' ? '' : textOf(change, file, 'before');
  const after = file.status === 'deleted' ? '' : textOf(change, file, 'after');
  if (before === undefined || after === undefined) return undefined;
  return before.length > largest || after.length > largest ? undefined : { before, after };
}

function textOf(change: ChangeView, file: FileDiff, side: Side): string | undefined {
  const text = change.text(file, side);
  if (text !== undefined || (file.status !== 'added' && file.status !== 'deleted')) return text;
  const lines = side === 'before' ? file.removed : file.added;
  const whole = lines.length < keptLines && lines.every((line) => line.text.length < keptWidth);
  return whole ? lines.map((line) => line.text).join('\n') : undefined;
}
