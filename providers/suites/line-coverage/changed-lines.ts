import path from 'node:path';
import type { Git } from '../../../src/ports/git.ts';
import { addedLines } from '../added-lines.ts';
import type { LineHits } from './line-hits.ts';

/** The lines that `sha` has and `base` has not, by the file's path. */
export type ChangedLines = Map<string, Set<number>>;

/** A difference larger than this many lines is not counted line by line. */
const mostLines = 1_000_000;

/** Throws `RangeError` where the difference is too large. */
export async function changedLines(git: Git, base: string, sha: string): Promise<ChangedLines> {
  const changed: ChangedLines = new Map();
  let count = 0;
  for await (const part of addedLines(git, base, sha)) {
    const lines = changed.get(part.path) ?? new Set();
    changed.set(part.path, lines);
    count += part.lines.length;
    if (count > mostLines) throw new RangeError('the difference is too large');
    for (const { line } of part.lines) lines.add(line);
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
