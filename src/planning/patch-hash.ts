import { createHash, type Hash } from 'node:crypto';
import type { Git } from '../ports/git.ts';

const [NEWLINE, AT, EQUALS, B, I] = [10, 64, 61, 66, 105];

/** A commit's line cannot be longer; nor is the start of a line that tells what it is. */
const startLength = 96;

/**
 * A hash of each commit's patch against its first parent, equal for the same change at another place of a file: line
 * numbers do not count, nor do blob names, except of binary files, whose patch is their names. Commits without a patch
 * are left out. Memory does not grow with the patches. Throws what git throws where objects are missing.
 */
export async function hashPatches(
  git: Git,
  shas: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, string>> {
  const args = [
    'log',
    '--no-walk=unsorted',
    '--stdin',
    '-p',
    '--full-index',
    '--no-renames',
    '--root',
    '--diff-merges=first-parent',
    '--no-ext-diff',
    '--no-textconv',
    '--no-color',
    '--submodule=short',
    '--ignore-submodules=none',
    // No line of a patch begins so: content has its sign in front, and git's own lines are words.
    '--format=tformat:=%H',
  ];
  const input = `${shas.join('\n')}\n`;
  const reader = new PatchReader();
  for await (const chunk of git.stream(args, signal ? { input, signal } : { input })) reader.read(chunk);
  return reader.end();
}

class PatchReader {
  private readonly hashes = new Map<string, string>();
  private sha = '';
  private hash: Hash | undefined;
  private any = false;
  private index: Buffer = Buffer.alloc(0);
  /** What the line that is being read is for; undefined at its start. */
  private line: 'hashed' | 'dropped' | undefined;
  private start: Buffer = Buffer.alloc(0);

  read(chunk: Buffer): void {
    const buffer = this.start.length > 0 ? Buffer.concat([this.start, chunk]) : chunk;
    this.start = Buffer.alloc(0);
    for (let at = 0; at < buffer.length;) {
      const newline = buffer.indexOf(NEWLINE, at);
      const next = newline < 0 ? buffer.length : newline + 1;
      if (this.line === undefined) {
        // Only a whole line, or one longer than any of git's, can be told.
        if (newline < 0 && buffer.length - at < startLength * 2) {
          this.start = Buffer.from(buffer.subarray(at));
          return;
        }
        this.line = this.begin(buffer.subarray(at, next));
      }
      if (this.line === 'hashed') this.hash?.update(buffer.subarray(at, next));
      if (newline >= 0) this.line = undefined;
      at = next;
    }
  }

  end(): Map<string, string> {
    if (this.start.length > 0) this.read(Buffer.from('\n'));
    this.finish();
    return this.hashes;
  }

  private begin(line: Buffer): 'hashed' | 'dropped' {
    if (line[0] === EQUALS) {
      this.finish();
      this.sha = line.toString('latin1', 1).trim();
      this.hash = createHash('sha1');
      this.any = false;
      return 'dropped';
    }
    if (line[0] === NEWLINE || line[0] === AT) return 'dropped';
    this.any = true;
    if (line[0] === I) {
      this.index = Buffer.from(line);
      return 'dropped';
    }
    if (line[0] === B) this.hash?.update(this.index);
    return 'hashed';
  }

  private finish(): void {
    if (this.hash && this.any) this.hashes.set(this.sha, this.hash.digest('base64'));
    this.hash = undefined;
  }
}
