import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { safeLines } from '../../src/domain/safe-text.ts';

/** A log is put aside at the next start once it is larger than this, bytes. */
const rotateAbove = 5 * 1024 * 1024;
/** How many put-aside logs are kept: `.1` is the newest. */
const kept = 3;
/** No more than this is read for the last lines, bytes. */
const tailBytes = 64 * 1024;

/** Bytes in a file; 0 when there is none. */
export async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch {
    return 0;
  }
}

/** Makes the log's folder and puts a large log aside; the size of what the next start will append to. */
export async function prepareLog(path: string, rotateAt = rotateAbove): Promise<number> {
  await mkdir(dirname(path), { recursive: true });
  const size = await sizeOf(path);
  if (size <= rotateAt) return size;
  await rm(`${path}.${kept}`, { force: true });
  for (let n = kept; n > 1; n--)
    if (await sizeOf(`${path}.${n - 1}`)) await rename(`${path}.${n - 1}`, `${path}.${n}`);
  await rename(path, `${path}.1`);
  return 0;
}

/** The last `maxBytes` that were written after byte `from`, as they are; empty for a missing file. */
export async function endOf(path: string, maxBytes: number, from = 0): Promise<string> {
  const size = await sizeOf(path);
  const start = Math.max(from, size - maxBytes);
  if (size <= start) return '';
  const file = await open(path, 'r');
  try {
    const buffer = Buffer.alloc(size - start);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** The last `lines` lines written after byte `from`, safe to print; empty for a missing file. */
export async function tailOf(path: string, lines: number, from = 0): Promise<string[]> {
  const text = await endOf(path, tailBytes, from);
  const all = safeLines(text.replace(/[\r\n]+$/, ''), Number.MAX_SAFE_INTEGER);
  return text === '' ? [] : all.slice(-lines);
}
