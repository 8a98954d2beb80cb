import { open, rename, stat } from 'node:fs/promises';
import { z } from 'zod';
import { hasCode } from '../../runtime/errno.ts';

const chunkBytes = 1024 * 1024;

/** How far each file was read, by its inode: a log that was put aside is still the same file. */
export const tailSchema = z.record(z.string().regex(/^\d+$/), z.number().int().nonnegative());
export type Tail = z.infer<typeof tailSchema>;

/**
 * The lines written since `tail`, first those of the file put aside (`.1`), for workers write there until they open the new
 * one; and the tail after them. Half a line waits for its other half.
 */
export async function readOn(file: string, tail: Tail): Promise<{ lines: string[]; tail: Tail }> {
  const lines: string[] = [];
  const after: Tail = {};
  for (const name of [`${file}.1`, file]) {
    const handle = await open(name, 'r').catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return undefined;
      throw error;
    });
    if (!handle) continue;
    try {
      const { ino } = await handle.stat();
      let at = tail[String(ino)] ?? 0;
      let rest = Buffer.alloc(0);
      for (;;) {
        const buffer = Buffer.alloc(chunkBytes);
        const { bytesRead } = await handle.read(buffer, 0, chunkBytes, at + rest.length);
        if (bytesRead === 0) break;
        const bytes = Buffer.concat([rest, buffer.subarray(0, bytesRead)]);
        const end = bytes.lastIndexOf(10) + 1;
        for (const line of bytes.toString('latin1', 0, end).split('\n')) if (line !== '') lines.push(line);
        at += end;
        rest = bytes.subarray(end);
      }
      after[String(ino)] = at;
    } finally {
      await handle.close();
    }
  }
  return { lines, tail: after };
}

/** Puts a log aside once it is larger than `limit` bytes and read to the end of what `tail` knows; true when it was. */
export async function putAside(file: string, tail: Tail, limit: number): Promise<boolean> {
  const now = await stat(file).catch(() => undefined);
  if (!now || now.size <= limit || tail[String(now.ino)] === undefined) return false;
  await rename(file, `${file}.1`);
  return true;
}
