import path from 'node:path';
import { disk } from '../../providers/runtime/disk.ts';
import { hasCode } from '../../providers/runtime/errno.ts';
import { checkInside } from './layout.ts';

const partBytes = 256 * 1024;

/**
 * Gives the bytes of `name`, in the first of `folders` that has it, part by part; false when none has. `dir` is the
 * memory's folder, which a symbolic link must not lead out of (code `memory-outside`).
 */
export async function readParts(
  dir: string,
  folders: readonly string[],
  name: string,
  each: (part: Uint8Array) => void,
): Promise<boolean> {
  for (const folder of folders) {
    const file = path.join(folder, name);
    const handle = await disk.open(file, 'read').catch((error: unknown) => {
      if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return undefined;
      throw error;
    });
    if (!handle) continue;
    try {
      await checkInside(dir, file);
      for (let at = 0; ;) {
        const part = await handle.read(at, partBytes);
        if (part.length === 0) return true;
        each(part);
        at += part.length;
      }
    } catch (error) {
      if (!hasCode(error, 'EISDIR')) throw error;
    } finally {
      await handle.close();
    }
  }
  return false;
}
