import { constants } from 'node:fs';
import { open, realpath, stat, type FileHandle } from 'node:fs/promises';
import path from 'node:path';

/** Why a file that a suite shall have written cannot be read; its message is safe to print. */
export class NotRead extends Error {}

/** What a file was before a suite ran; undefined where there was none. */
export async function markOf(root: string, name: string): Promise<string | undefined> {
  try {
    const { mtimeMs, size, ino } = await stat(path.join(root, name));
    return `${mtimeMs} ${size} ${ino}`;
  } catch {
    return undefined;
  }
}

/**
 * A file below `root` that was written since `before`, never one that a link leads out to, never a pipe. The caller closes it. Throws
 * `NotRead`.
 */
export async function openWritten(
  root: string,
  name: string,
  before: string | undefined,
  maxBytes: number,
): Promise<FileHandle> {
  const now = await markOf(root, name);
  if (now === undefined) throw new NotRead('it is not there');
  if (now === before) throw new NotRead('it was there before, and the suite did not write it');
  const real = await realpath(path.join(root, name));
  if (!real.startsWith(`${await realpath(root)}${path.sep}`))
    throw new NotRead('a link leads out of the checkout');
  // A pipe would be waited for.
  const file = await open(real, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  const info = await file.stat();
  const why = !info.isFile()
    ? 'it is no file'
    : info.size > maxBytes
      ? `it is larger than ${Math.round(maxBytes / 1024 / 1024)} MB`
      : undefined;
  if (why === undefined) return file;
  await file.close();
  throw new NotRead(why);
}

/** The same, read as JSON. Throws `NotRead`. */
export async function readWrittenJson(
  root: string,
  name: string,
  before: string | undefined,
  maxBytes: number,
): Promise<unknown> {
  const file = await openWritten(root, name, before, maxBytes);
  try {
    return JSON.parse(await file.readFile('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new NotRead('it is no JSON, or only the beginning of one');
    throw error;
  } finally {
    await file.close();
  }
}
