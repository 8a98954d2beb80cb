import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { OrchestraError } from '../../src/domain/errors.ts';
import type { Git, GitOptions, GitResult } from '../../src/ports/git.ts';

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
export function temporaryRepository(): TemporaryRepository {
  const path = temporaryFolder('orchestra-repo-');
  const run = (...args: string[]) =>
    execFileSync('git', args, { cwd: path, env: gitEnvironment, encoding: 'utf8' }).trim();
  run('init', '-q', '-b', 'main');
  return {
    path,
    git: plainGit(path),
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

/** Real git behind the port, without the guards of the product's own adapter. */
export function plainGit(root: string): Git {
  const run = (args: readonly string[], options: GitOptions = {}) =>
    new Promise<GitResult>((resolve, reject) => {
      const child = execFile(
        'git',
        ['-c', 'core.hooksPath=/dev/null', ...args],
        { cwd: root, env: { ...gitEnvironment, ...options.env }, encoding: 'buffer', maxBuffer: 1 << 28 },
        (_, stdout, stderr) => {
          const exitCode = child.exitCode ?? 1;
          if ((options.accept ?? [0]).includes(exitCode))
            resolve({ stdout, stderr: stderr.toString(), exitCode });
          else
            reject(
              new OrchestraError('git', `git ${args.join(' ')}: ${exitCode}: ${stderr.toString()}`, {
                hint: 'a test',
              }),
            );
        },
      );
      child.stdin?.end(options.input);
    });
  const text = async (args: readonly string[], options?: GitOptions) =>
    (await run(args, options)).stdout.toString().replace(/\n$/, '');
  return {
    root,
    commonDir: join(root, '.git'),
    run,
    text,
    async *stream(args, options) {
      yield (await run(args, options)).stdout;
    },
    resolve: (ref) => text(['rev-parse', '--verify', '--end-of-options', ref]),
    tryResolve: (ref) => text(['rev-parse', '--verify', '--end-of-options', ref]).catch(() => undefined),
  };
}
