import { lstat, mkdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../src/ports/clock.ts';
import type { Git } from '../../src/ports/git.ts';
import { withDrivers } from './git-environment.ts';
import { withRankedLock } from './ranked-lock.ts';
import { readState, removeState, writeState } from './state-file.ts';

const recordSchema = z.object({
  sha: z.string(),
  /** Keys of the steps (install, build) that were finished here. */
  done: z.record(z.string(), z.string()),
});
type WorkTreeRecord = z.infer<typeof recordSchema>;

/** A clean copy of one version's files, outside the repository. */
export interface WorkTree {
  path: string;
  sha: string;
  /** Runs `work` unless a step of this name was finished here with the same key. */
  once(step: string, key: string, work: () => Promise<void>): Promise<void>;
}

export interface WorkTrees {
  /** The path the work tree of this version and purpose has, whether it is there or not. */
  pathOf(purpose: string, sha: string): string;
  /** Adds the work tree, adopts a right one, replaces a half-made or a wrong one. `sha` is a full object id. */
  add(purpose: string, sha: string): Promise<WorkTree>;
  /** Removes it and what git remembers of it; no other work tree is touched. One that is not there is fine. */
  remove(purpose: string, sha: string): Promise<void>;
}

/** Work trees under `<stateDir>/worktrees/<purpose>-<first 12 of sha>`. What is known of each stands beside it, where no commit can forge it. */
export function openWorkTrees({
  git,
  stateDir,
  clock,
}: {
  git: Git;
  stateDir: string;
  clock: Clock;
}): WorkTrees {
  const root = join(stateDir, 'worktrees');
  const pathOf = (purpose: string, sha: string) => join(root, `${purpose}-${sha.slice(0, 12)}`);
  const recordOf = (path: string) => `${path}.json`;

  async function locked<T>(work: () => Promise<T>): Promise<T> {
    await mkdir(root, { recursive: true, mode: 0o700 });
    return withRankedLock({ dir: join(stateDir, 'locks', 'worktrees'), clock }, work);
  }

  async function take(path: string): Promise<void> {
    // The folder first: git refuses to remove a work tree whose `.git` file is missing, but forgets a missing one.
    await rm(path, { recursive: true, force: true, maxRetries: 3 });
    await removeState(recordOf(path));
    await git.run(['worktree', 'remove', '--force', '--force', '--', path], { accept: [0, 128] });
  }

  async function isRight(path: string, sha: string): Promise<boolean> {
    const record = await readState(recordOf(path), recordSchema).catch(() => undefined);
    if (record?.sha !== sha || !(await exists(join(path, '.git')))) return false;
    const real = await realpath(path);
    const listed = (await git.text(['worktree', 'list', '--porcelain', '-z'])).split('\0\0');
    return listed.some((entry) => {
      const fields = entry.split('\0');
      return (
        fields.includes(`HEAD ${sha}`) &&
        (fields.includes(`worktree ${path}`) || fields.includes(`worktree ${real}`))
      );
    });
  }

  async function add(purpose: string, sha: string): Promise<WorkTree> {
    const path = pathOf(purpose, sha);
    await locked(async () => {
      if (await isRight(path, sha)) return;
      await take(path);
      await git.run(
        [
          '-c',
          'submodule.recurse=false',
          // Git copies a sparse checkout's patterns to new work trees; a version is whole or it is another version.
          '-c',
          'core.sparseCheckout=false',
          'worktree',
          'add',
          '--detach',
          '--force',
          '--',
          path,
          sha,
        ],
        { env: withDrivers },
      );
      await writeState(recordOf(path), { sha, done: {} } satisfies WorkTreeRecord);
    });
    return {
      path,
      sha,
      async once(step, key, work) {
        const before = await readState(recordOf(path), recordSchema);
        if (before?.done[step] === key) return;
        await work();
        const now = (await readState(recordOf(path), recordSchema)) ?? { sha, done: {} };
        await writeState(recordOf(path), { ...now, done: { ...now.done, [step]: key } });
      },
    };
  }

  return {
    pathOf,
    add,
    async remove(purpose, sha) {
      const path = pathOf(purpose, sha);
      if (!(await exists(path)) && !(await exists(recordOf(path)))) return;
      await locked(() => take(path));
    },
  };
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch {
    return false;
  }
}
