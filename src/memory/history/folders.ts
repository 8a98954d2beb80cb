import path from 'node:path';
import { disk } from '../../../providers/runtime/disk.ts';
import { ifMissing } from '../../../providers/runtime/errno.ts';
import type { Deployment } from '../../domain/deployment.ts';
import { runsSince } from '../../domain/environments-document.ts';
import { historyRowOf } from '../../domain/history-row.ts';
import type { DocumentContext } from '../json-document.ts';
import { deploymentIdPattern, type layoutOf } from '../layout.ts';
import type { Entry } from './entries.ts';
import type { HistoryRows } from './history-rows.ts';

/** How the history's folder looks: its time of change, which every deployment that comes or goes moves on. */
export async function markOf(folder: string): Promise<string> {
  const found = await disk.stat(folder).catch(ifMissing(undefined));
  return found ? String(found.mtimeNs) : 'none';
}

export interface FolderPorts {
  at: ReturnType<typeof layoutOf>;
  context: DocumentContext;
  record: (id: string) => Promise<Deployment | undefined>;
  /** Whether a deployment's files are packed in the archive. */
  isPacked: (id: string) => Promise<boolean>;
  /** The ids of all that are packed. */
  packed: () => Promise<string[]>;
}

/** The line of a finished deployment, with what it brought to its environment. */
export function entryOf(
  deployment: Deployment,
  folder?: string,
): Extract<Entry, { kind: 'row' }> | undefined {
  const row = historyRowOf(deployment);
  const runs = runsSince(deployment);
  if (!row) return undefined;
  return { kind: 'row', row, ...(runs ? { runs } : {}), ...(folder === undefined ? {} : { folder }) };
}

/**
 * What the index lacks to tell what the folders hold: deployments copied in or taken out by hand, and those whose line a kill
 * or a power cut swallowed. `deep` looks through the archive as well.
 */
export async function differences(
  { at, record, isPacked, packed }: FolderPorts,
  rows: HistoryRows,
  deep: boolean,
): Promise<{ entries: Entry[]; unreadable: string[] }> {
  const listed = (await disk.list(at.history).catch(ifMissing([])))
    .map(({ name }) => name)
    .filter((name) => deploymentIdPattern.test(name));
  const present = new Set(listed);
  const entries: Entry[] = [];
  const unreadable: string[] = [];

  const take = async (id: string): Promise<boolean> => {
    const deployment = await record(id);
    const entry = deployment?.id === id ? entryOf(deployment) : undefined;
    if (entry) entries.push(entry);
    return entry !== undefined;
  };
  for (const id of listed) {
    if (!rows.get(id) && !(await take(id))) unreadable.push(id);
  }
  const back = listed.filter((id) => rows.get(id)?.place === 'nowhere');
  if (back.length > 0) entries.push({ kind: 'moved', ids: back, to: 'history' });

  const moved: string[] = [];
  const gone: string[] = [];
  for (const { row, place } of rows.kept) {
    if (place !== 'history' || present.has(row.id)) continue;
    if (await isPacked(row.id)) moved.push(row.id);
    // Its folder did not come to the history before the power failed: it is put away once more.
    else if (!(await disk.exists(path.join(at.current, row.id)))) gone.push(row.id);
  }
  if (deep)
    for (const id of await packed())
      if (!present.has(id) && !rows.get(id) && (await take(id))) moved.push(id);
  if (moved.length > 0) entries.push({ kind: 'moved', ids: moved, to: 'archive' });
  if (gone.length > 0) entries.push({ kind: 'gone', ids: gone });
  return { entries, unreadable };
}
