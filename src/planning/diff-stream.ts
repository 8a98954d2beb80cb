import type { CommitDiff, FileDiff } from './diff.ts';
import { keptLines, keptWidth } from './diff.ts';
import type { DiffWatch } from './diff-watch.ts';

/**
 * Arguments of `git log` whose output `DiffParser` reads: the commits named on its standard input, in that order, each
 * against its first parent. Additions are counted from the hunks: `--numstat` would make git diff every file twice.
 */
export const diffArguments: readonly string[] = [
  'log',
  '-z',
  '--no-walk=unsorted',
  '--stdin',
  '--diff-merges=first-parent',
  '--raw',
  '--no-abbrev',
  '--no-ext-diff',
  '--no-textconv',
  '--submodule=short',
  '--ignore-submodules=none',
  '--no-color',
  '--root',
  '--format=tformat:%H',
];

/** What makes `diffArguments` show hunks; without these only names and object names are shown, and no content is read. */
export const patchArguments: readonly string[] = [
  '-p',
  '-U0',
  '--inter-hunk-context=0',
  '-M',
  '-l1000',
  '--diff-algorithm=histogram',
];

/** The mode of a submodule's entry in a tree. */
const gitlink = '160000';

const NUL = 0;
const NEWLINE = 10;
const PLUS = 43;
const MINUS = 45;
const COLON = 58;
const BACKSLASH = 92;

/** A line without an end in sight is remembered by this many bytes and skipped: content has no longest line. */
const longestPending = 64 * 1024;

const hunkHeader = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/u;

/** A hunk being read: its lines are counted, so that no content can pass for structure. */
interface OpenHunk {
  oldLeft: number;
  newLeft: number;
  oldLine: number;
  newLine: number;
}

/**
 * Reads the output of `git log` with `diffArguments` as it arrives, in memory no larger than one commit's diff. It
 * never looks for markers inside content: names end in NUL, and a hunk's lines are counted. A commit is given once it
 * is certain to be whole: when the next begins, or at `end`.
 */
export class DiffParser {
  private buffer: Buffer = Buffer.alloc(0);
  private position = 0;
  private commit: CommitDiff | undefined;
  /** The `diff --git` sections to come, in order; a change of type is written as two. */
  private sections: FileDiff[] = [];
  private section = -1;
  private state: 'sha' | 'begin' | 'entries' | 'patch' = 'sha';
  private hunk: OpenHunk | undefined;
  /** Within a line that did not fit; its beginning was seen already. */
  private skipping = false;
  private ended = false;

  /** `wantsLines`: whose added and removed lines are kept as text; of the others only hunks are. */
  constructor(
    private readonly wantsLines: (path: string) => boolean,
    private readonly watch?: DiffWatch,
  ) {}

  /** Takes the next bytes; gives the commits they complete. */
  *push(chunk: Buffer): Generator<CommitDiff> {
    this.buffer =
      this.position >= this.buffer.length
        ? chunk
        : Buffer.concat([this.buffer.subarray(this.position), chunk]);
    this.position = 0;
    yield* this.read();
  }

  /** The output ended well: gives the last commit. */
  *end(): Generator<CommitDiff> {
    this.ended = true;
    yield* this.read();
    if (this.commit) yield this.commit;
    this.commit = undefined;
  }

  private *read(): Generator<CommitDiff> {
    for (;;) {
      switch (this.state) {
        case 'sha': {
          const sha = this.until(NUL);
          if (sha === undefined) return;
          if (this.commit) yield this.commit;
          this.commit = { sha, files: [], unknown: 0 };
          this.watch?.commit(sha);
          this.sections = [];
          this.section = -1;
          this.state = 'begin';
          break;
        }
        case 'begin': {
          const next = this.buffer[this.position];
          if (next === undefined) return;
          if (next === NEWLINE) this.position += 1;
          else this.state = next === COLON ? 'entries' : 'sha';
          break;
        }
        case 'entries':
          if (!this.readEntry()) return;
          break;
        case 'patch':
          if (!this.readPatch()) return;
          break;
        default:
          return;
      }
    }
  }

  /** One entry of `--raw`, or what follows them; false when more bytes are needed. */
  private readEntry(): boolean {
    const start = this.position;
    const next = this.buffer[start];
    if (next === undefined) return false;
    if (next !== COLON) {
      if (next === NUL) this.position += 1;
      this.state = 'patch';
      return true;
    }
    const meta = this.until(NUL);
    const first = meta === undefined ? undefined : this.until(NUL);
    const [oldMode, newMode, oldBlob, newBlob, status = 'M'] = (meta ?? '').slice(1).split(' ');
    const moved = /^[RC]/u.test(status);
    const second = moved && first !== undefined ? this.until(NUL) : first;
    if (first === undefined || second === undefined) {
      this.position = start;
      return false;
    }
    const file: FileDiff = {
      path: second,
      oldPath: status.startsWith('C') ? second : first,
      status: statusOf(status),
      oldBlob: present(oldBlob),
      newBlob: present(newBlob),
      additions: 0,
      deletions: 0,
      binary: false,
      hunks: [],
      added: [],
      removed: [],
    };
    if (oldMode === gitlink || newMode === gitlink) file.submodule = true;
    this.commit?.files.push(file);
    this.sections.push(file);
    if (status.startsWith('T')) this.sections.push(file);
    return true;
  }

  /** Lines of the patch up to the next commit; false when more bytes are needed. */
  private readPatch(): boolean {
    for (;;) {
      if (this.hunk) {
        if (!this.readHunk(this.hunk)) return false;
        this.hunk = undefined;
      }
      const atRecord = this.atRecord();
      if (atRecord === undefined) return false;
      if (atRecord) {
        this.state = 'sha';
        return true;
      }
      const line = this.until(NEWLINE);
      if (line === undefined) return false;
      const begins = line.startsWith('diff --git ');
      if (begins) this.section += 1;
      const file = this.sections[this.section];
      if (!file) continue;
      if (begins) this.watch?.file(file);
      if (line.startsWith('Binary files ')) file.binary = true;
      const header = hunkHeader.exec(line);
      if (!header) {
        if (!begins) this.watch?.remark(line);
        continue;
      }
      this.watch?.hunk(line);
      const count = (text: string | undefined) => (text === undefined ? 1 : Number(text));
      const hunk = {
        oldStart: Number(header[1]),
        oldCount: count(header[2]),
        newStart: Number(header[3]),
        newCount: count(header[4]),
      };
      file.hunks.push(hunk);
      file.additions += hunk.newCount;
      file.deletions += hunk.oldCount;
      this.hunk = {
        oldLeft: hunk.oldCount,
        newLeft: hunk.newCount,
        oldLine: hunk.oldStart,
        newLine: hunk.newStart,
      };
    }
  }

  /** The lines of a hunk; false when more bytes are needed. */
  private readHunk(hunk: OpenHunk): boolean {
    const file = this.sections[this.section];
    const kept = file && this.wantsLines(file.path) ? file : undefined;
    while (hunk.oldLeft > 0 || hunk.newLeft > 0 || this.skipping) {
      const start = this.position;
      const at = this.buffer.indexOf(NEWLINE, start);
      const whole = at >= 0;
      if (!whole && !this.ended && this.buffer.length - start < longestPending) return false;
      const end = whole ? at : this.buffer.length;
      if (this.skipping) this.skipping = !whole;
      else {
        this.takeLine(hunk, kept, start, end, whole);
        this.skipping = !whole;
      }
      this.position = whole ? at + 1 : end;
      if (!whole) {
        if (!this.ended) return false;
        this.skipping = false;
        return true;
      }
    }
    return true;
  }

  private takeLine(
    hunk: OpenHunk,
    kept: FileDiff | undefined,
    start: number,
    end: number,
    whole: boolean,
  ): void {
    const sign = this.buffer[start];
    if (this.watch) this.show(this.watch, hunk, sign, this.buffer.subarray(start + 1, end), whole);
    if (sign === PLUS) {
      if (kept && kept.added.length < keptLines)
        kept.added.push({ line: hunk.newLine, text: this.lineText(start, end) });
      hunk.newLeft -= 1;
      hunk.newLine += 1;
    } else if (sign === MINUS) {
      if (kept && kept.removed.length < keptLines)
        kept.removed.push({ line: hunk.oldLine, text: this.lineText(start, end) });
      hunk.oldLeft -= 1;
      hunk.oldLine += 1;
    } else if (sign !== BACKSLASH) {
      hunk.oldLeft -= 1;
      hunk.newLeft -= 1;
      hunk.oldLine += 1;
      hunk.newLine += 1;
    }
  }

  private show(
    watch: DiffWatch,
    { oldLine, newLine }: OpenHunk,
    sign: number | undefined,
    bytes: Buffer,
    whole: boolean,
  ): void {
    if (sign === BACKSLASH) watch.remark(`\\${bytes.toString('utf8')}`);
    else
      watch.line(
        sign === PLUS ? 'added' : sign === MINUS ? 'removed' : 'same',
        { old: oldLine, new: newLine },
        bytes,
        whole,
      );
  }

  private lineText(start: number, end: number): string {
    return this.buffer.toString('utf8', start + 1, Math.min(end, start + 1 + keptWidth));
  }

  /** The text up to a byte, which is taken too; undefined when it has not arrived yet. */
  private until(byte: number): string | undefined {
    const at = this.buffer.indexOf(byte, this.position);
    if (at < 0 && (!this.ended || this.position >= this.buffer.length)) return undefined;
    const end = at < 0 ? this.buffer.length : at;
    const text = this.buffer.toString('utf8', this.position, end);
    this.position = Math.min(end + 1, this.buffer.length);
    return text;
  }

  /** Whether the next commit begins here, a full object name ended by NUL; undefined when that cannot be seen yet. */
  private atRecord(): boolean | undefined {
    const length = this.commit?.sha.length ?? 40;
    const first = this.buffer[this.position];
    if (first === undefined) return undefined;
    if (!isHex(first)) return false;
    const last = this.buffer[this.position + length];
    if (last === undefined) return this.ended ? false : undefined;
    return (
      last === NUL &&
      /^[0-9a-f]+$/u.test(this.buffer.toString('latin1', this.position, this.position + length))
    );
  }
}

const isHex = (byte: number) => (byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 102);

const present = (blob: string | undefined) => (blob === undefined || /^0+$/u.test(blob) ? undefined : blob);

function statusOf(letter: string): FileDiff['status'] {
  if (letter.startsWith('A') || letter.startsWith('C')) return 'added';
  if (letter.startsWith('D')) return 'deleted';
  return letter.startsWith('R') ? 'renamed' : 'modified';
}
