import { lstat, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';

/** A path of a work tree, and what changes when somebody writes to it. */
export interface Found {
  kind: 'file' | 'folder' | 'link' | 'other';
  /** The system's own account of when and where it was written last: no program sets the time of change. */
  state: string;
  executable: boolean;
  size: number;
}

/** What the build of a work tree wrote, the paths sorted by their bytes. */
export interface Written {
  paths: string[];
  removed: string[];
}

/** Every path below a work tree but git's own; links are not followed. */
export async function snapshotOf(root: string, signal?: AbortSignal): Promise<Map<string, Found>> {
  const found = new Map<string, Found>();
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    signal?.throwIfAborted();
    for (const name of await readdir(join(root, folder))) {
      if (folder === '' && name === '.git') continue;
      const path = folder === '' ? name : `${folder}/${name}`;
      const stat = await lstat(join(root, path), { bigint: true });
      const kind = stat.isFile()
        ? 'file'
        : stat.isDirectory()
          ? 'folder'
          : stat.isSymbolicLink()
            ? 'link'
            : 'other';
      if (kind === 'folder') folders.push(path);
      found.set(path, {
        kind,
        // A folder's own times change with what is in it, which is seen for itself.
        state: kind === 'folder' ? kind : `${kind} ${stat.ino} ${stat.size} ${stat.ctimeNs} ${stat.mtimeNs}`,
        executable: (stat.mode & 0o100n) !== 0n,
        size: Number(stat.size),
      });
    }
  }
  return found;
}

/** What was written or removed between two looks; `outputs` are the only paths that count, where there are some. */
export function writtenBetween(
  before: ReadonlyMap<string, Found>,
  after: ReadonlyMap<string, Found>,
  outputs?: readonly string[],
): Written {
  const counts = (path: string) =>
    outputs === undefined || outputs.some((output) => path === output || path.startsWith(`${output}/`));
  const paths = [...after].flatMap(([path, { state }]) =>
    before.get(path)?.state !== state && counts(path) ? [path] : [],
  );
  const removed = [...before.keys()].filter((path) => !after.has(path) && counts(path));
  return { paths: paths.toSorted(byBytes), removed: removed.toSorted(byBytes) };
}

/** The order of an artifact: of bytes, whatever the machine's language. A folder comes before what is in it. */
export function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Where a link leads, as it is written. */
export const targetOf = (root: string, path: string): Promise<string> => readlink(join(root, path));
