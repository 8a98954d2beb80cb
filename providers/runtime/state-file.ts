import { randomUUID } from 'node:crypto';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { z } from 'zod';
import { OrchestraError, exitCode, messageOf } from '../../src/domain/errors.ts';

/**
 * Writes `value` as JSON so that a reader, or the machine after a power cut, finds the old file or the new one, whole.
 * Makes the folder. Safe for several writers: the last one wins.
 */
export async function writeState(path: string, value: unknown): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const temporary = `${path}.${process.pid}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(value, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The parsed file; undefined when it does not exist. Throws code `state-unreadable` (74) for one that does not parse. */
export async function readState<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (error) {
    throw new OrchestraError('state-unreadable', `${path} does not parse: ${messageOf(error)}`, {
      hint: 'Move the file away and try again.',
      exit: exitCode.io,
      cause: error,
    });
  }
}

/** Removes a state file; one that is not there is fine. */
export async function removeState(path: string): Promise<void> {
  await rm(path, { force: true });
}
