import { readFile, rm } from 'node:fs/promises';
import type { z } from 'zod';
import { OrchestraError, exitCode, messageOf } from '../../src/domain/errors.ts';
import { writeFileAtomic } from './atomic-file.ts';
import { hasCode } from './errno.ts';

/**
 * Writes `value` as JSON so that a reader, or the machine after a power cut, finds the old file or the new one, whole.
 * Makes the folder; the file is for its owner alone. Safe for several writers: the last one wins.
 */
export async function writeState(path: string, value: unknown): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
}

/** What a state file holds: nothing, for there is none; something that does not parse, and why; or its value. */
export type StateFound<T> =
  | { kind: 'missing' }
  | { kind: 'broken'; why: unknown }
  | { kind: 'value'; value: T };

/** What is in the file. Throws the system's errors, but for a file that does not exist. */
export async function findState<T>(path: string, schema: z.ZodType<T>): Promise<StateFound<T>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return { kind: 'missing' };
    throw error;
  }
  try {
    return { kind: 'value', value: schema.parse(JSON.parse(text)) };
  } catch (why) {
    return { kind: 'broken', why };
  }
}

/** The parsed file; undefined when it does not exist. Throws code `state-unreadable` (74) for one that does not parse. */
export async function readState<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const found = await findState(path, schema);
  if (found.kind !== 'broken') return found.kind === 'value' ? found.value : undefined;
  throw new OrchestraError('state-unreadable', `${path} does not parse: ${messageOf(found.why)}`, {
    hint: 'Move the file away and try again.',
    exit: exitCode.io,
    cause: found.why,
  });
}

/** Removes a state file; one that is not there is fine. */
export async function removeState(path: string): Promise<void> {
  await rm(path, { force: true });
}
