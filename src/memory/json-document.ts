import path from 'node:path';
import { Low, type Adapter } from 'lowdb';
import type { z } from 'zod';
import { disk } from '../../providers/runtime/disk.ts';
import { OrchestraError, messageOf } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';
import { withFileLock, type Held } from '../../providers/runtime/file-lock.ts';
import { CorruptDocument } from './corrupt-document.ts';
import { JsonFile, type OlderFile } from './json-file.ts';

export interface DocumentKind<T> {
  file: string;
  schema: z.ZodType<T>;
  /** The schema's name with its version, `orchestra/config@1`. */
  name: string;
  /** What stands for a file that is not there and cannot be derived from others. */
  empty: () => T;
  /** Derives the document from other files. */
  rebuild?: () => Promise<T>;
  /** It carries a checksum: only this program writes it. */
  checked?: boolean;
  /** Saves what can be saved of a file that does not parse, which is not changed; what it did, in words. */
  save?: (damage: CorruptDocument) => Promise<{ data: T; words: string }>;
}

export interface DocumentContext {
  clock: Clock;
  warn: (message: string) => void;
  /** What does not parse is read as if it were missing, and stays where it is. */
  onlyLooks?: boolean;
}

export interface JsonDocument<T> {
  /** The document, or what stands for it; never creates a file. A file that does not parse is moved aside. */
  read(): Promise<T>;
  /** Reads, changes and writes under the document's lock. Giving back the same object writes nothing. */
  update(change: (data: T) => T): Promise<T>;
}

/** A name for what is set aside: `<name>.corrupt-<time>`. */
async function nameAside(file: string, now: Date): Promise<string> {
  const time = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  let aside = `${file}.corrupt-${time}`;
  for (let n = 2; await disk.exists(aside); n += 1) aside = `${file}.corrupt-${time}-${n}`;
  return aside;
}

/** Renames a file that does not parse to `<name>.corrupt-<time>`; the new name. */
export async function moveAside(file: string, now: Date): Promise<string> {
  const aside = await nameAside(file, now);
  await disk.rename(file, aside);
  return aside;
}

/** Gives the file that name as well, so that at no moment there is none; what cannot have two, as a folder, is moved. */
async function keepAside(file: string, now: Date): Promise<string> {
  const aside = await nameAside(file, now);
  try {
    await disk.link(file, aside);
  } catch {
    await disk.rename(file, aside);
  }
  await disk.syncFolder(path.dirname(file));
  return aside;
}

/** The lock that guards read-modify-write of a document. */
export function lockOf(file: string): string {
  return path.join(path.dirname(file), `.${path.basename(file)}.lock`);
}

/** One lowdb document shared by any number of processes. */
export function openJsonDocument<T>(kind: DocumentKind<T>, context: DocumentContext): JsonDocument<T> {
  const file = new JsonFile(kind.file, kind.schema, kind.name, { checked: kind.checked ?? false });
  const name = path.basename(kind.file);
  const lock = lockOf(kind.file);

  const absent = async (): Promise<T> => (kind.rebuild ? await kind.rebuild() : kind.empty());
  const adapter = (held?: Held): Adapter<T> => {
    let older: OlderFile | undefined;
    return {
      async read() {
        const found = await file.load();
        older = found?.older;
        return found ? found.data : await absent();
      },
      async write(data) {
        const copy = older && (await file.keepOlder(older));
        await file.write(data, held && ((...put) => held.write(...put)));
        if (!older || copy === undefined) return;
        context.warn(
          `${name} was of an earlier version, ${older.schema}, and is ${kind.name} now; the file of before is kept as ${copy}`,
        );
        older = undefined;
      },
    };
  };

  async function load(held?: Held): Promise<Low<T>> {
    const database = new Low<T>(adapter(held), kind.empty());
    await database.read();
    return database;
  }

  /** What stands for a file that does not parse, and what was done, in words. */
  async function saved(damage: CorruptDocument): Promise<{ data: T; words: string; kept: boolean }> {
    if (kind.save) return { ...(await kind.save(damage)), kept: true };
    return kind.rebuild
      ? { data: await kind.rebuild(), words: 'it is rebuilt from the other records', kept: true }
      : { data: kind.empty(), words: 'it starts anew', kept: false };
  }

  /** Only under the lock: otherwise a good file that has just replaced the bad one would be moved. */
  async function loadLocked(held: Held): Promise<Low<T>> {
    try {
      return await load(held);
    } catch (error) {
      if (!(error instanceof CorruptDocument)) throw error;
      const { data, words, kept } = await saved(error);
      const now = context.clock.now();
      const aside = kept ? await keepAside(kind.file, now) : await moveAside(kind.file, now);
      if (kept) await file.write(data, (...put) => held.write(...put));
      context.warn(
        `${name} could not be read (${error.message}); the file was moved to ${path.basename(aside)} and ${words}`,
      );
      return await load(held);
    }
  }

  return {
    async read() {
      let damage: CorruptDocument;
      try {
        return (await load()).data;
      } catch (error) {
        if (!(error instanceof CorruptDocument)) throw error;
        damage = error;
      }
      if (context.onlyLooks === true) return await absent();
      try {
        return await withFileLock(lock, async (held) => (await loadLocked(held)).data);
      } catch (error) {
        if (error instanceof OrchestraError && error.code === 'newer-schema') throw error;
        // A memory that may only be read, or one under a busy lock, still serves what is left of it.
        const { data, words } = await saved(damage);
        context.warn(
          `${name} could not be read (${damage.message}) and could not be moved aside (${messageOf(error)}); for now, ${words}`,
        );
        return data;
      }
    },
    async update(change) {
      return withFileLock(lock, async (held) => {
        const database = await loadLocked(held);
        const before = database.data;
        database.data = change(before);
        if (database.data !== before) await database.write();
        return database.data;
      });
    },
  };
}
