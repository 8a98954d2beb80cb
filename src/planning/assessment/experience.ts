import { OrchestraError } from '../../domain/errors.ts';
import type { Git } from '../../ports/git.ts';

/** What the base's recent past says about people and files. */
export interface Experience {
  /** Commits by e-mail among those read. */
  commitsOf: ReadonlyMap<string, number>;
  /** Fixes by path among those read, of the last `fixDays` days of that history. */
  fixesIn: ReadonlyMap<string, number>;
}

/** How far back is read; enough to tell a newcomer from an old hand, and quick on any history. */
const commitsRead = 1000;
/** Fixes of this many days before the newest commit count as recent. */
export const fixDays = 30;

/** Reads the last commits reachable from `base`, one git process. */
export async function readExperience(git: Git, base: string, signal?: AbortSignal): Promise<Experience> {
  const args = [
    'log',
    '-z',
    '-n',
    String(commitsRead),
    '--no-merges',
    '--no-renames',
    '--raw',
    '--abbrev=4',
    '--format=tformat:%x01%ae%x00%ct%x00%s',
    base,
    '--',
  ];
  const stdout = await read(git, args, signal);
  const commitsOf = new Map<string, number>();
  const fixesIn = new Map<string, number>();
  const values = stdout.toString('utf8').split('\0');
  let newest = 0;
  let recentFix = false;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? '';
    if (value.startsWith('\u0001')) {
      const email = value.slice(1).toLowerCase();
      const at = Number(values[i + 1]);
      newest = Math.max(newest, at);
      commitsOf.set(email, (commitsOf.get(email) ?? 0) + 1);
      recentFix =
        newest - at <= fixDays * 86_400 && /^(?:fix|hotfix|bugfix|revert)/iu.test(values[i + 2] ?? '');
      i += 2;
    } else if (value.replace(/^\n/u, '').startsWith(':')) {
      const path = values[++i] ?? '';
      if (recentFix) fixesIn.set(path, (fixesIn.get(path) ?? 0) + 1);
    }
  }
  return { commitsOf, fixesIn };
}

/** Git's output; of the people only, where folders are missing. */
async function read(git: Git, args: readonly string[], signal: AbortSignal | undefined): Promise<Buffer> {
  const options = signal ? { signal } : {};
  try {
    return (await git.run(args, options)).stdout;
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof OrchestraError) || error.code !== 'git') throw error;
    return (
      await git.run(
        args.filter((arg) => arg !== '--raw'),
        options,
      )
    ).stdout;
  }
}
