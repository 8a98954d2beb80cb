import path from 'node:path';
import { writeWhole } from '../../providers/runtime/atomic-file.ts';
import { disk } from '../../providers/runtime/disk.ts';
import { ifMissing } from '../../providers/runtime/errno.ts';
import { withFileLock } from '../../providers/runtime/file-lock.ts';
import { OrchestraError, exitCode } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Journals } from '../ports/journal.ts';
import { claimId } from './claim-id.ts';
import { watchFile, type WatchFile } from './file-changes.ts';
import { openInbox } from './inbox.ts';
import { followJournal } from './journal-follower.ts';
import { appendEvents, newerJournal, parseJournal, parseReadable, writable } from './journal-lines.ts';
import { deploymentIdPattern } from './layout.ts';
import { openPacked } from './packed.ts';

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

  const packed = openPacked(path.join(deps.dir, 'archive'));

  /** The whole journal, wherever its deployment is kept. */
  async function bytesOf(id: string): Promise<Buffer> {
    try {
      return await disk.read(await locate(id));
    } catch (error) {
      const bytes = await packed.read(checked(id), 'journal.ndjson');
      if (bytes) return bytes;
      throw error;
    }
  }

  return {
    claim: (at) => claimId(deps.dir, at),

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
      return parseJournal(await bytesOf(id), id).events;
    },

    async readable(id) {
      const { events, bad, newer } = parseReadable(await bytesOf(id), id);
      return { events, damaged: bad !== undefined, newer: newer !== undefined };
    },

    async mend(id) {
      await withFileLock(path.join(current, `.${checked(id)}.lock`), async () => {
        const name = path.join(folder(id), 'journal.ndjson');
        const bytes = await disk.read(name);
        const { events, length, bad, newer } = parseReadable(bytes, id);
        if (newer !== undefined) throw newerJournal(id, newer);
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
      const file = await locate(id).catch(() => undefined);
      if (file === undefined) {
        const { events } = parseJournal(await bytesOf(id), id);
        yield* events.filter(({ seq }) => seq > fromSeq);
        return;
      }
      yield* followJournal(file, id, { fromSeq, signal, clock: deps.clock, watch });
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
