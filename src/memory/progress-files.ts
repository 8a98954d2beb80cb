import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { linkIfNone, writeFileAtomic } from '../../providers/runtime/atomic-file.ts';
import { withFileLock } from '../../providers/runtime/file-lock.ts';
import { exitCode, OrchestraError } from '../domain/errors.ts';
import { progressStatus } from '../domain/progress-status.ts';
import { progressV1Schema } from '../domain/progress-v1.ts';
import { progressOf, progressSchema, type Ended, type Look } from '../domain/progress.ts';
import type { Clock } from '../ports/clock.ts';
import { lockOf } from './json-document.ts';
import { printJson } from './json-file.ts';
import { parseJson } from './parse-json.ts';

/** How long a refresh waits for another process that writes, in milliseconds: the next one comes a second later. */
const usualPatienceMs = 500;

/** Names that a document of version 1 may be kept under; the first that is free is taken. */
const backups = ['.backup', '.backup-2', '.backup-3'];

/**
 * Writes both files from what `gather` finds, one process after the other. Not synced: they are made again a second later, and
 * from the journals. Throws the system's errors.
 */
export async function writeProgressFiles(
  files: { progress: string; progressStatus: string },
  clock: Clock,
  gather: () => Promise<readonly Look[]>,
  { patienceMs = usualPatienceMs }: { patienceMs?: number } = {},
): Promise<void> {
  const write = async () => {
    const looks = await gather();
    const progress = progressOf(looks, clock.now(), await endedBefore(files.progress));
    await writeFileAtomic(files.progress, printJson(progress), { durable: false });
    await writeFileAtomic(files.progressStatus, progressStatus(progress), { durable: false });
  };
  try {
    await withFileLock(lockOf(files.progress), write, { waitMs: patienceMs });
  } catch (error) {
    // Whoever holds the lock may be stopped: watchers are not to wait for that process.
    if (!(error instanceof OrchestraError) || error.code !== 'memory-locked') throw error;
    await write();
  }
}

/** What ended before, by the present file; a document of version 1 is kept beside it, byte for byte, before it is replaced. */
async function endedBefore(file: string): Promise<readonly Ended[]> {
  const data = parseJson(await readFile(file, 'utf8').catch(() => ''));
  refuseNewer(data);
  const parsed = progressSchema.safeParse(data);
  if (parsed.success) return parsed.data.ended;
  if (progressV1Schema.safeParse(data).success)
    for (const backup of backups) if (await linkIfNone(file, `${file}${backup}`)) break;
  return [];
}

/** Throws code `newer-schema` (78): what a later version wrote is not replaced by less. */
function refuseNewer(data: unknown): void {
  const said = z.looseObject({ schema: z.string() }).safeParse(data);
  const version = said.success ? /^orchestra\/progress@(\d{1,6})$/.exec(said.data.schema)?.[1] : undefined;
  if (version === undefined || Number(version) <= 2) return;
  throw new OrchestraError('newer-schema', `progress.json has version ${version}; this program knows 2`, {
    exit: exitCode.config,
    hint: 'Update orchestrate to the version that wrote the file; nothing was changed.',
  });
}
