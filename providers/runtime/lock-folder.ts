import { createHash, randomBytes } from 'node:crypto';
import path from 'node:path';
import { hostMark, sweepFolder } from './atomic-file.ts';
import { disk } from './disk.ts';
import { hasCode, ifMissing } from './errno.ts';
import { identify } from './processes.ts';

/** The folders that a lock is made of (`file-lock.ts`): who is in one, who waits for one, and what the dead left of them. */

/** `<machine>-<pid>-<start time>-<time of coming>`. */
export const tokenPattern = /^([0-9a-f]{8})-(\d+)-([0-9a-f]{12})-([0-9a-f]{12})$/;

const mark = (startTime: string) => createHash('sha256').update(startTime).digest('hex').slice(0, 12);

let own: string | undefined;

/** A new token: the machine, this process, and the time of coming with some chance, in which tokens of waiting processes sort. */
export function newToken(): string {
  own ??= `${hostMark}-${process.pid}-${mark(identify(process.pid)?.startTime ?? '')}`;
  // Eight digits of milliseconds go round in 49 days: who waits across that is served out of turn, once.
  const time = (Date.now() % 0x1_0000_0000).toString(16).padStart(8, '0');
  return `${own}-${time}${randomBytes(2).toString('hex')}`;
}

/** Whether the process a token names has ended; one of another machine cannot be asked and counts as alive. */
export function isDead(token: string): boolean {
  const [, host, pid, start] = tokenPattern.exec(token) ?? [];
  if (host !== hostMark) return false;
  const now = identify(Number(pid));
  return now === undefined || mark(now.startTime) !== start;
}

const arrival = (token: string) => token.slice(-12);

/** The token in a lock; undefined when it is free. */
export async function holderOf(lock: string): Promise<string | undefined> {
  const entries = await disk.list(lock).catch(ifMissing([]));
  return entries.map(({ name }) => name).find((name) => tokenPattern.test(name));
}

/** Takes the lock from exactly this holder, if it still has it. */
export async function takeAway(lock: string, token: string): Promise<void> {
  const gone = `${lock}.${token}.gone`;
  await disk.rename(path.join(lock, token), gone).catch(ifMissing(undefined));
  await disk.removeAll(gone);
}

/** Puts the prepared folder in the lock's place; false when somebody has it. */
export async function place(prepared: string, lock: string): Promise<boolean> {
  try {
    await disk.rename(prepared, lock);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOTEMPTY') || hasCode(error, 'EEXIST')) return false;
    if (!hasCode(error, 'ENOTDIR')) throw error;
    // A file of that name was a lock before locks were folders; those lasted no longer than their process.
    await disk.unlink(lock).catch(ifMissing(undefined));
    return false;
  }
}

/** How many that live came before `token` and still wait. What the dead left behind is removed. */
export async function aheadOf(token: string, lock: string): Promise<number> {
  const prefix = `${path.basename(lock)}.`;
  let ahead = 0;
  for (const { name } of await disk.list(path.dirname(lock))) {
    const other = name.startsWith(prefix) ? name.slice(prefix.length) : '';
    if (!tokenPattern.test(other) || other === token) continue;
    if (isDead(other)) await disk.removeAll(path.join(path.dirname(lock), name));
    else if (arrival(other) < arrival(token)) ahead += 1;
  }
  return ahead;
}

const sweptLocks = new Set<string>();

/** Takes away what the dead of this machine left in a folder: locks and temporary files. Throws the system's errors. */
export async function sweepLeftovers(folder: string): Promise<void> {
  await sweepFolder(folder);
  for (const { name, kind } of await disk.list(folder)) {
    if (kind !== 'folder' || !/^\..+\.lock$/.test(name)) continue;
    const lock = path.join(folder, name);
    const holder = await holderOf(lock);
    if (holder !== undefined && !isDead(holder)) continue;
    if (holder !== undefined) await takeAway(lock, holder);
    // Taken meanwhile, or not ours to remove: either is fine.
    await disk.removeFolder(lock).catch(() => undefined);
  }
}

/** The same, once a folder and process. Some locks are needed so rarely that nobody would come by for years. */
export async function sweepLocksOnce(folder: string): Promise<void> {
  if (sweptLocks.has(folder)) return;
  sweptLocks.add(folder);
  await sweepLeftovers(folder);
}

/** Watches how long a holder has not been heard of, by this process's own clock that no clock change touches. */
export function watchLease(lock: string, lease: number): (token: string) => Promise<boolean> {
  let seen = { token: '', beat: 0n, since: 0 };
  return async (token) => {
    const now = performance.now();
    const look = await disk.stat(path.join(lock, token)).catch(ifMissing(undefined));
    if (look === undefined) return false;
    if (token !== seen.token || look.mtimeNs !== seen.beat) seen = { token, beat: look.mtimeNs, since: now };
    return now - seen.since > lease;
  };
}
