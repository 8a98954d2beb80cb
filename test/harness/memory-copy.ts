import path from 'node:path';
import { failWith } from '../../providers/runtime/failpoints.ts';
import { checkMemory, type Checked } from './memory-check.ts';
import { steppingClock, type Said } from './memory-life.ts';
import { SimulatedDisk } from './simulated-disk.ts';
import { freshDir } from './simulated-memory.ts';

/** One check at a time: there is one disk in a process. */
let before: Promise<unknown> = Promise.resolve();

/**
 * Checks the memory in `root`/memory, left by processes that ended, in a copy on a simulated disk: without the time that a real one
 * takes to sync. `from` is the time of who comes afterwards.
 */
export function checkCopy(root: string, said: readonly Said[], from: string): Promise<Checked> {
  const turn = before.then(async () => {
    const dir = freshDir();
    const place = path.dirname(dir);
    failWith(undefined, await SimulatedDisk.copied(root, place));
    const there = said.map((one): Said =>
      one.kind === 'export' ? { ...one, file: one.file.replace(root, place) } : one,
    );
    try {
      return await checkMemory(dir, there, steppingClock(from));
    } finally {
      failWith(undefined);
    }
  });
  before = turn.catch(() => undefined);
  return turn;
}
