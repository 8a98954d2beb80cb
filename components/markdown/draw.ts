import { inlineOf } from '../../src/domain/inline-markdown.ts';
import { safeText } from '../../src/domain/safe-text.ts';
import type { Drawn } from '../details/drawn.ts';
import { widthOf } from '../fit.ts';
import { fold } from '../fold.ts';
import { section } from '../panes/pane.ts';
import { blank, type Line, type Span, span } from '../theme.ts';
import { wrapSpans } from '../wrap-spans.ts';
import { type Block, blocksOf } from './blocks.ts';
import { tableLines } from './table.ts';

/** What is known of a task beside its text: whether it is done by now, and by whom. */
export interface Task {
  id: string;
  done: boolean;
  /** `Ada, 14:25`; undefined where no person did it. */
  by: string | undefined;
  /** Whether the program ticks it. */
  own: boolean;
}

/** The tasks of a document in their order, by their text; each is taken once. */
export type TakeTask = (text: string) => Task | undefined;

const bullets = ['•', '◦', '▪', '▫', '·'];

function styled(text: string): Span[] {
  return inlineOf(text).map(({ text: words, bold, code }) =>
    span(safeText(words), code ? 'accent' : 'plain', bold),
  );
}

/** Text behind a mark, its further lines below its first. */
function hanging(mark: readonly Span[], text: readonly Span[], width: number): Line[] {
  const wide = mark.reduce((sum, s) => sum + widthOf(s.text), 0);
  return wrapSpans(text, width - wide).map((line, i) =>
    i === 0 ? [...mark, ...line] : [span(' '.repeat(wide)), ...line],
  );
}

function itemLines(block: Extract<Block, { kind: 'item' }>, task: Task | undefined, width: number): Line[] {
  const { depth, marker, done } = block;
  const indent = span('  '.repeat(depth));
  const text = styled(block.text);
  if (done === undefined)
    return hanging(
      [indent, span(`${marker === '' ? (bullets[depth] ?? '•') : marker} `, 'accent')],
      text,
      width,
    );
  const ticked = task?.done ?? done;
  const who = task?.by ?? (task?.own && !ticked ? 'by itself' : undefined);
  const told = who === undefined ? [] : [span(` (${who})`, 'quiet')];
  return hanging(
    [indent, span(ticked ? '[x] ' : '[ ] ', ticked ? 'ok' : 'warn', true)],
    [...text, ...told],
    width,
  );
}

function blockLines(block: Block, take: TakeTask, width: number): Omit<Drawn, 'source'>[] {
  const lines = (all: readonly Line[]) => all.map((line) => ({ line }));
  switch (block.kind) {
    case 'heading': {
      const text = styled(block.text).map((s) => ({ ...s, bold: true, tone: 'accent' as const }));
      if (block.level > 2) return lines(wrapSpans(text, width));
      if (block.level === 2) return lines([section(text.map((s) => s.text).join(''), width)]);
      return lines([...wrapSpans(text, width), [span('═'.repeat(width), 'quiet')]]);
    }
    case 'paragraph':
      return lines(wrapSpans(styled(block.text), width));
    case 'quote':
      return lines(hanging([span('▏ ', 'quiet')], styled(block.text), width));
    case 'item': {
      const task = block.done === undefined ? undefined : take(block.text);
      return itemLines(block, task, width).map((line) => ({ line, ...(task && { item: task.id }) }));
    }
    case 'code':
      return lines(
        block.lines.flatMap((text) =>
          fold(safeText(text), width - 2).map((part, i): Line => [
            span(i === 0 ? '│ ' : '┊ ', 'quiet'),
            span(part),
          ]),
        ),
      );
    case 'table':
      return lines(
        tableLines(
          block.head.map(styled),
          block.rows.map((row) => row.map(styled)),
          width,
        ),
      );
    case 'rule':
      return lines([[span('─'.repeat(width), 'quiet')]]);
    default:
      return block satisfies never;
  }
}

/** Whether a blank line stands between two blocks: not between the items of one list. */
function apart(before: Block | undefined, block: Block): boolean {
  return before !== undefined && !(before.kind === 'item' && block.kind === 'item');
}

/** A Markdown document, given as lines, drawn in `width` cells. Pure; what came from outside is safe in it. */
export function markdownLines(
  lines: readonly string[],
  width: number,
  take: TakeTask = () => undefined,
): Drawn[] {
  const blocks = blocksOf(lines);
  return blocks.flatMap((block, i) => [
    ...(apart(blocks[i - 1], block) ? [{ line: blank, source: block.source }] : []),
    ...blockLines(block, take, width).map((drawn) => ({ ...drawn, source: block.source })),
  ]);
}
