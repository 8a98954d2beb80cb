import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { safeText } from '../../src/domain/safe-text.ts';
import type { Git } from '../../src/ports/git.ts';

/** What is known of a repository at one moment, by a name that people know it by. */
export type RepositoryState = ReadonlyMap<string, string>;

/** More files than this that differ are not told one by one. */
const mostFiles = 2000;
const named = 5;
/** The product's own files change all the time: its refs, its work trees, its memory. */
const ownRefs = 'refs/orchestra/';
const ownFolder = 'deployment_memory/';

/** What a suite has no business in: the refs, the configuration and the hooks of the repository, and the files of its checkout. */
export async function repositoryState(git: Git): Promise<RepositoryState> {
  const state = new Map<string, string>();
  for (const line of (await git.text(['for-each-ref', '--format=%(refname) %(objectname)'])).split('\n')) {
    const [name = '', value = ''] = line.split(' ');
    if (name !== '' && !name.startsWith(ownRefs)) state.set(name, value);
  }
  for (const name of ['HEAD', 'config', 'info/attributes'])
    state.set(`.git/${name}`, await digestOf(join(git.commonDir, name)));
  for (const name of await namesIn(join(git.commonDir, 'hooks')))
    state.set(`.git/hooks/${name}`, await digestOf(join(git.commonDir, 'hooks', name)));
  const status = ['--no-optional-locks', 'status', '--porcelain=v1', '-z', '--untracked-files=all'];
  const { stdout, exitCode } = await git.run(status, { accept: [0, 128] });
  if (exitCode === 0)
    for (const entry of stdout.toString('utf8').split('\0').slice(0, mostFiles)) {
      const path = entry.slice(3);
      if (path !== '' && !path.startsWith(ownFolder))
        state.set(path, `${entry.slice(0, 2)} ${await timeOf(join(git.root, path))}`);
    }
  return state;
}

/** What differs between two moments, a few of it by name; empty for nothing. */
export function changedIn(before: RepositoryState, after: RepositoryState): string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].filter(
    (name) => before.get(name) !== after.get(name),
  );
  const more = names.length - named;
  return [...names.slice(0, named).map((name) => safeText(name, 200)), ...(more > 0 ? [`${more} more`] : [])];
}

async function digestOf(path: string): Promise<string> {
  try {
    return createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
  } catch {
    return 'none';
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

async function timeOf(path: string): Promise<string> {
  try {
    const { mtimeMs, size } = await stat(path);
    return `${mtimeMs} ${size}`;
  } catch {
    return 'none';
  }
}
