import { z } from 'zod';
import { linkIfNone } from '../../providers/runtime/atomic-file.ts';
import { disk } from '../../providers/runtime/disk.ts';
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
const usualPatienceMs = 1000;

/** Names that a document of version 1 may be kept under; the first that is free is taken. */
const backups = ['.backup', '.backup-2', '.backup-3'];

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

/** What ended before, by the present file; a document of version 1 is kept beside it, byte for byte, before it is replaced. */
async function endedBefore(file: string): Promise<readonly Ended[]> {
  const data = parseJson(await disk.read(file).then(String, () => ''));
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
