import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OrchestraError } from '../domain/errors.ts';
import type { Git } from '../ports/git.ts';

const checkArguments = ['cat-file', '--batch-check=%(objectname) %(objecttype) %(objectsize)', '--buffer'];

/**
 * The sizes in bytes of those of these blobs, by full object name, that the object store has; of any other kind of object
 * the size is 0. What is missing, or damaged beyond recognition, is left out. Fetches nothing.
 */
export async function readObjectSizes(
  git: Git,
  names: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, number>> {
  if (names.length === 0) return new Map();
  const options = { input: `${names.join('\n')}\n`, ...(signal ? { signal } : {}) };
  try {
    return readSizes(await git.text(checkArguments, options));
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof OrchestraError) || error.code !== 'git') throw error;
  }
  // Where a remote has promised what is missing, git asks it or gives up. A repository that has no remote just says so.
  const folder = await mkdtemp(join(tmpdir(), 'orchestra-store-'));
  try {
    const format = await git.text(['rev-parse', '--show-object-format']);
    await git.run(['init', '-q', '--bare', '--template=', `--object-format=${format}`, folder]);
    const env = { GIT_DIR: folder, GIT_OBJECT_DIRECTORY: join(git.commonDir, 'objects') };
    return readSizes(await git.text(checkArguments, { ...options, env }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function readSizes(output: string): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const line of output.split('\n')) {
    const [name = '', type, size] = line.split(' ');
    if (size !== undefined) sizes.set(name, type === 'blob' ? Number(size) : 0);
  }
  return sizes;
}
