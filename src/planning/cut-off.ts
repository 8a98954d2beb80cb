import type { Git } from '../ports/git.ts';
import type { Commit } from './commit.ts';
import { readCommitObjects } from './commit-objects.ts';

/**
 * Whether a commit has a parent that this clone was cut off before: git then takes it for the beginning of the history,
 * and all its files for what it added.
 */
export async function isCutOff(
  git: Git,
  commit: Pick<Commit, 'sha' | 'parents'> | undefined,
  signal?: AbortSignal,
): Promise<boolean> {
  if (!commit || commit.parents.length > 0) return false;
  const body = (await readCommitObjects(git, [commit.sha], signal)).get(commit.sha);
  const header = body?.toString('latin1').split('\n\n', 1)[0] ?? '';
  return /^parent /mu.test(header);
}
