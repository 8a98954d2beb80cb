import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { hasCode } from './errno.ts';
import { identify } from './processes.ts';

/** Temporary files say which machine and process made them, so that a killed writer's can be told from a live one's. */
const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
const temporaryPattern = /^\..+\.([0-9a-f]{8})-(\d+)-[0-9a-f]{12}\.tmp$/;

/** A name beside `file` that nobody else uses. */
function temporaryName(file: string): string {
  const unique = `${host}-${process.pid}-${randomBytes(6).toString('hex')}`;
  return path.join(path.dirname(file), `.${path.basename(file)}.${unique}.tmp`);
}

const swept = new Set<string>();

/** Removes what writers of this machine left in a folder when they were killed; once a folder and process. */
async function sweep(folder: string): Promise<void> {
  if (swept.has(folder)) return;
  swept.add(folder);
  for (const name of await readdir(folder)) {
    const match = temporaryPattern.exec(name);
    if (!match || match[1] !== host) continue;
    if (!identify(Number(match[2]))) await rm(path.join(folder, name), { force: true });
  }
}

/** Makes a rename or a new name in `folder` survive a power cut, where the platform lets a folder be synced. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export interface WriteOptions {
  /** Rights of the file; default 0o644. */
  mode?: number;
  /** `false` skips the syncs, for what can be derived again or means nothing after a restart of the machine. */
  durable?: boolean;
}

async function writeTemporary(file: string, text: string, options: WriteOptions): Promise<string> {
  const temporary = temporaryName(file);
  try {
    const handle = await open(temporary, 'wx', options.mode ?? 0o644);
    try {
      await handle.writeFile(text, 'utf8');
      if (options.durable ?? true) await handle.sync();
    } finally {
      await handle.close();
    }
    return temporary;
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Replaces `file` by `text` in one step: a reader sees the old text or the new one, also after a kill or a power
 * cut. Makes the folder when there is none. Safe for several writers: the last one wins. Throws the system's errors.
 */
export async function writeFileAtomic(file: string, text: string, options: WriteOptions = {}): Promise<void> {
  const folder = path.dirname(file);
  await mkdir(folder, { recursive: true });
  await sweep(folder);
  const temporary = await writeTemporary(file, text, options);
  try {
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  if (options.durable ?? true) await syncFolder(folder);
}

/** Gives the file `from` the name `to` as well; false when something has that name. Throws the system's other errors. */
export async function linkIfNone(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
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
  text: string,
  options: WriteOptions = {},
): Promise<boolean> {
  const temporary = await writeTemporary(file, text, options);
  try {
    if (!(await linkIfNone(temporary, file))) return false;
  } finally {
    await rm(temporary, { force: true });
  }
  if (options.durable ?? true) await syncFolder(path.dirname(file));
  return true;
}
