import path from 'node:path';
import type { Git } from '../../../src/ports/git.ts';
import type { LineHits } from './line-hits.ts';
import { textLines } from './text-lines.ts';

/** The lines that `sha` has and `base` has not, by the file's path. */
export type ChangedLines = Map<string, Set<number>>;

/** A difference larger than this many lines is not counted line by line. */
const mostLines = 1_000_000;

/** Throws `RangeError` where the difference is too large. */
export async function changedLines(git: Git, base: string, sha: string): Promise<ChangedLines> {
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
  const changed: ChangedLines = new Map();
  let lines: Set<number> | undefined;
  let count = 0;
  /** Lines of the hunk that are still to come: a line of a file may look like a heading. */
  let left = 0;
  for await (const line of textLines(diff)) {
    if (left > 0 && (line.startsWith('+') || line.startsWith('-'))) {
      left -= 1;
      continue;
    }
    const file = /^\+\+\+ (?:"b\/(.*)"|b\/(.*?))\t?$/.exec(line);
    if (file) {
      lines = new Set();
      changed.set(file[1] ?? file[2] ?? '', lines);
    }
    const hunk = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/.exec(line);
    if (!hunk) continue;
    const [, removed = '1', from = '0', added = '1'] = hunk;
    left = Number(removed) + Number(added);
    count += Number(added);
    if (count > mostLines) throw new RangeError('the difference is too large');
    for (let n = 0; n < Number(added); n += 1) lines?.add(Number(from) + n);
  }
  return changed;
}

/** How many of the changed lines were come through, of those that the report knows. Reports name files absolute or relative. */
export function countChanged(
  hits: LineHits,
  changed: ChangedLines,
  root: string,
): { covered: number; total: number } {
  let covered = 0;
  let total = 0;
  for (const [name, lines] of hits) {
    const relative = path.isAbsolute(name) ? path.relative(root, name) : path.normalize(name);
    const wanted = changed.get(relative.split(path.sep).join('/'));
    if (!wanted) continue;
    for (const [line, hit] of lines) {
      if (!wanted.has(line)) continue;
      total += 1;
      if (hit) covered += 1;
    }
  }
  return { covered, total };
}
