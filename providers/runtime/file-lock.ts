import { createHash, randomBytes } from 'node:crypto';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { OrchestraError, exitCode } from '../../src/domain/errors.ts';
import { hostMark, makeFolders, writeWhole, type WriteOptions } from './atomic-file.ts';
import { disk } from './disk.ts';
import { hasCode, ifMissing } from './errno.ts';
import { identify } from './processes.ts';

/**
 * A lock is a folder that holds one folder, named after its holder: the token. It is made complete beside the lock and
 * renamed into place, which succeeds for one process only. Whoever takes a lock from a holder that is dead, or was not
 * heard of for a lease, renames that inner folder away; what the holder writes goes through it (`Held.write`), so that one
 * that was only asleep can write nothing any more, however late it wakes and at whatever point.
 */

/** A holder that has not been heard of for so long, by the clock of who waits, loses the lock. */
const leaseMs = 3000;
/** A free lock that those before in the queue do not take for so long, each, is anyone's. */
const stepAsideMs = 20;
const mostAttempts = 5;

const tokenPattern = /^([0-9a-f]{8})-(\d+)-([0-9a-f]{12})-([0-9a-f]{12})$/;

/** What the work under a lock may do with it. */
export interface Held {
  /** The holder's fencing token; no two acquisitions have the same. */
  readonly token: string;
  /**
   * Replaces `file`, which is on the lock's file system, in one step as `writeFileAtomic` does, and only while the lock
   * is held. Throws `LockLost`, and has written nothing then; else the system's errors.
   */
  write(file: string, text: string | Uint8Array, options?: WriteOptions): Promise<void>;
  /** Throws `LockLost` where the lock was taken away already; that it was not may be over at once. */
  check(): Promise<void>;
}

/** The lock was taken from a holder that slept past its lease. */
export class LockLost extends Error {
  override readonly name = 'LockLost';
}

export interface LockOptions {
  /** How long to wait for a live holder, in milliseconds; default 10,000. */
  waitMs?: number;
  /** Default 3,000. */
  leaseMs?: number;
}

const mark = (startTime: string) => createHash('sha256').update(startTime).digest('hex').slice(0, 12);

let own: string | undefined;

/** A new token: the machine, this process, and the time of coming with some chance, in which tokens of waiting processes sort. */
function newToken(): string {
  own ??= `${hostMark}-${process.pid}-${mark(identify(process.pid)?.startTime ?? '')}`;
  // Eight digits of milliseconds go round in 49 days: who waits across that is served out of turn, once.
  const time = (Date.now() % 0x1_0000_0000).toString(16).padStart(8, '0');
  return `${own}-${time}${randomBytes(2).toString('hex')}`;
}

/** Whether the process a token names has ended; one of another machine cannot be asked and counts as alive. */
function isDead(token: string): boolean {
  const [, host, pid, start] = tokenPattern.exec(token) ?? [];
  if (host !== hostMark) return false;
  const now = identify(Number(pid));
  return now === undefined || mark(now.startTime) !== start;
}

const arrival = (token: string) => token.slice(-12);

/** The token in a lock; undefined when it is free. */
async function holderOf(lock: string): Promise<string | undefined> {
  const entries = await disk.list(lock).catch(ifMissing([]));
  return entries.map(({ name }) => name).find((name) => tokenPattern.test(name));
}

/** Takes the lock from exactly this holder, if it still has it. */
async function takeAway(lock: string, token: string): Promise<void> {
  const gone = `${lock}.${token}.gone`;
  await disk.rename(path.join(lock, token), gone).catch(ifMissing(undefined));
  await disk.removeAll(gone);
}

/** Puts the prepared folder in the lock's place; false when somebody has it. */
async function place(prepared: string, lock: string): Promise<boolean> {
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
async function aheadOf(token: string, lock: string): Promise<number> {
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

/** Watches how long a holder has not been heard of, by this process's own clock that no clock change touches. */
function watchLease(lock: string, lease: number): (token: string) => Promise<boolean> {
  let seen = { token: '', beat: 0n, since: 0 };
  return async (token) => {
    const now = performance.now();
    const look = await disk.stat(path.join(lock, token)).catch(ifMissing(undefined));
    if (look === undefined) return false;
    if (token !== seen.token || look.mtimeNs !== seen.beat) seen = { token, beat: look.mtimeNs, since: now };
    return now - seen.since > lease;
  };
}

async function acquire(
  lock: string,
  { waitMs = 10_000, leaseMs: lease = leaseMs }: LockOptions,
): Promise<string> {
  const token = newToken();
  const prepared = `${lock}.${token}`;
  await makeFolders(path.dirname(lock));
  await disk.makeFolders(path.join(prepared, token));
  const expired = watchLease(lock, lease);
  const until = performance.now() + waitMs;
  let freeSince: number | undefined;
  try {
    for (;;) {
      const ahead = await aheadOf(token, lock);
      const now = performance.now();
      if (ahead === 0 || (freeSince !== undefined && now - freeSince > ahead * stepAsideMs)) {
        if (await place(prepared, lock)) return token;
      }
      const holder = await holderOf(lock);
      if (holder === undefined) {
        freeSince ??= now;
        if (ahead === 0) continue;
      } else {
        freeSince = undefined;
        if (isDead(holder) || (await expired(holder))) {
          await takeAway(lock, holder);
          continue;
        }
        if (now >= until) throw stillHeld(lock, holder, waitMs);
      }
      await wait(ahead === 0 ? 1 : Math.min(1 + ahead, 20));
    }
  } catch (error) {
    await disk.removeAll(prepared).catch(() => undefined);
    throw error;
  }
}

function stillHeld(lock: string, holder: string, waitMs: number): OrchestraError {
  const [, host, pid] = tokenPattern.exec(holder) ?? [];
  const where = host === hostMark ? '' : ' on another machine';
  return new OrchestraError(
    'memory-locked',
    `${path.basename(lock)} is held by process ${pid}${where}; waited ${waitMs} ms`,
    {
      exit: exitCode.locked,
      hint: `Wait for process ${pid}${where} or end it, then try again.`,
      details: { lock, pid: Number(pid) },
    },
  );
}

/** Gives the lock back; where that fails, the others' patience with a lease does it. */
async function release(lock: string, token: string): Promise<void> {
  try {
    await disk.removeFolder(path.join(lock, token));
  } catch (error) {
    // Lost meanwhile, or a write that failed left its text there.
    await disk.removeAll(path.join(lock, token)).catch(() => undefined);
    if (hasCode(error, 'ENOENT')) await disk.removeAll(`${lock}.${token}.gone`).catch(() => undefined);
  }
  // Somebody else's by now, or gone: either is fine.
  await disk.removeFolder(lock).catch(() => undefined);
}

function heldBy(lock: string, token: string): Held {
  const inside = path.join(lock, token);
  const lost = (cause?: unknown) =>
    new LockLost(`${path.basename(lock)} was taken over by another process`, { cause });
  return {
    token,
    async write(file, text, options = {}) {
      const text0 = path.join(inside, 'new');
      try {
        await writeWhole(text0, text, options);
        await disk.rename(text0, file);
      } catch (error) {
        if (hasCode(error, 'ENOENT') && !(await disk.exists(inside))) throw lost(error);
        throw error;
      }
      if (options.durable ?? true) await disk.syncFolder(path.dirname(file));
    },
    async check() {
      if (!(await disk.exists(inside))) throw lost();
    },
  };
}

/** Who waits in this process, by lock, in order of coming: one process asks the file system once at a time. */
const queues = new Map<string, Promise<void>>();

/**
 * Runs `work` while this process alone, of all processes, holds `lock`, in order of coming. A dead holder's lock is taken at
 * once, that of one which sleeps after its lease. Work whose `Held.write` finds the lock lost is begun again, so it must
 * read what it changes. Not to be nested with the same lock. Throws code `memory-locked` (exit 5) when a live holder
 * keeps it for longer than `waitMs`.
 */
export async function withFileLock<T>(
  lock: string,
  work: (held: Held) => Promise<T>,
  options: LockOptions = {},
): Promise<T> {
  const before = queues.get(lock) ?? Promise.resolve();
  const turn = before.then(() => attempt(lock, work, options));
  const settled = turn.then(
    () => undefined,
    () => undefined,
  );
  queues.set(lock, settled);
  try {
    return await turn;
  } finally {
    if (queues.get(lock) === settled) queues.delete(lock);
  }
}

/**
 * Runs `work` under the lock where nobody has it; undefined, without waiting, where somebody does who was heard of within
 * a lease. For work that the holder does for others too.
 */
export async function ifLockFree<T>(
  lock: string,
  work: (held: Held) => Promise<T>,
): Promise<{ done: T } | undefined> {
  if (queues.has(lock)) return undefined;
  const holder = await holderOf(lock);
  if (holder !== undefined && !isDead(holder)) {
    const look = await disk.stat(path.join(lock, holder)).catch(ifMissing(undefined));
    const silentMs = look ? Math.abs(Date.now() - Number(look.mtimeNs / 1_000_000n)) : 0;
    if (silentMs <= leaseMs) return undefined;
  }
  try {
    // One that fell asleep is waited for as long as its lease.
    const waitMs = holder === undefined ? 0 : 2 * leaseMs;
    return { done: await withFileLock(lock, work, { waitMs }) };
  } catch (error) {
    if (error instanceof OrchestraError && error.code === 'memory-locked') return undefined;
    throw error;
  }
}

async function attempt<T>(lock: string, work: (held: Held) => Promise<T>, options: LockOptions): Promise<T> {
  for (let n = 1; ; n += 1) {
    const token = await acquire(lock, options);
    const beat = setInterval(
      () => void disk.touch(path.join(lock, token)).catch(() => undefined),
      (options.leaseMs ?? leaseMs) / 3,
    );
    beat.unref();
    try {
      return await work(heldBy(lock, token));
    } catch (error) {
      if (!(error instanceof LockLost) || n === mostAttempts) throw error;
    } finally {
      clearInterval(beat);
      await release(lock, token);
    }
  }
}
