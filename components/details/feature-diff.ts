import { counted } from '../../src/domain/counted.ts';
import type { CommitNote, DiffRow } from '../../src/domain/feature-diff.ts';
import { cut, fit, widthOf } from '../fit.ts';
import { graphemes } from '../graphemes.ts';
import { oneCellEach } from '../string-width.ts';
import { blank, type Line, span, type Tone } from '../theme.ts';
import { dayAndTime } from './feature-commits.ts';
import { cutStart } from './feature-files.ts';

export interface DiffContext {
  /** What is known of the commits, to head their changes with; none while they are read. */
  notes: readonly CommitNote[];
  /** Cells of a line number. */
  digits: number;
  width: number;
}

/** Widths from which both line numbers stand beside a line; below it is the new one's, or of a removed line the old one's. */
const roomForBoth = 90;

/** `text` in pieces of at most `width` cells, broken anywhere: code keeps its columns. */
export function fold(text: string, width: number): string[] {
  if (width <= 0) return [];
  if (widthOf(text) <= width) return [text];
  const lines: string[] = [];
  if (oneCellEach.test(text)) {
    for (let at = 0; at < text.length; at += width) lines.push(text.slice(at, at + width));
    return lines;
  }
  let line = '';
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    const cells = widthOf(segment);
    if (used + cells > width && line !== '') {
      lines.push(line);
      line = '';
      used = 0;
    }
    line += segment;
    used += cells;
  }
  return [...lines, line];
}

/** What follows from all rows of a diff, made once for each set of them. */
export interface DiffIndex {
  /** Cells that the largest line number takes, four at least so that the columns rarely move. */
  digits: number;
  /** The rows at which files begin. */
  files: readonly number[];
}

const indexes = new WeakMap<readonly DiffRow[], DiffIndex>();

/** The index of `rows`, which must not change any more. */
export function indexOf(rows: readonly DiffRow[]): DiffIndex {
  const known = indexes.get(rows);
  if (known) return known;
  let last = 0;
  const files: number[] = [];
  for (const [i, row] of rows.entries()) {
    if (row.kind === 'file') files.push(i);
    last = Math.max(last, 'new' in row ? row.new : 0, 'old' in row ? row.old : 0);
  }
  const index = { digits: Math.max(4, String(last).length), files };
  indexes.set(rows, index);
  return index;
}

const signs = { same: ' ', added: '+', removed: '−' } as const;
const tones = { same: 'plain', added: 'ok', removed: 'bad' } as const satisfies Record<string, Tone>;

type CodeRow = Extract<DiffRow, { kind: 'same' | 'added' | 'removed' }>;

function gutterOf(row: CodeRow, { digits, width }: DiffContext): string {
  const old = row.kind === 'added' ? '' : String(row.old);
  const now = row.kind === 'removed' ? '' : String(row.new);
  if (width < roomForBoth) return fit(now || old, digits, 'right');
  return `${fit(old, digits, 'right')} ${fit(now, digits, 'right')}`;
}

const gutterWidth = ({ digits, width }: DiffContext) => (width < roomForBoth ? digits : 2 * digits + 1);

function codeLines(row: CodeRow, context: DiffContext): Line[] {
  const gutter = gutterOf(row, context);
  const empty = ' '.repeat(gutter.length);
  return fold(row.text, context.width - gutter.length - 3).map((text, i) => [
    span(`${i === 0 ? gutter : empty} `, 'quiet'),
    span(i === 0 ? signs[row.kind] : ' ', tones[row.kind], true),
    span(` ${text}`, tones[row.kind]),
  ]);
}

function fileText({ path, from, status }: Extract<DiffRow, { kind: 'file' }>, width: number): string {
  if (from === undefined) return cutStart(path, width);
  const half = Math.max(8, Math.floor((width - 3) / 2));
  return cut(`${cutStart(from, half)} ${status === 'renamed' ? '→' : '⇒'} ${cutStart(path, half)}`, width);
}

/** The lines of the screen that one row of a diff takes. */
export function rowLines(row: DiffRow, context: DiffContext): Line[] {
  const { width, notes } = context;
  switch (row.kind) {
    case 'commit': {
      const note = notes.find(({ sha }) => sha === row.sha);
      const said = note ? ` ${note.subject} · ${note.author} · ${dayAndTime(note.at)} ` : ' ';
      const text = cut(`── ${row.sha.slice(0, 8)}${said}`, width);
      return [[span(`${text}${'─'.repeat(Math.max(0, width - widthOf(text)))}`, 'accent')]];
    }
    case 'file':
      return [blank, [span(fit(row.status, 9), 'accent'), span(fileText(row, width - 9), 'plain', true)]];
    case 'note':
      return fold(row.text, width - 2).map((text): Line => [span(`  ${text}`, 'quiet')]);
    case 'hunk':
      return [[span(cut(`${' '.repeat(gutterWidth(context))} ${row.text}`, width), 'accent')]];
    case 'same':
    case 'added':
    case 'removed':
      return codeLines(row, context);
    case 'left':
      return leftLines(row, width);
    default:
      return row satisfies never;
  }
}

function leftLines(
  { lines, files, more, commands }: Extract<DiffRow, { kind: 'left' }>,
  width: number,
): Line[] {
  const inFiles = files > 0 ? `, ${counted(files, 'file')} of them whole` : '';
  const text = `! ${more ? 'more than ' : ''}${counted(lines, 'more line')}${inFiles}. All of it:`;
  return [
    blank,
    ...fold(text, width).map((line): Line => [span(line, 'warn')]),
    ...commands.map((command): Line => [span(cut(`  ${command}`, width))]),
  ];
}

/** How much of a diff is seen from one of its rows. */
export interface DiffWindow {
  lines: Line[];
  /** The last row that has anything below it to scroll to. */
  limit: number;
  /** Rows wholly in sight, for a page; 1 at least. */
  page: number;
}

/** The rows from `from` on that fill `height` lines. Takes time in the height, not in the length of the diff. */
export function diffWindow(
  rows: readonly DiffRow[],
  from: number,
  context: DiffContext,
  height: number,
): DiffWindow {
  let limit = rows.length;
  for (let below = 0; limit > 0; limit -= 1) {
    const row = rows[limit - 1];
    below += row ? rowLines(row, context).length : 0;
    if (below > height) break;
  }
  limit = Math.max(0, Math.min(limit, rows.length - 1));
  const lines: Line[] = [];
  let at = Math.max(0, Math.min(from, limit));
  const first = at;
  while (at < rows.length && lines.length < height) {
    const row = rows[at];
    const made = row ? rowLines(row, context) : [];
    // A file's heading needs no line before it at the top.
    lines.push(...(lines.length === 0 && made[0]?.length === 0 ? made.slice(1) : made));
    at += 1;
  }
  const whole = lines.length > height ? at - first - 1 : at - first;
  return { lines: lines.slice(0, height), limit, page: Math.max(1, whole) };
}
