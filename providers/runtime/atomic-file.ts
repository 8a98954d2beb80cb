import { createHash, randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import path from 'node:path';
import { disk } from './disk.ts';
import { hasCode, ifMissing } from './errno.ts';
import { identify } from './processes.ts';

/** This machine in the names of temporary files and locks. */
export const hostMark = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

/**
 * Temporary files and locks say which machine and process made them, so that a killed process's can be told from a live
 * one's: `.<name>.<host>-<pid>-…tmp`, and the folders of a lock (`file-lock.ts`).
 */
const temporaryPattern = /^\..+\.([0-9a-f]{8})-(\d+)-[0-9a-f]{12}(?:-[0-9a-f]{12})?(?:\.tmp|\.gone)?$/;

/** A name beside `file` that nobody else uses; where its writer is killed, `sweepFolder` takes it away. */
export function temporaryName(file: string, folder = path.dirname(file)): string {
  const unique = `${hostMark}-${process.pid}-${randomBytes(6).toString('hex')}`;
  return path.join(folder, `.${path.basename(file)}.${unique}.tmp`);
}

const swept = new Set<string>();

/** Removes what writers of this machine left in a folder when they were killed. */
export async function sweepFolder(folder: string): Promise<void> {
  for (const { name } of await disk.list(folder)) {
    const match = temporaryPattern.exec(name);
    if (!match || match[1] !== hostMark) continue;
    if (!identify(Number(match[2]))) await disk.removeAll(path.join(folder, name));
  }
}

/** The same, once a folder and process. */
async function sweepOnce(folder: string): Promise<void> {
  if (swept.has(folder)) return;
  swept.add(folder);
  await sweepFolder(folder);
}

/** Makes a folder and those above it, with names that survive a power cut. Throws the system's errors. */
export async function makeFolders(folder: string, rights?: number): Promise<void> {
  const first = await disk.makeFolders(folder, rights);
  if (first === undefined) return;
  for (let made = path.resolve(folder); made.length >= path.resolve(first).length; made = path.dirname(made))
    await disk.syncFolder(path.dirname(made));
}

export interface WriteOptions {
  /** Rights of the file; default 0o644. */
  mode?: number;
  /** `false` skips the syncs, for what can be derived again or means nothing after a restart of the machine. */
  durable?: boolean;
  /** A folder of the same file system for the temporary file, where the file's own is not written to again; swept as that is. */
  temporaryIn?: string;
}

/** Writes a new file whole, and gives no file at all when that fails. Throws the system's errors. */
export async function writeWhole(
  file: string,
  text: string | Uint8Array,
  options: WriteOptions = {},
): Promise<void> {
  try {
    const handle = await disk.open(file, 'new', options.mode ?? 0o644);
    try {
      await handle.write(text);
      if (options.durable ?? true) await handle.sync();
    } finally {
      await handle.close();
    }
  } catch (error) {
    await removeQuietly(file);
    throw error;
  }
}

/** Removes a temporary file after a failure; where even that fails, the next one's sweep does it. */
async function removeQuietly(file: string): Promise<void> {
  await disk.unlink(file).catch(() => undefined);
}

/**
 * Replaces `file` by `text` in one step: a reader sees the old text or the new one, also after a kill or a power
 * cut. Makes the folder when there is none. Safe for several writers: the last one wins. Throws the system's errors.
 */
export async function writeFileAtomic(file: string, text: string, options: WriteOptions = {}): Promise<void> {
  const folder = path.dirname(file);
  await makeFolders(folder);
  await sweepOnce(options.temporaryIn ?? folder);
  const temporary = temporaryName(file, options.temporaryIn);
  await writeWhole(temporary, text, options);
  try {
    await disk.rename(temporary, file);
  } catch (error) {
    await removeQuietly(temporary);
    throw error;
  }
  if (options.durable ?? true) await disk.syncFolder(folder);
}

/** Gives the file `from` the name `to` as well; false when something has that name. Throws the system's other errors. */
export async function linkIfNone(from: string, to: string): Promise<boolean> {
  try {
    await disk.link(from, to);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
}

/**
 * Makes `file` with `text`, whole from the first moment, if there is none: of several that try, exactly one gets
 * true. The folder must exist. Throws the system's errors.
 */
export async function createFileAtomic(
  file: string,
  text: string | Uint8Array,
  options: WriteOptions = {},
): Promise<boolean> {
  await sweepOnce(path.dirname(file));
  const temporary = temporaryName(file);
  await writeWhole(temporary, text, options);
  try {
    if (!(await linkIfNone(temporary, file))) return false;
  } finally {
    await disk.unlink(temporary).catch(ifMissing(undefined));
  }
  if (options.durable ?? true) await disk.syncFolder(path.dirname(file));
  return true;
}
