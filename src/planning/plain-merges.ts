import { OrchestraError } from '../domain/errors.ts';
import type { Git } from '../ports/git.ts';
import { readRecords } from './record-stream.ts';

/** Merges that are made again at most, the newest; an older one counts as one that says something of its own. */
export const mostMerges = 1000;

/**
 * Which of these merges of two parents are just what git makes of them, with nothing added or settled by hand. They are
 * made again by one process, which keeps nothing of it.
 */
export async function findPlainMerges(
  git: Git,
  merges: readonly string[],
  signal?: AbortSignal,
): Promise<Set<string>> {
  const plain = new Set<string>();
  if (merges.length === 0) return plain;
  const args = [
    '-c',
    'merge.directoryRenames=false',
    'log',
    '--no-walk=unsorted',
    '--stdin',
    '-z',
    '--remerge-diff',
    '--raw',
    '--no-renames',
    '--format=tformat:%H',
  ];
  const input = `${merges.slice(-mostMerges).join('\n')}\n`;
  let last = '';
  try {
    for await (const [text = ''] of readRecords(
      git.stream(args, signal ? { input, signal } : { input }),
      1,
    )) {
      const sha = /^\n?([0-9a-f]{40,64})$/u.exec(text)?.[1];
      if (sha !== undefined && !text.startsWith('\n')) plain.add((last = sha));
      else plain.delete(last);
    }
  } catch (error) {
    signal?.throwIfAborted();
    // Where objects are missing or nothing may be written, nobody knows: then a merge stays listed. The last one seen
    // may be the one git stopped at.
    if (!(error instanceof OrchestraError)) throw error;
    plain.delete(last);
  }
  return plain;
}
