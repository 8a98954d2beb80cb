/** A block of a Markdown document; `source` is the line it begins in, from 0. Texts are Markdown of one line still. */
export type Block = { source: number } & (
  | { kind: 'heading'; level: number; text: string }
  | { kind: 'paragraph'; text: string }
  /** `marker` is empty for a bullet; `done` tells a task's box, and is undefined where there is none. */
  | { kind: 'item'; depth: number; marker: string; done: boolean | undefined; text: string }
  | { kind: 'code'; lines: readonly string[] }
  | { kind: 'table'; head: readonly string[]; rows: readonly (readonly string[])[] }
  | { kind: 'quote'; text: string }
  | { kind: 'rule' }
);

/** Deeper lists are drawn as if they were this deep. */
const maxDepth = 4;

function cellsOf(line: string): string[] {
  const cells: string[] = [];
  let cell = '';
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (character === '\\') {
      cell += line.slice(at, at + 2);
      at += 1;
    } else if (character === '|') {
      cells.push(cell.trim());
      cell = '';
    } else cell += character;
  }
  cells.push(cell.trim());
  return line.trimEnd().endsWith('|') ? cells.slice(1, -1) : cells.slice(1);
}

const isRow = (line: string | undefined) => line?.startsWith('|') === true;
const isDelimiter = (line: string | undefined) => isRow(line) && /^[|:\- ]+$/.test(line ?? '');
const fenceOf = (line: string) => /^(?:`{3,}|~{3,})/.exec(line)?.[0];
const itemOf = (line: string) => /^( {0,20})([-*+]|\d{1,9}[.)]) +(.*)$/.exec(line);
const isRule = (line: string) => /^(?:-{3,}|\*{3,}|_{3,})$/.test(line.trim());

function headingOf(line: string): { level: number; text: string } | undefined {
  const level = /^#{1,6}(?= )/.exec(line)?.[0].length;
  return level === undefined ? undefined : { level, text: line.slice(level).trim() };
}

function beginsBlock(line: string, next: string | undefined): boolean {
  return (
    line.trim() === '' ||
    fenceOf(line) !== undefined ||
    headingOf(line) !== undefined ||
    itemOf(line) !== null ||
    line.startsWith('>') ||
    isRule(line) ||
    (isRow(line) && isDelimiter(next))
  );
}

/** The blocks of a Markdown document, given as lines. What is no block of its own is a paragraph. Pure. */
export function blocksOf(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  const at = (i: number) => lines[i] ?? '';
  for (let i = 0; i < lines.length;) {
    const source = i;
    const line = at(i);
    const fence = fenceOf(line);
    const heading = headingOf(line);
    const item = itemOf(line);
    if (line.trim() === '') i += 1;
    else if (fence !== undefined) {
      let end = i + 1;
      while (end < lines.length && !(at(end).startsWith(fence) && at(end).trim() === fence)) end += 1;
      blocks.push({ kind: 'code', source, lines: lines.slice(i + 1, end) });
      i = end + 1;
    } else if (heading) {
      blocks.push({ kind: 'heading', source, ...heading });
      i += 1;
    } else if (isRow(line) && isDelimiter(lines[i + 1])) {
      let end = i + 2;
      while (isRow(lines[end])) end += 1;
      blocks.push({
        kind: 'table',
        source,
        head: cellsOf(line),
        rows: lines.slice(i + 2, end).map(cellsOf),
      });
      i = end;
    } else if (isRule(line)) {
      blocks.push({ kind: 'rule', source });
      i += 1;
    } else {
      // The rest runs on until something else begins.
      let end = i + 1;
      while (end < lines.length && !beginsBlock(at(end), lines[end + 1])) end += 1;
      const rest = lines.slice(i + 1, end).map((more) => more.trim());
      blocks.push({ source, ...runningBlock(line, item, rest) });
      i = end;
    }
  }
  return blocks;
}

type Running =
  | { kind: 'paragraph' | 'quote'; text: string }
  | { kind: 'item'; depth: number; marker: string; done: boolean | undefined; text: string };

function runningBlock(line: string, item: RegExpExecArray | null, rest: readonly string[]): Running {
  if (line.startsWith('>')) return { kind: 'quote', text: [line.slice(1).trim(), ...rest].join(' ') };
  if (!item) return { kind: 'paragraph', text: [line.trim(), ...rest].join(' ') };
  const [, indent = '', marker = '', first = ''] = item;
  const box = /^\[([ xX])\] /.exec(first);
  return {
    kind: 'item',
    depth: Math.min(maxDepth, Math.floor(indent.length / 2)),
    marker: /\d/.test(marker) ? marker : '',
    done: box ? box[1] !== ' ' : undefined,
    text: [box ? first.slice(box[0].length) : first, ...rest].join(' '),
  };
}
