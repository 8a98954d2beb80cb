import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { checkInside } from './layout.ts';
import type { Packed } from './packed.ts';

/** A document is shown on a screen: its last megabyte is more than anybody scrolls through. */
const mostBytes = 1024 * 1024;

/**
 * The text of `name` in the first of `folders` that has it, its last megabyte where it is longer; undefined when none
 * has. `dir` is the memory's folder, which a symbolic link must not lead out of (code `memory-outside`).
 */
export async function readDocument(
  dir: string,
  folders: readonly string[],
  name: string,
): Promise<string | undefined> {
  for (const folder of folders) {
    const file = path.join(folder, name);
    // Opening a pipe that nobody writes to would wait for ever, and hold up every other file meanwhile.
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
        throw error;
      },
    );
    if (!handle) continue;
    try {
      await checkInside(dir, file);
      const found = await handle.stat();
      if (!found.isFile()) continue;
      const { size } = found;
      const from = Math.max(0, size - mostBytes);
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - from), 0, size - from, from);
      return buffer.subarray(0, bytesRead).toString('utf8');
    } finally {
      await handle.close();
    }
  }
  return undefined;
}

/** The same of a deployment whose folder is packed. */
export async function readPackedDocument(
  packed: Packed,
  id: string,
  name: string,
): Promise<string | undefined> {
  return (await packed.read(id, name))?.subarray(-mostBytes).toString('utf8');
}
