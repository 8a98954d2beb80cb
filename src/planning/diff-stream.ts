import type { CommitDiff, FileDiff } from './diff.ts';
import { keptLines, keptWidth } from './diff.ts';

/** Arguments of `git log` whose output `parseDiffStream` reads; a merge is its diff against parent 1. */
export const diffArguments: readonly string[] = [
  'log',
  '-z',
  '--topo-order',
  '--reverse',
  '--first-parent',
  '--diff-merges=first-parent',
  '--raw',
  '--no-abbrev',
  '--numstat',
  '-p',
  '-U0',
  '--inter-hunk-context=0',
  '-M',
  '--diff-algorithm=histogram',
  '--no-ext-diff',
  '--no-textconv',
  '--submodule=short',
  '--ignore-submodules=none',
  '--no-color',
  '--root',
  '--format=tformat:%H',
];

/** The mode of a submodule's entry in a tree. */
const gitlink = '160000';

const NUL = 0;
const NEWLINE = 10;
const COLON = 58;

/**
 * Reads `git log` with `diffArguments`, a commit at a time and in memory no larger than one commit's diff.
 * It never looks for markers inside content: `--raw` and `--numstat` end in NUL, and a hunk's lines are counted, so
 * no file name or line can pass for structure.
 */
export async function* parseDiffStream(chunks: AsyncIterable<Buffer>): AsyncGenerator<CommitDiff> {
  const input = new Input(chunks);
  while (await input.has()) {
    const sha = await input.until(NUL);
    const files: FileDiff[] = [];
    /** The `diff --git` sections to come, in order; a change of type is written as two. */
    const sections: FileDiff[] = [];
    if ((await input.peek()) === NEWLINE) await input.until(NEWLINE);
    while ((await input.peek()) === COLON) {
      const [oldMode, newMode, , , status = 'M'] = (await input.until(NUL)).slice(1).split(' ');
      const oldPath = await input.until(NUL);
      const path = /^[RC]/u.test(status) ? await input.until(NUL) : oldPath;
      const file = emptyDiff(path, status.startsWith('C') ? path : oldPath, statusOf(status));
      if (oldMode === gitlink || newMode === gitlink) file.submodule = true;
      files.push(file);
      sections.push(file);
      if (status.startsWith('T')) sections.push(file);
    }
    if (files.length > 0) {
      for (const file of files) await readNumstat(input, file);
      if ((await input.peek()) === NUL) await input.until(NUL);
      await readPatch(input, sections);
    }
    yield { sha, files };
  }
}

function emptyDiff(path: string, oldPath: string, status: FileDiff['status']): FileDiff {
  return {
    path,
    oldPath,
    status,
    additions: 0,
    deletions: 0,
    binary: false,
    hunks: [],
    added: [],
    removed: [],
  };
}

function statusOf(letter: string): FileDiff['status'] {
  if (letter.startsWith('A') || letter.startsWith('C')) return 'added';
  if (letter.startsWith('D')) return 'deleted';
  return letter.startsWith('R') ? 'renamed' : 'modified';
}

async function readNumstat(input: Input, file: FileDiff): Promise<void> {
  const entry = await input.until(NUL);
  const [additions = '', deletions = '', path = ''] = entry.split('\t', 3);
  if (path === '' && /^\S+\t\S+\t$/u.test(entry)) {
    await input.until(NUL);
    await input.until(NUL);
  }
  file.binary = additions === '-';
  file.additions = Number.parseInt(additions, 10) || 0;
  file.deletions = Number.parseInt(deletions, 10) || 0;
}

async function readPatch(input: Input, sections: readonly FileDiff[]): Promise<void> {
  let section = -1;
  while (await input.has()) {
    if (await input.atRecord()) return;
    const line = await input.until(NEWLINE);
    if (line.startsWith('diff --git ')) section += 1;
    const file = sections[section];
    const hunk = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/u.exec(line);
    if (!file || !hunk) continue;
    const count = (text: string | undefined) => (text === undefined ? 1 : Number(text));
    const [oldStart, oldCount, newStart, newCount] = [
      Number(hunk[1]),
      count(hunk[2]),
      Number(hunk[3]),
      count(hunk[4]),
    ];
    file.hunks.push({ oldStart, oldCount, newStart, newCount });
    let [oldLeft, newLeft, oldLine, newLine] = [oldCount, newCount, oldStart, newStart];
    while ((oldLeft > 0 || newLeft > 0) && (await input.has())) {
      const body = await input.until(NEWLINE, keptWidth + 1);
      if (body.startsWith('-')) {
        if (file.removed.length < keptLines) file.removed.push({ line: oldLine, text: body.slice(1) });
        oldLeft -= 1;
        oldLine += 1;
      } else if (body.startsWith('+')) {
        if (file.added.length < keptLines) file.added.push({ line: newLine, text: body.slice(1) });
        newLeft -= 1;
        newLine += 1;
      } else if (!body.startsWith('\\')) {
        oldLeft -= 1;
        newLeft -= 1;
        oldLine += 1;
        newLine += 1;
      }
    }
  }
}

/** Bytes of an async stream, read by terminator. */
class Input {
  private readonly chunks: AsyncIterator<Buffer>;
  private buffer: Buffer = Buffer.alloc(0);
  private position = 0;
  private ended = false;

  constructor(chunks: AsyncIterable<Buffer>) {
    this.chunks = chunks[Symbol.asyncIterator]();
  }

  private async more(): Promise<boolean> {
    if (this.ended) return false;
    const next = await this.chunks.next();
    if (next.done) {
      this.ended = true;
      return false;
    }
    this.buffer = Buffer.concat([this.buffer.subarray(this.position), next.value]);
    this.position = 0;
    return true;
  }

  /** Whether a byte is left. */
  async has(): Promise<boolean> {
    while (this.position >= this.buffer.length) if (!(await this.more())) return false;
    return true;
  }

  async peek(): Promise<number | undefined> {
    return (await this.has()) ? this.buffer[this.position] : undefined;
  }

  /** The text up to the terminator (or the end), which is taken too; only the first `width` bytes are decoded. */
  async until(terminator: number, width?: number): Promise<string> {
    let from = this.position;
    for (;;) {
      const at = this.buffer.indexOf(terminator, from);
      const found = at >= 0;
      if (!found) {
        const seen = this.buffer.length - this.position;
        if (await this.more()) {
          from = seen;
          continue;
        }
      }
      const end = found ? at : this.buffer.length;
      const text = this.buffer.toString(
        'utf8',
        this.position,
        width === undefined ? end : Math.min(end, this.position + width),
      );
      this.position = found ? at + 1 : end;
      return text;
    }
  }

  /** Whether the next commit begins here: a full object name ended by NUL. */
  async atRecord(): Promise<boolean> {
    while (this.buffer.length - this.position < 65) if (!(await this.more())) break;
    for (const length of [40, 64]) {
      if (this.buffer[this.position + length] !== NUL) continue;
      if (/^[0-9a-f]+$/u.test(this.buffer.toString('latin1', this.position, this.position + length)))
        return true;
    }
    return false;
  }
}
