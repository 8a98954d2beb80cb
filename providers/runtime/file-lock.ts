import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { OrchestraError, exitCode } from '../../src/domain/errors.ts';
import { hostMark, makeFolders, writeWhole, type WriteOptions } from './atomic-file.ts';
import { disk } from './disk.ts';
import { hasCode, ifMissing } from './errno.ts';
import {
  aheadOf,
  holderOf,
  isDead,
  newToken,
  place,
  sweepLocksOnce,
  takeAway,
  tokenPattern,
  watchLease,
} from './lock-folder.ts';

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

async function acquire(
  lock: string,
  { waitMs = 10_000, leaseMs: lease = leaseMs }: LockOptions,
): Promise<string> {
  const token = newToken();
  const prepared = `${lock}.${token}`;
  await makeFolders(path.dirname(lock));
  await sweepLocksOnce(path.dirname(lock));
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
