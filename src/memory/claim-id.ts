import path from 'node:path';
import { makeFolders } from '../../providers/runtime/atomic-file.ts';
import { disk } from '../../providers/runtime/disk.ts';
import { hasCode, ifMissing } from '../../providers/runtime/errno.ts';
import { OrchestraError, exitCode } from '../domain/errors.ts';
import { keepOutOfGit } from './git-ignored.ts';
import { parseReadable } from './journal-lines.ts';
import { compareIds, deploymentIdPattern } from './layout.ts';

/** Makes `current/<id>` for the first free id of this second. */
export async function claimId(dir: string, at: Date): Promise<string> {
  const isNew = !(await disk.exists(path.join(dir, 'current')));
  await makeFolders(path.join(dir, 'current'));
  const { stamp, first } = await nextId(dir, at);
  if (isNew) await keepOutOfGit(dir);
  await sweepUnbegun(path.join(dir, 'current'), stamp);
  for (let n = first; n < first + 1000; n++) {
    const id = n === 1 ? stamp : `${stamp}-${n}`;
    if (await disk.exists(path.join(dir, 'history', id))) continue;
    try {
      await disk.makeFolder(path.join(dir, 'current', id));
      return id;
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw error;
    }
  }
  throw new OrchestraError('no-id', `no free deployment id is left for ${stamp}`, {
    exit: exitCode.io,
    hint: 'try again in a second',
  });
}

/** The time for a new id, and the number of it: never before an id that is there, also where the clock was set back. */
async function nextId(dir: string, at: Date): Promise<{ stamp: string; first: number }> {
  const now = at.toISOString().replaceAll(/[-:]/g, '').replace('T', '_').slice(0, 15);
  const folders = ['current', 'history'].map((name) => disk.list(path.join(dir, name)).catch(ifMissing([])));
  const ids = (await Promise.all(folders)).flat().map(({ name }) => name);
  let newest = now;
  for (const id of ids) if (deploymentIdPattern.test(id) && compareIds(id, newest) > 0) newest = id;
  const stamp = newest.slice(0, 15);
  return { stamp, first: stamp === now ? 1 : Number(newest.slice(16) || 1) + 1 };
}

/** A deployment that has no first event so long after its id was given never began, in milliseconds. */
const unbegunMs = 60_000;

/** The time in an id, in milliseconds. */
function timeOf(id: string): number {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)/.exec(id) ?? [];
  return Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s));
}

/**
 * Removes what is left of deployments whose request was never acknowledged: their process died between the id and the first
 * whole event.
 */
async function sweepUnbegun(current: string, stamp: string): Promise<void> {
  for (const { name, kind } of await disk.list(current)) {
    if (kind !== 'folder' || !deploymentIdPattern.test(name)) continue;
    if (Math.abs(timeOf(name) - timeOf(stamp)) < unbegunMs) continue;
    const folder = path.join(current, name);
    const inside = (await disk.list(folder).catch(ifMissing([]))).map((entry) => entry.name);
    if (inside.some((other) => other !== 'inbox' && other !== 'journal.ndjson')) continue;
    if (inside.includes('journal.ndjson') && !(await isEmpty(folder))) continue;
    await disk.removeAll(folder);
  }
}

/** Whether a journal holds no whole event and nothing that was ever more than the beginning of one. */
async function isEmpty(folder: string): Promise<boolean> {
  const bytes = await disk.read(path.join(folder, 'journal.ndjson')).catch(ifMissing(undefined));
  if (bytes === undefined) return false;
  const { events, bad } = parseReadable(bytes, path.basename(folder));
  return events.length === 0 && bad === undefined;
}
