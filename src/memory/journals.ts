import path from 'node:path';
import { keepOutOfGit } from './git-ignored.ts';
import { makeFolders, writeWhole } from '../../providers/runtime/atomic-file.ts';
import { disk } from '../../providers/runtime/disk.ts';
import { hasCode, ifMissing } from '../../providers/runtime/errno.ts';
import { withFileLock } from '../../providers/runtime/file-lock.ts';
import { OrchestraError, exitCode } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journals } from '../ports/journal.ts';
import { watchFile, type WatchFile } from './file-changes.ts';
import { openInbox } from './inbox.ts';
import { followJournal } from './journal-follower.ts';
import { appendEvents, parseJournal, parseReadable, writable } from './journal-lines.ts';
import { compareIds, deploymentIdPattern } from './layout.ts';

/** What the copy of a damaged journal is called, before the time. */
const copyPrefix = 'journal.ndjson.corrupt-';

/** Journals as files: `current/<id>/journal.ndjson`, one event a line, fsynced before anyone acts on it. */
export function createJournals(deps: {
  dir: string;
  clock: Clock;
  onProblem: (problem: string) => void;
  /** The system's word that a file changed; another one in tests. */
  watch?: WatchFile;
}): Journals {
  const { watch = watchFile } = deps;
  const current = path.join(deps.dir, 'current');
  const folder = (id: string) => path.join(current, checked(id));
  const inboxOf = (id: string) => openInbox({ ...deps, id, folder: path.join(folder(id), 'inbox') });

  async function locate(id: string): Promise<string> {
    for (const stage of ['current', 'history']) {
      const file = path.join(deps.dir, stage, checked(id), 'journal.ndjson');
      if (await disk.exists(file)) return file;
    }
    throw unknownDeployment(id);
  }

  return {
    claim: (at) => claim(deps.dir, at),

    async create(id, first, at) {
      await disk.makeFolders(path.join(folder(id), 'inbox'));
      const file = await disk.open(path.join(folder(id), 'journal.ndjson'), 'new-append');
      try {
        const [event] = await appendEvents(file, id, 0, [first], at);
        if (!event) throw new TypeError('nothing was appended');
        await disk.syncFolder(folder(id));
        await disk.syncFolder(current);
        return event;
      } catch (error) {
        // A deployment that could not begin, as on a full disk, leaves nothing behind.
        await disk.removeAll(folder(id));
        throw error;
      } finally {
        await file.close();
      }
    },

    async open(id) {
      const name = path.join(folder(id), 'journal.ndjson');
      const { events, length } = parseJournal(await disk.read(name), id);
      const file = await disk.open(name, 'append');
      const size = await file.size();
      if (size > length) {
        deps.onProblem(
          `the journal of ${id} ended in the middle of a line; ${size - length} bytes were cut off`,
        );
        await file.truncate(length);
        await file.sync();
      }
      const damaged = (await disk.list(folder(id))).some((other) => other.name.startsWith(copyPrefix));
      return writable(file, id, events, damaged);
    },

    async read(id) {
      return parseJournal(await disk.read(await locate(id)), id).events;
    },

    async readable(id) {
      const { events, bad } = parseReadable(await disk.read(await locate(id)));
      return { events, damaged: bad !== undefined };
    },

    async mend(id) {
      await withFileLock(path.join(current, `.${checked(id)}.lock`), async () => {
        const name = path.join(folder(id), 'journal.ndjson');
        const bytes = await disk.read(name);
        const { events, length, bad } = parseReadable(bytes);
        if (bad === undefined) return;
        const time = String(deps.clock.now().getTime());
        if (events.length === 0) {
          const aside = `${folder(id)}.corrupt-${time}`;
          await disk.rename(folder(id), aside);
          deps.onProblem(`deployment ${id} has no readable journal; its folder was moved to ${aside}`);
          return;
        }
        const copy = `${copyPrefix}${time}`;
        await writeWhole(path.join(folder(id), copy), bytes);
        await disk.syncFolder(folder(id));
        const file = await disk.open(name, 'change');
        try {
          await file.truncate(length);
          await file.sync();
        } finally {
          await file.close();
        }
        deps.onProblem(
          `the journal of ${id} could not be read from event ${bad} on; the whole was copied to ${copy}`,
        );
      });
    },

    async *follow(id, fromSeq, signal) {
      yield* followJournal(await locate(id), id, { fromSeq, signal, clock: deps.clock, watch });
    },

    async since(id, after) {
      const file = await disk.open(await locate(id), 'read');
      try {
        const size = await file.size();
        const bytes = await file.read(after.bytes, Math.max(0, size - after.bytes));
        const { events, length } = parseJournal(bytes, id, after.seq + 1);
        return { events, bytes: after.bytes + length };
      } finally {
        await file.close();
      }
    },

    async current() {
      const entries = await disk.list(current).catch(ifMissing([]));
      const ids = entries
        .map(({ name }) => name)
        .filter((name) => deploymentIdPattern.test(name))
        .sort();
      const whole = await Promise.all(ids.map((id) => disk.exists(path.join(current, id, 'journal.ndjson'))));
      return ids.filter((_, i) => whole[i]);
    },

    send: (id, request) => inboxOf(id).send(request),
    inbox: (id) => inboxOf(id).requests(),
    settle: (id, request) => inboxOf(id).settle(request),
  };
}

/** Makes `current/<id>` for the first free id of this second. */
async function claim(dir: string, at: Date): Promise<string> {
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
    if (inside.includes('journal.ndjson') && !(await isEmpty(path.join(folder, 'journal.ndjson')))) continue;
    await disk.removeAll(folder);
  }
}

/** Whether a journal holds no whole event and nothing that was ever more than the beginning of one. */
async function isEmpty(journal: string): Promise<boolean> {
  const bytes = await disk.read(journal).catch(ifMissing(undefined));
  if (bytes === undefined) return false;
  const { events, bad } = parseReadable(bytes);
  return events.length === 0 && bad === undefined;
}

function checked(id: string): string {
  if (!deploymentIdPattern.test(id)) throw unknownDeployment(id);
  return id;
}

function unknownDeployment(id: string): OrchestraError {
  return new OrchestraError(
    'unknown-deployment',
    `there is no deployment ${JSON.stringify(id.slice(0, 60))}`,
    {
      exit: exitCode.usage,
      hint: '`orchestrate history` lists the past ones, `orchestrate status` the running ones',
    },
  );
}
