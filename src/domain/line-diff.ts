/** A line of a difference; `gap` stands for lines that are the same and left out. */
export interface DiffLine {
  kind: 'same' | 'gone' | 'new' | 'gap';
  text: string;
}

/** Lines that are the same and shown around each change. */
const context = 2;

/** Cells of the table of common lines; above that all lines between the first and the last change count as changed. */
const mostCells = 4_000_000;

/** What turns one text into another, line by line, with a little around each change; nothing where they are the same. Pure. */
export function lineDiff(before: string, after: string): DiffLine[] {
  const [was, is] = [before.split(/\r?\n/), after.split(/\r?\n/)];
  let head = 0;
  while (head < was.length && head < is.length && was[head] === is[head]) head += 1;
  if (head === was.length && head === is.length) return [];
  let tail = 0;
  while (
    tail < was.length - head &&
    tail < is.length - head &&
    was[was.length - 1 - tail] === is[is.length - 1 - tail]
  )
    tail += 1;
  const middle = changed(was.slice(head, was.length - tail), is.slice(head, is.length - tail));
  const same = (text: string): DiffLine => ({ kind: 'same', text });
  return shortened([...was.slice(0, head).map(same), ...middle, ...was.slice(was.length - tail).map(same)]);
}

/** By the longest common subsequence of lines. */
function changed(was: readonly string[], is: readonly string[]): DiffLine[] {
  const gone = (text: string): DiffLine => ({ kind: 'gone', text });
  const added = (text: string): DiffLine => ({ kind: 'new', text });
  if (was.length * is.length > mostCells) return [...was.map(gone), ...is.map(added)];
  const width = is.length + 1;
  const longest = new Uint32Array((was.length + 1) * width);
  const at = (i: number, j: number) => longest[i * width + j] ?? 0;
  for (let i = was.length - 1; i >= 0; i -= 1)
    for (let j = is.length - 1; j >= 0; j -= 1)
      longest[i * width + j] = was[i] === is[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < was.length || j < is.length) {
    const [left, right] = [was[i], is[j]];
    if (left !== undefined && left === right) {
      lines.push({ kind: 'same', text: left });
      i += 1;
      j += 1;
    } else if (left !== undefined && (right === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push(gone(left));
      i += 1;
    } else {
      lines.push(added(right ?? ''));
      j += 1;
    }
  }
  return lines;
}

/** Without what is far from every change. */
function shortened(lines: readonly DiffLine[]): DiffLine[] {
  const near = new Set<number>();
  for (const [i, { kind }] of lines.entries())
    if (kind !== 'same') for (let at = i - context; at <= i + context; at += 1) near.add(at);
  const kept: DiffLine[] = [];
  for (const [i, line] of lines.entries()) {
    if (near.has(i)) kept.push(line);
    else if (kept.at(-1)?.kind !== 'gap') kept.push({ kind: 'gap', text: '' });
  }
  return kept;
}

/** A difference as lines of text, marked as `diff` marks them. */
export function diffText(lines: readonly DiffLine[]): string[] {
  const marks = { same: ' ', gone: '-', new: '+', gap: '@' } as const;
  return lines.map(({ kind, text }) => (kind === 'gap' ? '…' : `${marks[kind]} ${text}`));
}
