import path from 'node:path';
import { disk } from '../../../providers/runtime/disk.ts';
import { withFileLock, type Held } from '../../../providers/runtime/file-lock.ts';
import type { DeploymentFacts } from '../../domain/deployment-facts.ts';
import { counted } from '../../domain/counted.ts';
import { OrchestraError, messageOf } from '../../domain/errors.ts';
import { keepOutOfGit } from '../git-ignored.ts';
import type { Entry } from './entries.ts';
import { differences, markOf, type FolderPorts } from './folders.ts';
import { HistoryRows } from './history-rows.ts';
import { openIndexFiles, textOf, type IndexFiles } from './index-files.ts';
import { IndexView } from './index-view.ts';
import { compacted, linesOfWholeRows, takeFacts } from './index-writing.ts';
import { readOldIndex, retireOldIndex } from './old-index.ts';

/** A file of the index that is longer is ended, and its rows are made columns: some four thousand. */
const longestBytes = 2 * 1024 * 1024;

/** The history's index: one line a deployment, appended without a lock, derived from the records, told as rows. */
export interface HistoryIndex {
  readonly files: IndexFiles;
  /** The rows as the folders say they are; what does not add up is mended and said. */
  look(): Promise<HistoryRows>;
  /** Whether the index tells all of the folder as it looks now, as far as `marks` say. */
  isComplete(marks: readonly string[]): Promise<boolean>;
  facts(): Promise<Map<string, DeploymentFacts>>;
  append(entries: readonly Entry[]): Promise<void>;
  /** Makes it where there is none: from the index of versions before, else from the records. */
  ensure(): Promise<void>;
  /** Ends the last file where it is long; its number. */
  end(): Promise<number | undefined>;
  /** Makes the rows of an ended file columns; to be done when all of it is counted. */
  compact(n: number): Promise<void>;
}

/** The index below the memory's folder `dir`. */
export function openHistoryIndex(dir: string, ports: FolderPorts): HistoryIndex {
  const { at, context } = ports;
  const files = openIndexFiles(at.index);
  const view = new IndexView(files);
  const lock = path.join(at.index, '.history.lock');
  /** Said once, not at every look. */
  const said = new Set<string>();

  const isThere = async () => (await files.numbers()).length > 0;

  /** Nothing is made where nothing was. */
  async function isNeeded(): Promise<boolean> {
    return (await disk.exists(at.history)) || (await disk.exists(at.archive));
  }

  async function make(): Promise<void> {
    await disk.makeFolders(at.index);
    await keepOutOfGit(dir);
    await withFileLock(lock, async () => {
      if (await isThere()) return;
      const old = await readOldIndex(at.oldIndex, context);
      await files.create(1, linesOfWholeRows(old.toSorted((a, b) => (a.id < b.id ? -1 : 1))));
      if (old.length > 0) await files.create(2, []);
      await retireOldIndex(at.oldIndex);
    });
  }

  /** What does not add up is written down where it can be; else it serves this once. */
  async function mend(deep: boolean, cut = false): Promise<void> {
    const mark = await markOf(at.history);
    const { entries, unreadable } = await differences(ports, view.rows, deep);
    const again = entries.filter(({ kind }) => kind === 'row').length;
    if (cut && again > 0)
      context.warn(
        `the history index did not have all of its lines: ${counted(again, 'row was', 'rows were')} made again from the records`,
      );
    // Reading may have moved damaged records aside, in their folders: this one's time is as it was.
    if ((await markOf(at.history)) === mark)
      entries.push({ kind: 'looked', folder: mark, ...(unreadable.length > 0 ? { unreadable } : {}) });
    if (entries.length === 0) return;
    try {
      await files.append(entries);
      await view.refresh();
    } catch {
      for (const entry of entries) view.rows.apply(entry);
    }
  }

  /** Writes files anew without the lines that cannot be read, each kept beside as it was. */
  async function repair(): Promise<boolean> {
    return withFileLock(lock, async (held) => {
      view.forget();
      await view.refresh();
      const damaged = [...view.bad];
      if (damaged.length === 0) return false;
      const newest = (await files.numbers()).at(-1) ?? 1;
      await files.create(newest + 1, []);
      const time = context.clock
        .now()
        .toISOString()
        .replaceAll(/[-:]|\.\d+/g, '');
      for (const n of damaged) {
        const name = files.nameOf(n);
        const kept = await keepBeside(name, time);
        await rewrite(n, held);
        context.warn(
          `${path.basename(name)} of the history index was damaged; it was kept as ${path.basename(kept)}, and the rows that could not be read are made again from the records`,
        );
      }
      await disk.removeAll(path.join(at.index, 'totals.json'));
      view.forget();
      await view.refresh();
      return true;
    });
  }

  /** Writes a file anew with what can be read of it, in columns. */
  async function rewrite(n: number, held: Held): Promise<void> {
    const { entries } = await files.read(n, 0, 'rows', true);
    const facts = await files.read(n, 0, 'facts', true);
    const readable = [...entries, ...facts.entries.filter(({ kind }) => kind === 'facts')];
    await held.write(files.nameOf(n), textOf(compacted(readable.filter(isSound))));
  }

  async function upToDate(): Promise<HistoryRows> {
    if (context.onlyLooks === true) {
      await view.refresh();
      const { entries } = await differences(ports, view.rows, view.bad.size > 0);
      for (const entry of entries) view.rows.apply(entry);
      return view.rows;
    }
    if (!(await view.refresh())) {
      if (!(await isNeeded())) {
        view.forget();
        return view.rows;
      }
      try {
        await make();
        await view.refresh();
        await mend(true);
      } catch (error) {
        if (isRefusal(error)) throw error;
        // A memory that may only be read still tells what is in it.
        await mend(true);
      }
      return view.rows;
    }
    if (view.bad.size > 0) {
      let deep = true;
      try {
        deep = await repair();
      } catch (error) {
        if (isRefusal(error)) throw error;
        context.warn(`the history index is damaged and cannot be mended: ${messageOf(error)}`);
        view.bad.clear();
      }
      await mend(deep);
    } else if (view.torn || !view.rows.knows(await markOf(at.history))) {
      const cut = view.torn || view.open;
      view.torn = false;
      await mend(false, cut);
    }
    return view.rows;
  }

  return {
    files,
    async look() {
      const rows = await upToDate();
      for (const id of rows.unreadable) {
        if (said.has(id)) continue;
        said.add(id);
        context.warn(`history/${id} holds no record that can be read; it is not listed`);
      }
      return rows;
    },
    async isComplete(marks) {
      const mark = await markOf(at.history);
      return marks.includes(mark) && (await disk.exists(files.nameOf(1)));
    },
    async facts() {
      const numbers = await files.numbers();
      const facts = new Map<string, DeploymentFacts>();
      for (const n of numbers) takeFacts(facts, (await files.read(n, 0, 'facts', true)).entries);
      return facts;
    },
    append: (entries) => files.append(entries),
    async ensure() {
      if (await disk.exists(files.nameOf(1))) return;
      if (await isThere()) return;
      const before = await isNeeded();
      await make();
      if (before) {
        await view.refresh();
        await mend(true);
      }
    },
    async end() {
      const n = (await files.numbers()).at(-1);
      if (n === undefined || (await disk.stat(files.nameOf(n))).size < BigInt(longestBytes)) return undefined;
      await files.create(n + 1, []);
      return n;
    },
    compact: (n) => withFileLock(lock, (held) => rewrite(n, held)),
  };

  async function keepBeside(name: string, time: string): Promise<string> {
    for (let i = 1; ; i += 1) {
      const kept = `${name}.corrupt-${time}${i === 1 ? '' : `-${i}`}`;
      if (await disk.exists(kept)) continue;
      await disk.link(name, kept);
      return kept;
    }
  }
}

/** Whether an entry's columns fit together. */
function isSound(entry: Entry): boolean {
  try {
    new HistoryRows().apply(entry);
    return true;
  } catch {
    return false;
  }
}

/** A later version's memory is not to be worked around. */
function isRefusal(error: unknown): boolean {
  return error instanceof OrchestraError && error.code === 'newer-schema';
}

/** What the index in `folder` says by itself, read without mending anything; undefined where there is none. */
export async function readIndex(
  folder: string,
): Promise<{ rows: HistoryRows; damaged: boolean } | undefined> {
  const view = new IndexView(openIndexFiles(folder));
  return (await view.refresh()) ? { rows: view.rows, damaged: view.bad.size > 0 } : undefined;
}
