import path from 'node:path';
import { makeFolders } from '../../providers/runtime/atomic-file.ts';
import { disk } from '../../providers/runtime/disk.ts';
import { hasCode } from '../../providers/runtime/errno.ts';
import { factsOf } from '../domain/deployment-facts.ts';
import type { Deployment } from '../domain/deployment.ts';
import { OrchestraError, messageOf } from '../domain/errors.ts';
import { historyRowOf } from '../domain/history-row.ts';
import type { HistoryRow, Retention } from '../domain/memory.ts';
import type { Entry } from './history/entries.ts';
import { entryOf, markOf } from './history/folders.ts';
import { openHistoryIndex } from './history/history-index.ts';
import { openRecordFiles, type Fold } from './history/record-files.ts';
import type { Totals } from './history/totals.ts';
import { openTotals, type TotalsStore } from './history/totals-store.ts';
import type { DocumentContext } from './json-document.ts';
import { openPacked } from './packed.ts';
import { retain } from './retention.ts';
import { checkId, checkInside, layoutOf } from './layout.ts';

export type { Fold };

export interface HistoryStore {
  /** Newest first, without facts. */
  rows(): Promise<HistoryRow[]>;
  record(id: string): Promise<Deployment | undefined>;
  /** The rows, those without facts given theirs from their records; kept in the index. `told` hears how far it is. */
  complete(told: (done: number, of: number) => void, signal?: AbortSignal): Promise<HistoryRow[]>;
  /** Moves a finished deployment from `current/` to `history/` and into the index. */
  archive(deployment: Deployment): Promise<void>;
  /** What follows from all rows. */
  readonly totals: TotalsStore;
  /** What is known of the newest deployments, read without the rows; `anew` when those were needed. */
  newest(): Promise<{ totals: Totals; anew: boolean } | undefined>;
  /** Packs and removes what the settings keep no longer; a little of it at a time. */
  retain(retention: Retention): Promise<void>;
  /** Makes the index where there is none yet. */
  ensure(): Promise<void>;
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

/** The finished deployments below `dir`, and the index over them. */
export function openHistory(dir: string, context: DocumentContext, fold?: Fold): HistoryStore {
  const at = layoutOf(dir);
  const records = openRecordFiles(context, fold);
  /** Deployments whose record gives no facts: not read again. */
  const factless = new Set<string>();
  const packed = openPacked(at.archive);
  const record = async (id: string) =>
    (await records.read(path.join(at.history, id))) ??
    (await records.read(path.join(at.current, id))) ??
    (await records.readPacked(packed, id));
  const index = openHistoryIndex(dir, {
    at,
    context,
    record,
    isPacked: packed.has,
    packed: packed.ids,
  });
  const totals = openTotals(index, context);

  /** Puts the deployment's folder in its place, and its record in the folder. Done twice, or by two at once, it is the same. */
  async function putAway(id: string, deployment: Deployment): Promise<void> {
    const [from, to] = [path.join(at.current, id), path.join(at.history, id)];
    if (!(await disk.exists(to))) {
      await disk.makeFolders(from);
      await checkInside(dir, from);
      await records.write(from, deployment);
      // Before the move, after which nobody would look for what is left of it.
      await disk.removeAll(path.join(from, 'inbox'));
      try {
        await disk.rename(from, to);
        return;
      } catch (error) {
        if (!hasCode(error, 'ENOTEMPTY') && !hasCode(error, 'EEXIST')) throw error;
      }
    }
    await records.write(to, deployment);
    if (await disk.exists(from)) await mergeFolder(from, to, context.clock.now());
    await disk.removeAll(path.join(to, 'inbox'));
  }

  return {
    totals,
    ensure: () => index.ensure(),
    retain: (retention) =>
      retain(
        {
          at,
          packed,
          append: (entries) => index.append(entries),
          whole: async () => (await totals.peek())?.totals.whole ?? 0,
        },
        retention,
        context.clock.now(),
      ),
    async newest() {
      const found = await totals.read();
      if (found) return found;
      // No index yet: looking makes it, where there is anything to tell.
      await index.look();
      return totals.read();
    },
    rows: async () => (await index.look()).rows(),
    async complete(told, signal) {
      const [all, facts] = [(await index.look()).rows(), await index.facts()];
      const lacking = all.filter(({ id }) => !facts.has(id) && !factless.has(id));
      const found: Entry[] = [];
      for (const [i, row] of lacking.entries()) {
        if (signal?.aborted) break;
        told(i, lacking.length);
        const deployment = await record(row.id);
        const its = deployment && factsOf(deployment);
        if (its) {
          facts.set(row.id, its);
          found.push({ kind: 'row', row: { ...row, facts: its } });
        } else factless.add(row.id);
      }
      if (found.length > 0) {
        try {
          await index.append(found);
        } catch (error) {
          // Where the memory may only be read, what was found serves this time.
          context.warn(`what analysis needs of past deployments could not be kept: ${messageOf(error)}`);
        }
      }
      return all.map((row) => {
        const its = facts.get(row.id);
        return its ? { ...row, facts: its } : row;
      });
    },
    record(id) {
      checkId(id);
      return record(id);
    },
    async archive(deployment) {
      const id = checkId(deployment.id);
      if (!historyRowOf(deployment))
        throw new OrchestraError(
          'not-finished',
          `Deployment ${id} is ${deployment.status.kind}, not finished`,
          {
            hint: 'Only a finished deployment goes to the history.',
          },
        );
      await makeFolders(at.history);
      await checkInside(dir, at.history);
      // An index of a later version is no reason to leave the deployment where it is.
      const refused = await index.ensure().then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      await putAway(id, deployment);
      if (refused) throw refused.error;
      const entry = entryOf(deployment, await markOf(at.history));
      if (entry) await index.append([entry]);
    },
  };
}
