import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { temporaryFolder } from './folder.ts';
import { gitEnvironment } from './git-environment.ts';

/** Files of a commit: text, bytes, or `null` to delete. */
export type Files = Record<string, string | Buffer | null>;

export interface CommitOptions {
  files?: Files;
  author?: string;
  /** Author and committer date; by default one minute after the commit before. */
  date?: string;
}

/**
 * A real repository in a temporary folder, built step by step: `repo().commit('feat: x', { files: { 'a.txt': '1' } })`.
 * Starts on `main` with no commit. Dates are fixed, so equal steps give equal shas.
 */
export class Repository {
  readonly dir: string;
  private minute = 0;

  constructor(options: { bare?: boolean } = {}) {
    this.dir = temporaryFolder();
    this.git('init', '-q', '-b', 'main', ...(options.bare ? ['--bare'] : []), '.');
  }

  /** Runs git here with fixed identity and no configuration of this machine; its output without the last newline. */
  git(...args: string[]): string {
    return this.gitWith({}, ...args);
  }

  gitWith(options: { input?: string | Buffer; env?: Record<string, string> }, ...args: string[]): string {
    const at = new Date(Date.UTC(2026, 0, 1, 12, this.minute)).toISOString();
    return execFileSync('git', args, {
      cwd: this.dir,
      input: options.input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
      env: {
        ...gitEnvironment,
        HOME: this.dir,
        GIT_AUTHOR_DATE: at,
        GIT_COMMITTER_DATE: at,
        ...options.env,
      },
    }).replace(/\n$/u, '');
  }

  /** Writes (or deletes) files and commits them on the current branch; without files an empty commit. */
  commit(message: string, options: CommitOptions = {}): this {
    this.minute += 1;
    this.write(options.files ?? {});
    this.git('add', '-A');
    const name = options.author;
    const env = {
      ...(name !== undefined && {
        GIT_AUTHOR_NAME: name,
        GIT_AUTHOR_EMAIL: `${name.toLowerCase().replace(/\W+/gu, '.')}@example.com`,
      }),
      ...(options.date !== undefined && { GIT_AUTHOR_DATE: options.date, GIT_COMMITTER_DATE: options.date }),
    };
    this.gitWith(
      { input: message, env },
      'commit',
      '-q',
      '--allow-empty',
      '--allow-empty-message',
      '--cleanup=verbatim',
      '-F',
      '-',
    );
    return this;
  }

  /** Creates a branch from `from` (default: here) and checks it out. */
  branch(name: string, from?: string): this {
    this.git('checkout', '-q', '-b', name, ...(from === undefined ? [] : [from]));
    return this;
  }

  checkout(name: string): this {
    this.git('checkout', '-q', name);
    return this;
  }

  /** Merges `name` into the current branch with a merge commit. */
  merge(name: string, message = `Merge branch '${name}'`): this {
    this.minute += 1;
    this.git('merge', '-q', '--no-ff', '-m', message, name);
    return this;
  }

  /** A pull request: a side branch with these commits, merged into the current branch the way GitHub words it. */
  pullRequest(
    number: number,
    title: string,
    commits: readonly [message: string, options: CommitOptions][],
    branch = `topic/${number}`,
  ): this {
    const target = this.git('symbolic-ref', '--short', 'HEAD');
    this.branch(branch);
    for (const [message, options] of commits) this.commit(message, options);
    return this.checkout(target).merge(
      branch,
      `Merge pull request #${number} from team/${branch}\n\n${title}\n`,
    );
  }

  /** Writes (or deletes) files in the work tree only. */
  write(files: Files): this {
    for (const [path, content] of Object.entries(files)) {
      const full = join(this.dir, path);
      if (content === null) rmSync(full, { force: true });
      else {
        mkdirSync(dirname(full), { recursive: true });
        writeFileSync(full, content);
      }
    }
    return this;
  }

  /** The full sha of a revision. */
  sha(ref = 'HEAD'): string {
    return this.git('rev-parse', `${ref}^{commit}`);
  }

  tree(ref = 'HEAD'): string {
    return this.git('rev-parse', `${ref}^{tree}`);
  }

  /** A file's text as a revision or tree has it. */
  show(ref: string, path: string): string {
    return this.git('show', `${ref}:${path}`);
  }

  remove(): void {
    rmSync(this.dir, { recursive: true, force: true });
  }
}

const made: Repository[] = [];

/** A new repository; `removeRepositories` takes it away again. */
export function repo(options: { bare?: boolean } = {}): Repository {
  const repository = new Repository(options);
  made.push(repository);
  return repository;
}

/** For `afterEach`: removes all that `repo` made. */
export function removeRepositories(): void {
  for (const repository of made.splice(0)) repository.remove();
}

/** `n` numbered lines, some of them replaced: a file in which changes far apart do not touch. */
export function lines(n: number, changed: Record<number, string> = {}): string {
  return Array.from({ length: n }, (_, i) => `${changed[i + 1] ?? `line ${i + 1}`}\n`).join('');
}
