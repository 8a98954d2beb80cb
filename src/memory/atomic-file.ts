import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { processStartTime } from './process-identity.ts';

/** Temporary files say which machine and process made them, so that a killed writer's can be told from a live one's. */
const host = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
const temporary = /^\..+\.([0-9a-f]{8})-(\d+)-[0-9a-f]{12}\.tmp$/;

/** A name beside `file` that nobody else uses. */
export function temporaryName(file: string): string {
  const unique = `${host}-${process.pid}-${randomBytes(6).toString('hex')}`;
  return path.join(path.dirname(file), `.${path.basename(file)}.${unique}.tmp`);
}

const swept = new Set<string>();

/** Removes what writers of this machine left in a folder when they were killed; once a folder and process. */
async function sweep(folder: string): Promise<void> {
  if (swept.has(folder)) return;
  swept.add(folder);
  for (const name of await readdir(folder)) {
    const match = temporary.exec(name);
    if (!match || match[1] !== host) continue;
    if (processStartTime(Number(match[2])) === undefined) await rm(path.join(folder, name), { force: true });
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

/**
 * Replaces `file` by `text` in one step: a reader sees the old text or the new one, also after a kill or a power
 * cut. Makes the folder when there is none. `durable: false` skips the syncs, for what can be derived again.
 */
export async function writeFileAtomic(
  file: string,
  text: string,
  options: { mode?: number; durable?: boolean } = {},
): Promise<void> {
  const folder = path.dirname(file);
  const durable = options.durable ?? true;
  await mkdir(folder, { recursive: true });
  await sweep(folder);
  const temp = temporaryName(file);
  try {
    const handle = await open(temp, 'wx', options.mode ?? 0o644);
    try {
      await handle.writeFile(text, 'utf8');
      if (durable) await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temp, file);
  } catch (error) {
    await rm(temp, { force: true });
    throw error;
  }
  if (durable) await syncFolder(folder);
}
