import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { OrchestraError, exitCode } from '../../src/domain/errors.ts';
import { createFileAtomic } from './atomic-file.ts';
import { hasCode } from './errno.ts';
import { identify, isAlive } from './processes.ts';

const ownerSchema = z.object({
  pid: z.number().int(),
  startTime: z.string(),
  host: z.string(),
  token: z.string().regex(/^[0-9a-f]+$/),
});
type Owner = z.infer<typeof ownerSchema>;

/** A lock is made complete by link(2), so one that does not parse was left half-written by a power cut. */
const unreadable: Owner = { pid: 0, startTime: '', host: '', token: '0' };

async function ownerOf(lock: string): Promise<Owner | undefined> {
  let text: string;
  try {
    text = await readFile(lock, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
  try {
    return ownerSchema.parse(JSON.parse(text));
  } catch {
    return unreadable;
  }
}

/** An owner on another machine cannot be asked, so it is taken for alive. */
function isDead(owner: Owner): boolean {
  if (owner === unreadable) return true;
  return owner.host === hostname() && !isAlive(owner);
}

/** Takes `lock` if nobody has it; true when it is ours now. */
function take(lock: string, owner: Owner): Promise<boolean> {
  return createFileAtomic(lock, JSON.stringify(owner), { durable: false });
}

/**
 * Removes a dead owner's lock, if `lock` still is that one. Only who holds `<lock>.<token>` may remove the lock
 * with that token, and looks again once it holds it: so a lock taken anew in between is never removed. A breaker
 * that died is broken in the same way.
 */
async function removeDead(lock: string, dead: Owner, breaker: Owner): Promise<void> {
  const permit = `${lock}.${dead.token}`;
  if (!(await take(permit, breaker))) {
    const other = await ownerOf(permit);
    if (other && isDead(other)) await removeDead(permit, other, breaker);
    return;
  }
  try {
    if ((await ownerOf(lock))?.token === dead.token) await rm(lock, { force: true });
  } finally {
    await rm(permit, { force: true });
  }
}

async function acquire(lock: string, waitMs: number): Promise<Owner> {
  const startTime = identify(process.pid)?.startTime ?? '';
  const owner = { pid: process.pid, startTime, host: hostname(), token: randomBytes(8).toString('hex') };
  await mkdir(path.dirname(lock), { recursive: true });
  const until = performance.now() + waitMs;
  for (let round = 0; ; round += 1) {
    if (await take(lock, owner)) return owner;
    const holder = await ownerOf(lock);
    if (!holder) continue;
    if (isDead(holder)) {
      await removeDead(lock, holder, owner);
      continue;
    }
    if (performance.now() >= until)
      throw new OrchestraError(
        'memory-locked',
        `${path.basename(lock)} is held by process ${holder.pid} on ${holder.host}; waited ${waitMs} ms`,
        {
          exit: exitCode.locked,
          hint: `Wait for process ${holder.pid} or end it, then try again. If it runs on a machine that is gone, delete ${lock}.`,
          details: { lock, pid: holder.pid, host: holder.host },
        },
      );
    await wait(1 + Math.random() * Math.min(20, 2 ** Math.min(round, 5)));
  }
}

/** Who waits in this process, by lock, in order of coming: one process asks the file system once at a time. */
const queues = new Map<string, Promise<void>>();

/**
 * Runs `work` while this process alone, of all processes, holds `lock`. A dead owner's lock is taken at once, a live
 * one's never. Not to be nested with the same lock. Throws code `memory-locked` (exit 5) when a live owner keeps
 * it for longer than `waitMs`.
 */
export async function withFileLock<T>(lock: string, work: () => Promise<T>, waitMs = 10_000): Promise<T> {
  const before = queues.get(lock) ?? Promise.resolve();
  const turn = before.then(async () => {
    const owner = await acquire(lock, waitMs);
    try {
      return await work();
    } finally {
      if ((await ownerOf(lock))?.token === owner.token) await rm(lock, { force: true });
    }
  });
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
