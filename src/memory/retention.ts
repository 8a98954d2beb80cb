import path from 'node:path';
import { disk } from '../../providers/runtime/disk.ts';
import { ifMissing } from '../../providers/runtime/errno.ts';
import { ifLockFree, type Held } from '../../providers/runtime/file-lock.ts';
import type { Retention } from '../domain/memory.ts';
import type { Entry } from './history/entries.ts';
import { markOf } from './history/folders.ts';
import { compareIds } from './layout.ts';
import { deploymentIdPattern, type layoutOf } from './layout.ts';
import { contentsOf, type Packed } from './packed.ts';

/** At most so many are packed, and so many removed, at a time: the next deployment's end goes on. */
const mostAtOnce = 16;
const dayMs = 86_400_000;
const removing = /^\.removing-/;

export interface RetentionPorts {
  at: ReturnType<typeof layoutOf>;
  packed: Packed;
  append: (entries: readonly Entry[]) => Promise<void>;
  /** Deployments that are in the history's folder, as far as is known without looking. */
  whole: () => Promise<number>;
}

/** When a deployment began, by its id, in milliseconds since the epoch. */
function beganAt(id: string): number {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)/.exec(id) ?? [];
  return Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s));
}

/**
 * Packs the folders of past deployments that are older than `retention` keeps whole, and removes packed ones where it says so:
 * a few at a time, oldest first. A folder goes only when its packed files were read back from the disk and are the same as those in
 * it. Killed at any point, nothing is lost, and the next time goes on. Does nothing where another process does it.
 */
export async function retain(
  { at, packed, append, whole }: RetentionPorts,
  retention: Retention,
  now: Date,
): Promise<void> {
  const { whole_deployments: most, whole_days: days, delete_after_days: last } = retention;
  const interrupted = async () =>
    (await disk.list(at.archive).catch(ifMissing([]))).filter(({ name }) => removing.test(name));
  const due = days !== undefined || last !== undefined || (await whole()) > most;
  if (!due && (await interrupted()).length === 0) return;
  await disk.makeFolders(at.archive);
  await ifLockFree(path.join(at.archive, '.retention.lock'), async (held) => {
    await sweep();
    const ids = (await disk.list(at.history).catch(ifMissing([])))
      .map(({ name }) => name)
      .filter((name) => deploymentIdPattern.test(name))
      .sort(compareIds);
    const shortest = Math.min(days ?? Infinity, last ?? Infinity);
    const old = ids.filter(
      (id, i) => i < ids.length - most || beganAt(id) < now.getTime() - shortest * dayMs,
    );
    await packAll(old.slice(0, mostAtOnce), held);
    if (last !== undefined) await removeOld(now.getTime() - last * dayMs);
  });

  /** What was packed, and whose removal a kill interrupted. */
  async function sweep(): Promise<void> {
    for (const { name } of await interrupted()) await settle(name.replace(removing, ''));
  }

  /** Removes what was taken out of the history, if its packed files are the same; else it comes back whole. */
  async function settle(id: string): Promise<boolean> {
    const leaving = path.join(at.archive, `.removing-${id}`);
    const [whole0, kept] = await Promise.all([contentsOf(leaving), packed.all(id)]);
    // A removal that was begun has some of the files only.
    const safe =
      whole0 && kept && [...whole0].every(([name, bytes]) => kept.get(name)?.equals(bytes) === true);
    if (safe) await disk.removeAll(leaving);
    else await disk.rename(leaving, path.join(at.history, id));
    return safe === true;
  }

  async function packAll(ids: readonly string[], held: Held): Promise<void> {
    const done: string[] = [];
    for (const id of ids) {
      const folder = path.join(at.history, id);
      if (!(await packed.pack(id, folder, held))) continue;
      await held.check();
      await disk.rename(folder, path.join(at.archive, `.removing-${id}`));
      // Where something was added meanwhile it comes back, until the next time.
      if (await settle(id)) done.push(id);
    }
    if (done.length > 0)
      await append([{ kind: 'moved', ids: done, to: 'archive', folder: await markOf(at.history) }]);
  }

  async function removeOld(before: number): Promise<void> {
    const old = (await packed.ids()).filter((id) => beganAt(id) < before).slice(0, mostAtOnce);
    if (old.length === 0) return;
    await append([{ kind: 'moved', ids: old, to: 'nowhere' }]);
    for (const id of old) await disk.unlink(packed.fileOf(id)).catch(ifMissing(undefined));
  }
}
