import type { Git } from '../../src/ports/git.ts';
import { textLines } from './line-coverage/text-lines.ts';

/** Lines that stand together in a file of the newer revision. */
export interface AddedLines {
  path: string;
  /** Number and text; there is a gap where unchanged lines stand between. */
  lines: { line: number; text: string }[];
}

/** So much text is given at once: a file of any size is looked at in flat memory. */
const mostCharacters = 512 * 1024;

/** The lines that `sha` has and `base` has not, file by file; a long file comes in several parts. Binary files have none. */
export async function* addedLines(git: Git, base: string, sha: string): AsyncIterable<AddedLines> {
  const diff = git.stream([
    '-c',
    'core.quotePath=false',
    'diff',
    '--unified=0',
    '--no-color',
    '--no-ext-diff',
    '--no-textconv',
    '--no-renames',
    '--src-prefix=a/',
    '--dst-prefix=b/',
    '--end-of-options',
    base,
    sha,
    '--',
  ]);
  let part: AddedLines = { path: '', lines: [] };
  let size = 0;
  let line = 0;
  /** Lines of the hunk that are still to come: a line of a file may look like a heading. */
  let left = 0;
  for await (const text of textLines(diff)) {
    if (left > 0 && (text.startsWith('+') || text.startsWith('-'))) {
      left -= 1;
      if (text.startsWith('-')) continue;
      part.lines.push({ line, text: text.slice(1) });
      line += 1;
      size += text.length;
      if (size < mostCharacters) continue;
      yield part;
      part = { path: part.path, lines: [] };
      size = 0;
      continue;
    }
    const file = /^\+\+\+ (?:"b\/(.*)"|b\/(.*?))\t?$/.exec(text);
    if (file) {
      if (part.lines.length > 0) yield part;
      part = { path: file[1] ?? file[2] ?? '', lines: [] };
      size = 0;
    }
    const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(text);
    if (!hunk) continue;
    const [, removed = '1', from = '0', added = '1'] = hunk;
    left = Number(removed) + Number(added);
    line = Number(from);
  }
  if (part.lines.length > 0) yield part;
}
