import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OrchestraError } from '../domain/errors.ts';
import type { Git } from '../ports/git.ts';
import { readRecords } from './record-stream.ts';

/** Merges that are made again at most, the newest; an older one counts as one that says something of its own. */
const mostMerges = 1000;

/**
 * Which of these merges of two parents are just what git makes of them, with nothing added or settled by hand. One
 * process makes them again (`log --remerge-diff` would too, but git 2.39 misreads what follows a conflict), and what it
 * writes is thrown away.
 */
export async function findPlainMerges(
  git: Git,
  merges: readonly string[],
  signal?: AbortSignal,
): Promise<Set<string>> {
  const plain = new Set<string>();
  if (merges.length === 0) return plain;
  const options = signal ? { signal } : {};
  const objects = await mkdtemp(join(tmpdir(), 'orchestra-merges-'));
  try {
    const list = await git.text(['log', '--no-walk=unsorted', '--stdin', '--format=tformat:%H %T %P'], {
      ...options,
      input: `${merges.slice(-mostMerges).join('\n')}\n`,
    });
    const known = list.split('\n').map((line) => line.split(' '));
    const output = git.stream(
      [
        '-c',
        'merge.directoryRenames=false',
        'merge-tree',
        '--stdin',
        '--name-only',
        '--no-messages',
        '--allow-unrelated-histories',
      ],
      {
        ...options,
        input: known.map(([, , first, second]) => `${first} ${second}\n`).join(''),
        env: {
          GIT_OBJECT_DIRECTORY: objects,
          GIT_ALTERNATE_OBJECT_DIRECTORIES: JSON.stringify(join(git.commonDir, 'objects')),
        },
      },
    );
    let at = 0;
    let section: string[] = [];
    for await (const [text = ''] of readRecords(output, 1)) {
      section.push(text);
      // A flag (1 is clean), the tree, the paths in conflict, and an end.
      if (text !== '') continue;
      const [sha, tree] = known[at] ?? [];
      if (sha !== undefined && section[0] === '1' && section[1] === tree) plain.add(sha);
      section = [];
      at += 1;
    }
  } catch (error) {
    signal?.throwIfAborted();
    // Where objects are missing nobody knows: a merge that could not be made again stays listed, which is safe.
    if (!(error instanceof OrchestraError)) throw error;
  } finally {
    await rm(objects, { recursive: true, force: true });
  }
  return plain;
}
