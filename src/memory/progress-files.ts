import { withFileLock } from '../../providers/runtime/file-lock.ts';
import { progressStatus } from '../domain/progress-status.ts';
import { progressV1Schema } from '../domain/progress-v1.ts';
import { progressOf, progressSchema, type Ended, type Look } from '../domain/progress.ts';
import type { Clock } from '../ports/clock.ts';
import { keepBackup } from './backup-file.ts';
import { lockOf } from './json-document.ts';
import { printJson } from './json-file.ts';
import { readJson } from './read-json.ts';
import { refuseNewer } from './schema-versions.ts';

/** How long a refresh waits for another process that writes, in milliseconds: the next one comes a second later. */
const usualPatienceMs = 1000;

const progressName = 'orchestra/progress@2';

/**
 * Writes both files from what `gather` finds, one process after the other; a writer that is stopped in the middle loses its turn.
 * Not synced: they are made again a second later, and from the journals. Throws `memory-locked` where others do not let it have its
 * turn, `newer-schema` (78), and the system's errors.
 */
export function writeProgressFiles(
  files: { progress: string; progressStatus: string },
  clock: Clock,
  gather: () => Promise<readonly Look[]>,
  { patienceMs = usualPatienceMs }: { patienceMs?: number } = {},
): Promise<void> {
  return withFileLock(
    lockOf(files.progress),
    async (held) => {
      const ended = await endedBefore(files.progress);
      const progress = progressOf(await gather(), clock.now(), ended);
      await held.write(files.progress, printJson(progress), { durable: false });
      await held.write(files.progressStatus, progressStatus(progress), { durable: false });
    },
    { waitMs: patienceMs },
  );
}

/** Throws code `newer-schema` (78) where a later version of the program wrote the file. */
export async function refuseNewerProgress(file: string): Promise<void> {
  const found = await readJson(file).catch(() => undefined);
  if (found) refuseNewer(found.data, progressName, file);
}

/** What ended before, by the present file; a document of version 1 is kept beside it, byte for byte, before it is replaced. */
async function endedBefore(file: string): Promise<readonly Ended[]> {
  const found = await readJson(file).catch(() => undefined);
  if (!found) return [];
  refuseNewer(found.data, progressName, file);
  const parsed = progressSchema.safeParse(found.data);
  if (parsed.success) return parsed.data.ended;
  if (progressV1Schema.safeParse(found.data).success) await keepBackup(file, found.bytes);
  return [];
}
