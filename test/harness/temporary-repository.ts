import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openGit } from '../../providers/runtime/git.ts';
import type { Git } from '../../src/ports/git.ts';
import { temporaryFolder } from './folder.ts';
import { gitEnvironment } from './git-environment.ts';

/** What a commit holds: a file's text, a link, or null for a file that is gone. */
export type Content = string | { link: string } | null;

export interface TemporaryRepository {
  path: string;
  git: Git;
  /** Writes files, commits everything, gives the sha. */
  commit(files: Record<string, Content>, message?: string): string;
  remove(): void;
}

/** A new repository with a branch `main` and no commit. */
export async function temporaryRepository(): Promise<TemporaryRepository> {
  const path = temporaryFolder('orchestra-repo-');
  const run = (...args: string[]) =>
    execFileSync('git', args, { cwd: path, env: gitEnvironment, encoding: 'utf8' }).trim();
  run('init', '-q', '-b', 'main');
  return {
    path,
    git: await openGit(path),
    commit(files, message = 'feat: a change') {
      for (const [name, content] of Object.entries(files)) {
        const file = join(path, name);
        rmSync(file, { force: true, recursive: true });
        if (content === null) continue;
        mkdirSync(dirname(file), { recursive: true });
        if (typeof content === 'string') writeFileSync(file, content);
        else symlinkSync(content.link, file);
        if (name.endsWith('.sh')) chmodSync(file, 0o755);
      }
      run('add', '-A', '-f');
      run('commit', '-q', '--allow-empty', '-m', message);
      return run('rev-parse', 'HEAD');
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}
