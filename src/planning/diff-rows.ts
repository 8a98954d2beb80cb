import type { DiffRow, Left } from '../domain/feature-diff.ts';
import { safeText } from '../domain/safe-text.ts';
import type { DiffWatch } from './diff-watch.ts';
import type { FileDiff } from './diff.ts';

/** Rows of one diff, and of one file in it, that are kept to be shown: nobody reads more, and a screen must not grow. */
export const mostRows = 10_000;
export const mostRowsOfFile = 2000;

/** Rows that are counted beyond those kept; then nobody goes on reading. */
const mostCounted = 300_000;

/** Characters of a line that are shown. */
const longestLine = 1000;

const tabStop = 4;

/** Remarks of git that say something a person wants to know of a file. */
const remarks: readonly [prefix: string, say: (line: string) => string][] = [
  ['Binary files ', () => 'binary: its content is not shown'],
  ['GIT binary patch', () => 'binary: its content is not shown'],
  ['old mode ', (line) => `mode was ${line.slice('old mode '.length)}`],
  ['new mode ', (line) => `mode is now ${line.slice('new mode '.length)}`],
  ['similarity index ', (line) => `${line.slice('similarity index '.length)} the same`],
  ['\\ No newline', () => 'no newline at the end'],
];

/** Makes rows of a diff as it is read: safe to show, and no more of them than can be looked at. */
export class DiffRows implements DiffWatch {
  private rows: DiffRow[] = [];
  private kept = 0;
  private keptOfFile = 0;
  private left = { lines: 0, files: 0 };
  private shownFile = true;

  /** What was made since the last call. */
  take(): DiffRow[] {
    const taken = this.rows;
    this.rows = [];
    return taken;
  }

  /** Nothing more is shown or even counted. */
  get full(): boolean {
    return this.left.lines >= mostCounted;
  }

  /** The row that ends a diff of which not all was shown; `commands` are those that show it. */
  rest(commands: readonly string[]): Left | undefined {
    const { lines, files } = this.left;
    return lines + files === 0 ? undefined : { kind: 'left', lines, files, more: this.full, commands };
  }

  commit(sha: string): void {
    this.add({ kind: 'commit', sha });
  }

  file(file: FileDiff): void {
    this.keptOfFile = 0;
    this.shownFile = this.add({
      kind: 'file',
      path: safeText(file.path),
      status: file.status,
      ...(file.oldPath !== file.path && { from: safeText(file.oldPath) }),
    });
    if (!this.shownFile) this.left.files += 1;
    else if (file.submodule === true) this.note('a submodule: another repository’s commit');
  }

  remark(line: string): void {
    const said = remarks.find(([prefix]) => line.startsWith(prefix));
    if (said) this.note(safeText(said[1](line), 200));
  }

  hunk(text: string): void {
    if (this.room()) this.add({ kind: 'hunk', text: safeText(text, 200) });
  }

  line(
    kind: 'same' | 'added' | 'removed',
    at: { old: number; new: number },
    bytes: Buffer,
    whole: boolean,
  ): void {
    if (!this.room()) {
      this.left.lines += 1;
      return;
    }
    const text = lineText(kind, bytes, whole);
    if (kind === 'same') this.add({ kind, ...at, text });
    else if (kind === 'added') this.add({ kind, new: at.new, text });
    else this.add({ kind, old: at.old, text });
  }

  private note(text: string): void {
    if (this.room()) this.add({ kind: 'note', text });
  }

  /** Whether another row of the file would be kept. */
  private room(): boolean {
    return this.shownFile && this.kept < mostRows && this.keptOfFile < mostRowsOfFile;
  }

  private add(row: DiffRow): boolean {
    if (this.kept >= mostRows) return false;
    this.kept += 1;
    this.keptOfFile += 1;
    this.rows.push(row);
    return true;
  }
}

/** A line as it is shown: tabs as spaces, a changed line's CR to be seen, what is too long cut off. */
function lineText(kind: 'same' | 'added' | 'removed', bytes: Buffer, whole: boolean): string {
  const cut = bytes.length > longestLine * 4;
  const read = bytes.toString('utf8', 0, longestLine * 4);
  const ended = !cut && whole && read.endsWith('\r');
  const plain = ended ? read.slice(0, -1) : read;
  const text = safeText(plain.includes('\t') ? withoutTabs(plain) : plain, longestLine);
  if (ended) return kind === 'same' ? text : `${text}␍`;
  return (cut || !whole) && !text.endsWith('…') ? `${text}…` : text;
}

/** Tabs as spaces up to the next stop. */
function withoutTabs(text: string): string {
  let out = '';
  for (const [i, piece] of text.split('\t').entries()) {
    if (i > 0) out += ' '.repeat(tabStop - (out.length % tabStop));
    out += piece;
  }
  return out;
}
