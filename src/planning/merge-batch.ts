import { OrchestraError } from '../domain/errors.ts';
import type { Git } from '../ports/git.ts';
import type { Replayed } from './replay.ts';

/** Merges pairs of commits as git would, each by itself, without a work tree; one git process for all of them. */
export async function mergeBatch(
  git: Git,
  pairs: readonly (readonly [ours: string, theirs: string])[],
  signal?: AbortSignal,
): Promise<Replayed[]> {
  if (pairs.length === 0) return [];
  const { stdout } = await git.run(
    [
      'merge-tree',
      '--write-tree',
      '--stdin',
      '-z',
      '--name-only',
      '--no-messages',
      '--allow-unrelated-histories',
    ],
    { input: pairs.map(([ours, theirs]) => `${ours} ${theirs}\n`).join(''), ...(signal ? { signal } : {}) },
  );
  // For each pair: 1 (clean) or 0, the tree, the paths in conflict, and an empty field.
  const fields = stdout.toString('utf8').split('\0');
  const merged: Replayed[] = [];
  for (let at = 0; merged.length < pairs.length;) {
    const [status, tree = ''] = [fields[at], fields[at + 1]];
    const end = fields.indexOf('', at + 2);
    if (!/^[0-9a-f]{40,64}$/u.test(tree) || end < 0)
      throw new OrchestraError('git', 'git merge-tree gave no tree', {
        hint: 'Run "git fsck": the repository may be damaged.',
      });
    merged.push(
      status === '1'
        ? { kind: 'clean', tree }
        : { kind: 'conflict', tree, paths: fields.slice(at + 2, end).filter(Boolean) },
    );
    at = end + 1;
  }
  return merged;
}
