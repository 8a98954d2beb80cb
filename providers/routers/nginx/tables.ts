import { readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { OrchestraError } from '../../../src/domain/errors.ts';
import { createFileAtomic } from '../../runtime/atomic-file.ts';
import { findState } from '../../runtime/state-file.ts';
import { emptyTable, type Table, tableSchema } from './table.ts';

/** Tables kept for who still has to read what a running nginx was told. */
const kept = 20;
/** How often another process may get its change in first before this one gives up. */
const mostAttempts = 5;

const fileOf = (folder: string, number: number) => path.join(folder, `table-${number}.json`);

async function numbers(folder: string): Promise<number[]> {
  const names = await readdir(folder).catch(() => []);
  return names
    .flatMap((name) => /^table-([1-9]\d{0,14})\.json$/.exec(name)?.[1] ?? [])
    .map(Number)
    .toSorted((a, b) => b - a);
}

/** The table of that number; undefined where there is none that can be read. */
export async function tableAt(folder: string, number: number): Promise<Table | undefined> {
  if (number === 0) return emptyTable;
  const found = await findState(fileOf(folder, number), tableSchema);
  return found.kind === 'value' ? found.value : undefined;
}

/** The newest table that can be read; an empty one, numbered as the last file, where there is none. */
export async function newestTable(folder: string): Promise<Table> {
  const all = await numbers(folder);
  for (const number of all) {
    const table = await tableAt(folder, number);
    // A number that was taken once is never taken again.
    if (table) return { ...table, number: all[0] ?? number };
  }
  return { ...emptyTable, number: all[0] ?? 0 };
}

/**
 * Puts down what `build` makes of the newest table as the next one; undefined where `build` gives that very table back. A number
 * can be taken once, so who slept since it read the table loses to whoever came in between, and begins again.
 */
export async function addTable(
  folder: string,
  build: (table: Table) => Promise<Table>,
): Promise<Table | undefined> {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const before = await newestTable(folder);
    const built = await build(before);
    if (built === before) return undefined;
    const next = { ...built, number: before.number + 1 };
    const text = `${JSON.stringify(next)}\n`;
    if (await createFileAtomic(fileOf(folder, next.number), text, { mode: 0o600 })) {
      await forgetOldest(folder);
      return next;
    }
  }
  throw new OrchestraError('router-disagrees', `others changed the routes ${mostAttempts} times in a row`, {
    hint: 'Something else changes this environment; nothing was changed by this request.',
  });
}

/** Takes back a table that nginx refused, so that the one before is the newest again. */
export function withdraw(folder: string, { number }: Table): Promise<void> {
  return rm(fileOf(folder, number), { force: true });
}

async function forgetOldest(folder: string): Promise<void> {
  for (const number of (await numbers(folder)).slice(kept)) await rm(fileOf(folder, number), { force: true });
}
