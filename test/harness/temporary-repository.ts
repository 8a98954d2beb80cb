import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openGit } from '../../providers/runtime/git.ts';
import type { Git } from '../../src/ports/git.ts';

/** A folder of its own below the system's temporary one, its real path. */
export function temporaryFolder(prefix = 'orchestra-test-'): string {
  return realpathSync(mkdtempSync(join(tmpdir(), prefix)));
}

/** Nothing of the machine's own git configuration, and names and dates that never change. */
export const gitEnvironment: Record<string, string> = {
  PATH: process.env['PATH'] ?? '/usr/bin:/bin',
  HOME: '/nonexistent',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.org',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.org',
  GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
  GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
};

// The product's git takes its configuration's place from the process it runs in.
process.env['GIT_CONFIG_GLOBAL'] = '/dev/null';
process.env['GIT_CONFIG_NOSYSTEM'] = '1';

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
