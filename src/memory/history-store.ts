import path from 'node:path';
import { z } from 'zod';
import {
  deploymentOf,
  deploymentRecordName,
  deploymentRecordSchema,
  recordOf,
} from '../domain/deployment-record.ts';
import type { Deployment } from '../domain/deployment.ts';
import { OrchestraError, messageOf } from '../domain/errors.ts';
import { factsOf, type DeploymentFacts } from '../domain/deployment-facts.ts';
import type { Event } from '../domain/event.ts';
import { historyRowOf } from '../domain/history-row.ts';
import { historyRowSchema, type HistoryRow } from '../domain/memory.ts';
import { makeFolders } from '../../providers/runtime/atomic-file.ts';
import { disk } from '../../providers/runtime/disk.ts';
import { withFileLock } from '../../providers/runtime/file-lock.ts';
import {
  lockOf,
  moveAside,
  openJsonDocument,
  type DocumentContext,
  type JsonDocument,
} from './json-document.ts';
import { CorruptDocument } from './corrupt-document.ts';
import { JsonFile } from './json-file.ts';
import { parseReadable } from './journal-lines.ts';
import { checkId, checkInside, compareIds, deploymentIdPattern, layoutOf } from './layout.ts';
import { hasCode, ifMissing } from '../../providers/runtime/errno.ts';

const historyIndexName = 'orchestra/history@1';

/** `history/index.json`: the table's rows, newest first; derived from the records. */
export const historyIndexSchema = z.object({
  schema: z.literal(historyIndexName),
  rows: z.array(historyRowSchema),
});
type HistoryIndex = z.infer<typeof historyIndexSchema>;

/** Folds a journal; undefined when its events make no deployment. */
export type Fold = (events: readonly Event[]) => Deployment | undefined;

export interface HistoryStore {
  rows(): Promise<HistoryRow[]>;
  record(id: string): Promise<Deployment | undefined>;
  /** The rows, those without facts given theirs from their records; kept in the index. `told` hears how far it is. */
  complete(told: (done: number, of: number) => void, signal?: AbortSignal): Promise<HistoryRow[]>;
  /** Writes the index as the folders say it is. */
  keep(): Promise<void>;
  /** Moves a finished deployment from `current/` to `history/` and into the index; all rows afterwards. */
  archive(deployment: Deployment): Promise<HistoryRow[]>;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await disk.list(folder)).map(({ name }) => name);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Moves what is in `from` into `to`, where the name is free there; then `from` goes if nothing is left in it. */
async function mergeFolder(from: string, to: string, now: Date): Promise<void> {
  await disk.makeFolders(to);
  for (const entry of await disk.list(from)) {
    const [source, target] = [path.join(from, entry.name), path.join(to, entry.name)];
    if (!(await disk.exists(target))) await disk.rename(source, target);
    else if (entry.kind === 'folder') await mergeFolder(source, target, now);
    else await disk.rename(source, `${target}.late-${now.getTime()}`);
  }
  await disk.removeFolder(from);
}

/** By id, which is the time of the request and, within one second, a number; quick, for it runs on every row. */
function newestFirst(a: HistoryRow, b: HistoryRow): number {
  return compareIds(b.id, a.id);
}

/** The finished deployments below `dir`, and the index over them. */
export function openHistory(dir: string, context: DocumentContext, fold?: Fold): HistoryStore {
  const at = layoutOf(dir);
  /** Said once, not at every look. */
  const unreadable = new Set<string>();
  /** Deployments whose record gives no facts: not read again. */
  const factless = new Set<string>();

  async function readRecord(folder: string): Promise<Deployment | undefined> {
    const file = path.join(folder, 'deployment.json');
    const json = new JsonFile(file, deploymentRecordSchema, deploymentRecordName, { checked: true });
    try {
      const found = await json.read();
      if (found) return deploymentOf(found);
    } catch (error) {
      if (!(error instanceof CorruptDocument)) throw error;
      const name = `${path.basename(folder)}/deployment.json`;
      const again = await fromJournal(folder);
      const asItIs = deploymentRecordSchema.safeParse(error.data);
      if (!again && asItIs.success) {
        context.warn(`${name} was changed (${error.message}) and there is no journal to make it again from`);
        return deploymentOf(asItIs.data);
      }
      const aside = await setRecordAside(file);
      const then = again
        ? 'it is made again from its journal'
        : 'its journal does not tell its end, so the deployment is lost';
      context.warn(`${name} could not be read (${error.message})${aside}; ${then}`);
      if (again && context.onlyLooks !== true) await json.write(recordOf(again)).catch(() => undefined);
      return again;
    }
    return fromJournal(folder);
  }

  /** A finished deployment as its journal tells it; undefined where that is not there, or does not reach its end. */
  async function fromJournal(folder: string): Promise<Deployment | undefined> {
    if (!fold) return undefined;
    const bytes = await disk.read(path.join(folder, 'journal.ndjson')).catch(() => undefined);
    const deployment = bytes && fold(parseReadable(bytes, path.basename(folder)).events);
    return deployment?.status.kind === 'finished' ? deployment : undefined;
  }

  async function setRecordAside(file: string): Promise<string> {
    if (context.onlyLooks === true) return '';
    try {
      return await withFileLock(lockOf(file), async () => {
        const aside = await moveAside(file, context.clock.now());
        return ` and was moved to ${path.basename(aside)}`;
      });
    } catch {
      return '';
    }
  }

  /** The index as the folders say it is: rows of folders that are gone fall out, records without a row come in. */
  async function reconcile(rows: readonly HistoryRow[]): Promise<HistoryRow[]> {
    const folders = (await namesIn(at.history)).filter((name) => deploymentIdPattern.test(name));
    const kept = new Map(rows.map((row) => [row.id, row]));
    const found: HistoryRow[] = [];
    for (const id of folders) {
      const known = kept.get(id);
      if (known) {
        found.push(known);
        continue;
      }
      const deployment = await readRecord(path.join(at.history, id));
      const row = deployment && historyRowOf(deployment);
      if (row && row.id === id) found.push(row);
      else if (!unreadable.has(id)) {
        unreadable.add(id);
        context.warn(`history/${id} holds no record that can be read; it is not listed`);
      }
    }
    return found.sort(newestFirst);
  }

  const index: JsonDocument<HistoryIndex> = openJsonDocument<HistoryIndex>(
    {
      file: at.index,
      schema: historyIndexSchema,
      name: historyIndexName,
      empty: () => ({ schema: historyIndexName, rows: [] }),
      rebuild: async () => ({ schema: historyIndexName, rows: await reconcile([]) }),
    },
    context,
  );

  let last: { print: string; rows: readonly HistoryRow[] } | undefined;

  /** What changes when a deployment is added or removed: the index is replaced, the folder has another time. */
  async function printOf(): Promise<string> {
    const looked = [at.index, at.history].map((name) => disk.stat(name).catch(ifMissing(undefined)));
    return (await Promise.all(looked))
      .map((found) => (found ? [found.ino, found.size, found.mtimeNs, found.ctimeNs].join(' ') : 'none'))
      .join(', ');
  }

  return {
    async rows() {
      const print = await printOf();
      // Looked at every two seconds by whoever watches: what did not change is not read again.
      if (print !== last?.print) last = { print, rows: await reconcile((await index.read()).rows) };
      return [...last.rows];
    },
    async complete(told, signal) {
      const rows = await reconcile((await index.read()).rows);
      const found = new Map<string, DeploymentFacts>();
      const lacking = rows.filter(({ id, facts }) => !facts && !factless.has(id));
      for (const [i, { id }] of lacking.entries()) {
        if (signal?.aborted) break;
        told(i, lacking.length);
        const deployment = await readRecord(path.join(at.history, id));
        const facts = deployment && factsOf(deployment);
        if (facts) found.set(id, facts);
        else factless.add(id);
      }
      if (found.size === 0) return rows;
      const completed = (row: HistoryRow): HistoryRow => {
        const facts = row.facts ?? found.get(row.id);
        return facts ? { ...row, facts } : row;
      };
      try {
        await index.update(({ rows: kept }) => ({ schema: historyIndexName, rows: kept.map(completed) }));
      } catch (error) {
        // Where the memory may only be read, what was found serves this time.
        context.warn(`what analysis needs of past deployments could not be kept: ${messageOf(error)}`);
      }
      return rows.map(completed);
    },
    async keep() {
      const rows = await reconcile((await index.read()).rows);
      await index.update(() => ({ schema: historyIndexName, rows }));
    },
    async record(id) {
      checkId(id);
      return (await readRecord(path.join(at.history, id))) ?? (await readRecord(path.join(at.current, id)));
    },
    async archive(deployment) {
      const id = checkId(deployment.id);
      const row = historyRowOf(deployment);
      if (!row)
        throw new OrchestraError(
          'not-finished',
          `Deployment ${id} is ${deployment.status.kind}, not finished`,
          {
            hint: 'Only a finished deployment goes to the history.',
          },
        );
      const [from, to] = [path.join(at.current, id), path.join(at.history, id)];
      await makeFolders(at.history);
      await checkInside(dir, at.history);
      await withFileLock(path.join(at.history, '.archive.lock'), async () => {
        if (!(await disk.exists(to))) {
          await disk.makeFolders(from);
          await checkInside(dir, from);
          await writeRecord(from, deployment);
          // Before the move, after which nobody would look for what is left of it.
          await disk.removeAll(path.join(from, 'inbox'));
          await disk.rename(from, to);
          await Promise.all([disk.syncFolder(at.history), disk.syncFolder(at.current)]);
        } else {
          await writeRecord(to, deployment);
          if (await disk.exists(from)) await mergeFolder(from, to, context.clock.now());
          await disk.removeAll(path.join(to, 'inbox'));
        }
      });
      // Those whose archive was cut short before they had a row are taken in, too.
      const there = await reconcile((await index.read()).rows);
      const rows = await index.update(({ rows }) => {
        const known = new Set([id, ...rows.map((other) => other.id)]);
        const late = there.filter((other) => !known.has(other.id));
        const others = rows.filter((other) => other.id !== id);
        return { schema: historyIndexName, rows: [...others, ...late, row].sort(newestFirst) };
      });
      return rows.rows;
    },
  };

  async function writeRecord(folder: string, deployment: Deployment): Promise<void> {
    const file = path.join(folder, 'deployment.json');
    const json = new JsonFile(file, deploymentRecordSchema, deploymentRecordName, { checked: true });
    await json.write(recordOf(deployment));
  }
}
