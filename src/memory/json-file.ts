import path from 'node:path';
import type { Adapter } from 'lowdb';
import { z } from 'zod';
import { OrchestraError, exitCode, messageOf } from '../domain/errors.ts';
import { isJsonObject } from '../domain/json-object.ts';
import { safeText } from '../domain/safe-text.ts';
import { writeFileAtomic, type WriteOptions } from '../../providers/runtime/atomic-file.ts';
import { hasCode } from '../../providers/runtime/errno.ts';
import { LockLost } from '../../providers/runtime/file-lock.ts';
import { keepBackup } from './backup-file.ts';
import { checksumFits, withChecksum } from './checksum.ts';
import { CorruptDocument } from './corrupt-document.ts';
import { readJson } from './read-json.ts';
import { broughtUp, refuseNewer } from './schema-versions.ts';

/** The memory's JSON on disk: readable by people, one newline at the end. */
export function printJson(data: unknown): string {
  return `${JSON.stringify(data, null, 2)}\n`;
}

/** Whether its checksum fits once it names the present version: then nothing but that name was changed. */
function isMisnamed(data: unknown, schema: string): boolean {
  return isJsonObject(data) && 'checksum' in data && checksumFits({ ...data, schema });
}

/** Puts a whole text in a file's place in one step. */
export type PutFile = (file: string, text: string, options: WriteOptions) => Promise<void>;

/** A file of an older version, byte for byte: the first write keeps it. */
export interface OlderFile {
  schema: string;
  bytes: Buffer;
}

export interface Loaded<T> {
  data: T;
  older: OlderFile | undefined;
}

/** One JSON document as lowdb sees it: parsed with zod on every read, replaced atomically on every write. */
export class JsonFile<T> implements Adapter<T> {
  readonly file: string;
  readonly #schema: z.ZodType<T>;
  readonly #schemaName: string;
  readonly #durable: boolean;
  readonly #checked: boolean;

  /** `checked`: it carries a checksum, for nobody but this program writes it. */
  constructor(
    file: string,
    schema: z.ZodType<T>,
    schemaName: string,
    options: { durable?: boolean; checked?: boolean } = {},
  ) {
    this.file = file;
    this.#schema = schema;
    this.#schemaName = schemaName;
    this.#durable = options.durable ?? true;
    this.#checked = options.checked ?? false;
  }

  /** The document; null when there is no file. Throws `CorruptDocument`, or code `newer-schema`. */
  async read(): Promise<T | null> {
    return (await this.load())?.data ?? null;
  }

  /** The same, with the file itself where it is of an older version; undefined when there is none. Writes nothing. */
  async load(): Promise<Loaded<T> | undefined> {
    const found = await this.#json();
    if (!found) return undefined;
    if (!(this.#checked && isMisnamed(found.data, this.#schemaName)))
      refuseNewer(found.data, this.#schemaName, this.file);
    if (this.#checked && !checksumFits(found.data))
      throw new CorruptDocument('its checksum does not fit: something else changed it', found.data);
    try {
      const { data, from } = broughtUp(found.data, this.#schemaName);
      return {
        data: this.#schema.parse(data),
        older: from === undefined ? undefined : { schema: from, bytes: found.bytes },
      };
    } catch (error) {
      if (!(error instanceof z.ZodError)) throw error;
      const issue = error.issues[0];
      const where = issue && issue.path.length > 0 ? `${issue.path.map(String).join('.')}: ` : '';
      throw new CorruptDocument(
        `not ${this.#schemaName}: ${safeText(where + (issue?.message ?? ''), 200)}`,
        found.data,
      );
    }
  }

  async #json(): Promise<{ data: unknown; bytes: Buffer } | undefined> {
    try {
      return await readJson(this.file);
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return undefined;
      if (error instanceof CorruptDocument) throw error;
      throw new OrchestraError('memory-io', `${this.file} cannot be read: ${messageOf(error)}`, {
        exit: exitCode.io,
        hint: 'Check the rights and the disk, then try again.',
        cause: error,
      });
    }
  }

  /** Keeps the file of an older version beside the one that is about to be written; the copy's name. */
  async keepOlder(older: OlderFile): Promise<string> {
    return this.#writing(async () => path.basename(await keepBackup(this.file, older.bytes)));
  }

  /**
   * Writes what the schema lets through; throws zod's error for anything else, before the file is touched. `put` is the
   * writing under a lock; its `LockLost` passes through.
   */
  async write(data: T, put: PutFile = writeFileAtomic): Promise<void> {
    this.#schema.parse(data);
    const text = printJson(this.#checked ? withChecksum(data) : data);
    await this.#writing(() => put(this.file, text, { durable: this.#durable }));
  }

  async #writing<R>(work: () => Promise<R>): Promise<R> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof LockLost) throw error;
      throw new OrchestraError(
        'memory-io',
        `${path.basename(this.file)} cannot be written: ${messageOf(error)}`,
        {
          exit: exitCode.io,
          hint: `Check the rights of, and the space on, ${path.dirname(this.file)}; the old file is as it was.`,
          cause: error,
        },
      );
    }
  }
}
