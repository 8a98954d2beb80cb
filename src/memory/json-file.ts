import path from 'node:path';
import type { Adapter } from 'lowdb';
import type { z } from 'zod';
import { OrchestraError, exitCode, messageOf } from '../domain/errors.ts';
import { safeText } from '../domain/safe-text.ts';
import { writeFileAtomic, type WriteOptions } from '../../providers/runtime/atomic-file.ts';
import { disk } from '../../providers/runtime/disk.ts';
import { hasCode } from '../../providers/runtime/errno.ts';
import { LockLost } from '../../providers/runtime/file-lock.ts';

/** A file whose text is not the document it should be; it is for its reader to move it aside. */
export class CorruptDocument extends Error {
  override readonly name = 'CorruptDocument';
}

/** The memory's JSON on disk: readable by people, one newline at the end. */
export function printJson(data: unknown): string {
  return `${JSON.stringify(data, null, 2)}\n`;
}

function splitVersion(schema: string): { family: string; version: number } | undefined {
  const match = /^([a-z/-]+)@(\d{1,6})$/.exec(schema);
  return match ? { family: match[1] ?? '', version: Number(match[2]) } : undefined;
}

/** Throws code `newer-schema` (exit 78) when `data` says it was written by a later version of the program. */
export function refuseNewer(data: unknown, schema: string, file: string): void {
  if (typeof data !== 'object' || data === null || !('schema' in data)) return;
  if (typeof data.schema !== 'string') return;
  const found = splitVersion(data.schema);
  const known = splitVersion(schema);
  if (!found || !known || found.family !== known.family || found.version <= known.version) return;
  throw new OrchestraError(
    'newer-schema',
    `${file} has the schema ${data.schema}; this version knows ${schema}`,
    {
      exit: exitCode.config,
      hint: 'Update orchestrate to the version that wrote the file; nothing was changed.',
      details: { file, found: data.schema, known: schema },
    },
  );
}

/** Puts a whole text in a file's place in one step. */
export type PutFile = (file: string, text: string, options: WriteOptions) => Promise<void>;

/** One JSON document as lowdb sees it: parsed with zod on every read, replaced atomically on every write. */
export class JsonFile<T> implements Adapter<T> {
  readonly file: string;
  readonly #schema: z.ZodType<T>;
  readonly #schemaName: string;
  readonly #durable: boolean;

  constructor(file: string, schema: z.ZodType<T>, schemaName: string, options: { durable?: boolean } = {}) {
    this.file = file;
    this.#schema = schema;
    this.#schemaName = schemaName;
    this.#durable = options.durable ?? true;
  }

  /** The document; null when there is no file. Throws `CorruptDocument`, or code `newer-schema`. */
  async read(): Promise<T | null> {
    let text: string;
    try {
      text = (await disk.read(this.file)).toString('utf8');
    } catch (error) {
      if (hasCode(error, 'ENOENT')) return null;
      throw new OrchestraError('memory-io', `${this.file} cannot be read: ${messageOf(error)}`, {
        exit: exitCode.io,
        hint: 'Check the rights and the disk, then try again.',
        cause: error,
      });
    }
    let data: unknown;
    try {
      data = JSON.parse(text);
    } catch (error) {
      throw new CorruptDocument(`not JSON: ${safeText(messageOf(error), 200)}`);
    }
    refuseNewer(data, this.#schemaName, this.file);
    const parsed = this.#schema.safeParse(data);
    if (parsed.success) return parsed.data;
    const issue = parsed.error.issues[0];
    const where = issue && issue.path.length > 0 ? `${issue.path.map(String).join('.')}: ` : '';
    throw new CorruptDocument(`not ${this.#schemaName}: ${safeText(where + (issue?.message ?? ''), 200)}`);
  }

  /**
   * Writes what the schema lets through; throws zod's error for anything else, before the file is touched. `put` is the
   * writing under a lock; its `LockLost` passes through.
   */
  async write(data: T, put: PutFile = writeFileAtomic): Promise<void> {
    this.#schema.parse(data);
    try {
      await put(this.file, printJson(data), { durable: this.#durable });
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
