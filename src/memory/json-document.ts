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

/** Renames a file that does not parse to `<name>.corrupt-<time>`; the new name. */
export async function moveAside(file: string, now: Date): Promise<string> {
  const time = now.toISOString().replaceAll(/[-:]|\.\d+/g, '');
  let aside = `${file}.corrupt-${time}`;
  for (let n = 2; await disk.exists(aside); n += 1) aside = `${file}.corrupt-${time}-${n}`;
  await disk.rename(file, aside);
  return aside;
}

/** The lock that guards read-modify-write of a document. */
export function lockOf(file: string): string {
  return path.join(path.dirname(file), `.${path.basename(file)}.lock`);
}

/** One lowdb document shared by any number of processes. */
export function openJsonDocument<T>(kind: DocumentKind<T>, context: DocumentContext): JsonDocument<T> {
  const file = new JsonFile(kind.file, kind.schema, kind.name);
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

  /** Only under the lock: otherwise a good file that has just replaced the bad one would be moved. */
  async function loadLocked(held: Held): Promise<Low<T>> {
    try {
      return await load(held);
    } catch (error) {
      if (!(error instanceof CorruptDocument)) throw error;
      const aside = await moveAside(kind.file, context.clock.now());
      const then = kind.rebuild ? 'it is rebuilt from the other records' : 'it starts anew';
      context.warn(
        `${name} could not be read (${error.message}); the file was moved to ${path.basename(aside)} and ${then}`,
      );
      return await load(held);
    }
  }

  return {
    async read() {
      try {
        return (await load()).data;
      } catch (error) {
        if (!(error instanceof CorruptDocument)) throw error;
      }
      if (context.onlyLooks === true) return await absent();
      try {
        return await withFileLock(lock, async (held) => (await loadLocked(held)).data);
      } catch (error) {
        if (error instanceof OrchestraError && error.code === 'newer-schema') throw error;
        // A memory that may only be read, or one under a busy lock, still serves what is left of it.
        context.warn(`${name} does not parse and could not be moved aside: ${messageOf(error)}`);
        return await absent();
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
