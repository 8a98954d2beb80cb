import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openGit } from '../providers/runtime/git.ts';
import type { Git, GitOptions } from '../src/ports/git.ts';

/**
 * A repository that is only read: every object written while it is measured lands in a temporary folder, which
 * `remove` deletes.
 */
export async function openApart(repository: string): Promise<{ git: Git; remove: () => Promise<void> }> {
  const git = await openGit(repository);
  const folder = await mkdtemp(path.join(tmpdir(), 'orchestra-objects-'));
  const env = {
    GIT_OBJECT_DIRECTORY: folder,
    GIT_ALTERNATE_OBJECT_DIRECTORIES: path.join(git.commonDir, 'objects'),
  };
  const apart = (options?: GitOptions): GitOptions => ({ ...options, env: { ...env, ...options?.env } });
  return {
    git: {
      ...git,
      run: (args, options) => git.run(args, apart(options)),
      text: (args, options) => git.text(args, apart(options)),
      stream: (args, options) => git.stream(args, apart(options)),
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
