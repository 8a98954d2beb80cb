import path from 'node:path';
import { createFileAtomic } from '../../../providers/runtime/atomic-file.ts';
import { disk } from '../../../providers/runtime/disk.ts';
import { ifMissing } from '../../../providers/runtime/errno.ts';
import { parseJson } from '../../domain/parse-json.ts';
import { refuseNewer } from '../schema-versions.ts';
import { checkedLine, linesOf } from './checked-lines.ts';
import { entrySchema, historyIndexName, type Entry } from './entries.ts';

const namePattern = /^history-(\d{6})\.ndjson$/;

/** What was read of one file. */
export interface Read {
  entries: Entry[];
  /** Where the last line ends that is done with, in bytes: what comes after it may still be in the writing. */
  end: number;
  /** Lines whose writer did not come to their end. */
  torn: number;
  /** Lines that something else changed. */
  bad: number;
}

/** Which of a file's lines are wanted; facts are most of the bytes, and few ask for them. */
export type Wanted = 'rows' | 'facts';

/**
 * The files of the history index, `index/history-000001.ndjson` and so on. Lines are appended to the last one, by anyone
 * and without a lock. Making the next file ends the one before: who appended to that one meanwhile appends once more.
 */
export interface IndexFiles {
  readonly folder: string;
  nameOf(n: number): string;
  /** The numbers of the files, ascending. */
  numbers(): Promise<number[]>;
  /** Appends and syncs; there must be a file. Throws the system's errors. */
  append(entries: readonly Entry[]): Promise<void>;
  /** Makes a file of these entries, if there is none of that number. */
  create(n: number, entries: readonly Entry[]): Promise<void>;
  /** What stands in a file from a place on, whole when `sealed` says nobody writes to it. Throws code `newer-schema` (78). */
  read(n: number, from: number, wanted: Wanted, sealed: boolean): Promise<Read>;
}

/** The text of a file with these entries. */
export function textOf(entries: readonly Entry[]): string {
  return linesFor([{ kind: 'begin', schema: historyIndexName }, ...entries]);
}

function linesFor(entries: readonly Entry[]): string {
  return entries.map((entry) => checkedLine(entry, entry.kind === 'rows' || entry.kind === 'facts')).join('');
}

/** The index's files in `folder`, which need not exist. */
export function openIndexFiles(folder: string): IndexFiles {
  let newest: number | undefined;
  const nameOf = (n: number) => path.join(folder, `history-${String(n).padStart(6, '0')}.ndjson`);

  async function numbers(): Promise<number[]> {
    const found = (await disk.list(folder).catch(ifMissing([])))
      .map(({ name }) => Number(namePattern.exec(name)?.[1]))
      .filter((n) => n > 0)
      .sort((a, b) => a - b);
    newest = found.at(-1);
    return found;
  }

  return {
    folder,
    nameOf,
    numbers,
    async append(entries) {
      const text = linesFor(entries);
      let n = newest ?? (await numbers()).at(-1);
      if (n === undefined || !(await disk.exists(nameOf(n)))) n = (await numbers()).at(-1);
      for (;;) {
        if (n === undefined) throw new TypeError('there is no file to append to');
        const file = await disk.open(nameOf(n), 'append');
        try {
          await file.write(text);
          await file.datasync();
        } finally {
          await file.close();
        }
        // Who reads a file that is ended may have been there before this line.
        if (!(await disk.exists(nameOf(n + 1)))) return;
        n = (await numbers()).at(-1);
      }
    },
    async create(n, entries) {
      await disk.makeFolders(folder);
      await createFileAtomic(nameOf(n), textOf(entries));
    },
    async read(n, from, wanted, sealed) {
      return readEntries(await bytesOf(nameOf(n), from), from, { wanted, sealed, file: nameOf(n) });
    },
  };
}

async function bytesOf(name: string, from: number): Promise<Buffer> {
  const file = await disk.open(name, 'read');
  try {
    return await file.read(from, Math.max(0, (await file.size()) - from));
  } finally {
    await file.close();
  }
}

function readEntries(
  bytes: Buffer,
  from: number,
  { wanted, sealed, file }: { wanted: Wanted; sealed: boolean; file: string },
): Read {
  const read: Read = { entries: [], end: from, torn: 0, bad: 0 };
  for (const line of linesOf(bytes)) {
    if (line.kind !== 'whole') {
      if (line.end === bytes.length && !sealed) break;
      read[line.kind] += 1;
    } else if (isWanted(line.json, wanted)) {
      const entry = entryOf(line.json.toString('utf8'), file);
      if (entry) read.entries.push(entry);
      else read.bad += 1;
    }
    read.end = from + line.end;
  }
  return read;
}

/** Told by its beginning: what is not wanted is not even decoded. */
function isWanted(json: Buffer, wanted: Wanted): boolean {
  const beginning = json.toString('latin1', 0, 15);
  if (beginning === '{"kind":"rows",') return wanted === 'rows';
  return wanted === 'facts' || beginning !== '{"kind":"facts"';
}

/** The entry in a line's JSON; undefined where it is none. Throws code `newer-schema` (78). */
function entryOf(json: string, file: string): Entry | undefined {
  const data = parseJson(json);
  refuseNewer(data, historyIndexName, file);
  return entrySchema.safeParse(data).data;
}
