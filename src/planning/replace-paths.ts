import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Git } from '../ports/git.ts';

/**
 * The tree that has `paths` as `revision` has them (absent where they are absent there) and all else as `tree`. Works on
 * an index of its own in the system's temporary folder; the user's is never opened.
 */
export async function replacePaths(
  git: Git,
  tree: string,
  revision: string,
  paths: readonly string[],
  signal?: AbortSignal,
): Promise<string> {
  const listed = await git.run(
    ['--literal-pathspecs', 'ls-tree', '-z', '--full-tree', revision, '--', ...paths],
    signal ? { signal } : {},
  );
  const present = new Map<string, string>();
  for (const entry of listed.stdout.toString('utf8').split('\0').filter(Boolean)) {
    const [meta = '', path = ''] = entry.split('\t', 2);
    const [mode = '', , sha = ''] = meta.split(' ');
    present.set(path, `${mode} ${sha}\t${path}\0`);
  }
  const absent = '0'.repeat(tree.length);
  const input = paths.map((path) => present.get(path) ?? `0 ${absent}\t${path}\0`).join('');
  return withEntries(git, tree, input, signal);
}

/** The tree that has these blobs as plain files and all else as `tree`. */
export function writePaths(
  git: Git,
  tree: string,
  files: readonly { path: string; blob: string }[],
  signal?: AbortSignal,
): Promise<string> {
  return withEntries(git, tree, files.map(({ path, blob }) => `100644 ${blob}\t${path}\0`).join(''), signal);
}

async function withEntries(git: Git, tree: string, input: string, signal?: AbortSignal): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-index-'));
  const options = { env: { GIT_INDEX_FILE: join(folder, 'index') }, ...(signal ? { signal } : {}) };
  try {
    await git.run(['read-tree', tree], options);
    await git.run(['update-index', '-z', '--index-info'], { ...options, input });
    return await git.text(['write-tree'], options);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
