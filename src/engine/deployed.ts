import { OrchestraError } from '../domain/errors.ts';
import type { Git } from '../ports/git.ts';

/** Where an environment's stable revision is kept in the repository. */
export function deployedRef(environment: string): string {
  return `refs/orchestra/deployed/${environment}`;
}

/** The sha that an environment's record says it runs; undefined before the first deployment. */
export function deployedSha(git: Git, environment: string): Promise<string | undefined> {
  return git.tryResolve(deployedRef(environment));
}

/** All environments' records, by their names, in one look. */
export async function deployedShas(git: Git): Promise<Map<string, string>> {
  const root = deployedRef('');
  const listed = await git.text(['for-each-ref', '--format=%(objectname) %(refname)', root]);
  return new Map(
    listed
      .split('\n')
      .filter(Boolean)
      .map((line) => {
        const [sha = '', ref = ''] = line.split(' ');
        return [ref.slice(root.length), sha] as const;
      }),
  );
}

/** Writes an environment's record; null removes it. */
export async function recordDeployed(git: Git, environment: string, sha: string | null): Promise<void> {
  const ref = deployedRef(environment);
  if (sha === null) {
    if (await git.tryResolve(ref)) await git.run(['update-ref', '-d', ref]);
    return;
  }
  await git.run(['update-ref', '-m', `orchestra: deployed to ${environment}`, ref, sha]);
}

/**
 * Moves the production branch to what was promoted, when that is a fast-forward and no work tree has the branch
 * checked out (moving it under a person's feet would make their tree look dirty). What was done, in words.
 */
export async function fastForward(git: Git, branch: string, sha: string): Promise<string> {
  const ref = `refs/heads/${branch}`;
  const before = await git.tryResolve(ref);
  if (before === undefined) return `${branch} does not exist here, so it was not moved`;
  if (before === sha) return `${branch} is there already`;
  const ancestor = await git.run(['merge-base', '--is-ancestor', before, sha], { accept: [0, 1] });
  if (ancestor.exitCode !== 0) return `${branch} has commits of its own, so it was not moved`;
  const trees = await git.text(['worktree', 'list', '--porcelain', '-z']);
  if (trees.split('\0').includes(`branch ${ref}`)) return `${branch} is checked out, so it was not moved`;
  try {
    await git.run(['update-ref', '-m', 'orchestra: promoted', ref, sha, before]);
  } catch (error) {
    if (error instanceof OrchestraError) return `${branch} moved meanwhile, so it was left alone`;
    throw error;
  }
  return `${branch} was fast-forwarded`;
}
