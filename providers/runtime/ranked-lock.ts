import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Clock } from '../../src/ports/clock.ts';
import { linkIfNone } from './atomic-file.ts';
import { isAlive, systemProcesses } from './processes.ts';
import { readState, writeState } from './state-file.ts';

const holderSchema = z.object({
  pid: z.number().int(),
  startTime: z.string(),
  rank: z.number(),
  released: z.boolean(),
});
type Holder = z.infer<typeof holderSchema>;

export interface LockOptions {
  /** The lock's folder; made when missing. */
  dir: string;
  clock: Clock;
  /** A higher rank takes the lock from a lower one even while that runs: a fencing token. Default 0. */
  rank?: number;
  signal?: AbortSignal;
  onWait?: () => void;
}

const numberOf = (name: string) => (/^\d{10}$/.test(name) ? Number(name) : 0);
const nameOf = (number: number) => String(number).padStart(10, '0');

async function highest(dir: string): Promise<number> {
  return Math.max(0, ...(await readdir(dir)).map(numberOf));
}

/**
 * Runs `work` while no other process, and no other call in this one, holds the lock. It belongs to the file with the highest number. The next
 * number is linked (exclusively) once its predecessor is released, dead or outranked, none of which can be undone,
 * so a holder's death needs no clean-up and nobody ever deletes a lock that may be live. Where a lock must leave nothing
 * behind or is shared by machines, and nobody may overtake, `withFileLock` is the one to take.
 */
export async function withRankedLock<T>(options: LockOptions, work: () => Promise<T>): Promise<T> {
  const { dir, clock, rank = 0 } = options;
  await mkdir(dir, { recursive: true });
  const holder: Holder = { ...systemProcesses.self(), rank, released: false };
  const ticket = join(dir, `ticket-${randomUUID()}`);
  await writeState(ticket, holder);
  try {
    const mine = await take(options, ticket, rank);
    try {
      return await work();
    } finally {
      await writeState(join(dir, nameOf(mine)), { ...holder, released: true });
    }
  } finally {
    await rm(ticket, { force: true });
  }

  async function take(options: LockOptions, ticket: string, rank: number): Promise<number> {
    for (let waited = 0; ; waited++) {
      options.signal?.throwIfAborted();
      const last = await highest(dir);
      const before = last === 0 ? undefined : await readState(join(dir, nameOf(last)), holderSchema);
      const free = !before || before.released || before.rank < rank || !isAlive(before);
      if (free && (await linkIfNone(ticket, join(dir, nameOf(last + 1))))) {
        // One that read the folder before others came and went links a number long passed.
        if ((await highest(dir)) === last + 1) {
          await sweep(last + 1);
          return last + 1;
        }
        await rm(join(dir, nameOf(last + 1)), { force: true });
        continue;
      }
      if (free) continue;
      if (waited === 0) options.onWait?.();
      await clock.sleep(Math.min(10 * (waited + 1), 100), options.signal);
    }
  }

  async function sweep(mine: number): Promise<void> {
    for (const name of await readdir(dir)) {
      const number = numberOf(name);
      if (number > 0 ? number < mine : await isLeftBehind(join(dir, name)))
        await rm(join(dir, name), { force: true });
    }
  }
}

/** A ticket whose owner died while it waited. */
async function isLeftBehind(ticket: string): Promise<boolean> {
  const holder = await readState(ticket, holderSchema).catch(() => undefined);
  return holder !== undefined && !isAlive(holder);
}
