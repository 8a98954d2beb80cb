import { hostMark } from '../../providers/runtime/atomic-file.ts';
import type { Said } from './memory-life.ts';
import { SimulatedDisk } from './simulated-disk.ts';

/** Temporary files, locks and what was set aside, in a path. */
export const rubbish = /\.tmp$|\.gone\/?$|\.lock(?:\.|\/|$)|\.corrupt-|(?:^|\/)\.[0-9a-f]{8}-/;

let made = 0;

/** A memory's folder that no process has swept yet: each does so once a folder. */
export function freshDir(): string {
  return `/r${(made += 1)}/memory`;
}

/** A disk with nothing but a memory's empty folder, sure to stay. */
export async function simulatedMemory(): Promise<{ dir: string; disk: SimulatedDisk }> {
  const dir = freshDir();
  const disk = new SimulatedDisk();
  await disk.makeFolders(dir);
  await disk.syncFolder(dir.slice(0, dir.lastIndexOf('/')));
  await disk.syncFolder('/');
  return { dir, disk };
}

const ownMarks = new RegExp(`${hostMark}-${process.pid}-[0-9a-f]{12}`);

/** A name this process gave as one of a process that ended. */
function ofTheDead(name: string): string {
  return name.replace(ownMarks, `${hostMark}-999999999-${'0'.repeat(12)}`);
}

/**
 * The same disk for another process, as after a kill or a power cut: what this process left is a dead one's, and the memory's
 * folder has another path, for each process sweeps a folder once. Where it is, and what was said, with its paths.
 */
export function asAfterwards(
  { dir, disk }: { dir: string; disk: SimulatedDisk },
  said: readonly Said[],
): { dir: string; said: Said[] } {
  const fresh = freshDir();
  const [old, name = ''] = [dir.split('/')[1], fresh.split('/')[1]];
  disk.renameAll((entry) => (entry === old ? name : ofTheDead(entry)));
  return {
    dir: fresh,
    said: said.map((one) => (one.kind === 'export' ? { ...one, file: one.file.replace(dir, fresh) } : one)),
  };
}
