import path from 'node:path';
import { createFileAtomic } from '../../providers/runtime/atomic-file.ts';
import { disk } from '../../providers/runtime/disk.ts';
import { hasCode } from '../../providers/runtime/errno.ts';

/** So many copies of other content are kept beside one file; nobody has as many versions. */
const mostBackups = 1000;

/**
 * Keeps `bytes` beside `file` as `<name>.backup`, else `.backup-2` …, never over another copy; the copy's path. It is on
 * the disk when this resolves. Done again after a kill, it finds the copy that is there. Throws the system's errors.
 */
export async function keepBackup(file: string, bytes: Uint8Array): Promise<string> {
  for (let n = 1; n <= mostBackups; n += 1) {
    const copy = `${file}.backup${n === 1 ? '' : `-${n}`}`;
    if (await createFileAtomic(copy, bytes)) return copy;
    if (!(await isCopy(copy, bytes))) continue;
    // Whoever put it there may have been killed before its name was safe.
    await disk.syncFolder(path.dirname(copy));
    return copy;
  }
  throw new Error(`${file} has ${mostBackups} backups; move some of them elsewhere`);
}

async function isCopy(file: string, bytes: Uint8Array): Promise<boolean> {
  try {
    return (await disk.read(file)).equals(bytes);
  } catch (error) {
    // Something else stands there, or it went meanwhile: not ours.
    if (hasCode(error, 'EISDIR') || hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}
