import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { OrchestraError } from '../../../src/domain/errors.ts';
import type { PlatformRequest } from '../../../src/ports/platform.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { ifMissing } from '../../runtime/errno.ts';
import { sizeOf, tailOf } from '../../runtime/log-file.ts';
import { errorLines } from '../../runtime/prepare.ts';
import { processesWith } from '../../runtime/process-table.ts';
import { endAllWith, endGroup } from '../../runtime/processes.ts';
import { spawnDetached } from '../../runtime/spawn-detached.ts';
import type { VersionPaths } from './layout.ts';

/** What a migration leaves behind where its conductor dies: that it began, then its exit code. */
const begun = 'begun';

/** Keeps the exit code of a command line where the next conductor finds it. */
const keepingExitCode = (commandLine: string) =>
  `(\n${commandLine}\n)\ncode=$?; echo "$code" > "$ORCHESTRA_MIGRATION_RESULT"; exit "$code"`;

interface Place {
  paths: VersionPaths;
  cwd: string;
  env: Record<string, string>;
  clock: Clock;
}

/**
 * Runs the version's migration, and waits for it. It writes into the log and its exit code into a file, and so survives this
 * process: one that an earlier, dead conductor started is waited for and not run again, whatever it gave, until
 * `forgetMigration`. Throws code `migrate-failed`.
 */
export async function migrate(request: PlatformRequest, place: Place): Promise<void> {
  await once(request, place, request.service.migrate, place.paths.migration);
}

/**
 * Takes back what the version's migration did. Once only, whoever asks again: what it gave is kept until the version is started
 * anew. Throws code `migrate-failed`.
 */
export async function migrateDown(request: PlatformRequest, place: Place): Promise<void> {
  await once(request, place, request.service.migrateDown, downOf(place.paths));
}

const downOf = (paths: VersionPaths) => `${paths.migration}-down`;

async function once(
  request: PlatformRequest,
  place: Place,
  command: string | undefined,
  result: string,
): Promise<void> {
  const { signal, onProgress } = request;
  if (command === undefined) return;
  const { paths, clock } = place;
  await waitForMigration(paths, clock, signal, onProgress);
  const earlier = await readFile(result, 'utf8').catch(ifMissing(undefined));
  const from = earlier === undefined ? await sizeOf(paths.log) : 0;
  const how = earlier === undefined ? await run(command, request, place, result) : howItEnded(earlier.trim());
  if (how === undefined) return;
  throw new OrchestraError('migrate-failed', `the migration "${command}" ${how}`, {
    hint: `The version before serves on, but the database may be half migrated: nothing was undone and nothing is tried again by itself. Read ${paths.log}, put the database right by hand or from a backup, mend the migration, then deploy again.`,
    details: { log: await tailOf(paths.log, errorLines, from) },
  });
}

/** Once the version runs, or does not, its migration is no longer to be found: a later deployment of it migrates anew. */
export async function forgetMigration(paths: VersionPaths): Promise<void> {
  await rm(paths.migration, { force: true });
  await rm(downOf(paths), { force: true });
}

/** Why it did not end well, in words; undefined when it did. */
function howItEnded(exitCode: string): string | undefined {
  if (exitCode === '0') return undefined;
  return /^\d+$/.test(exitCode)
    ? `ended with exit code ${exitCode}`
    : 'was cut off together with its conductor, and nobody knows how far it came';
}

async function run(
  commandLine: string,
  { service, signal, onProgress }: PlatformRequest,
  { paths, cwd, env, clock }: Place,
  result: string,
): Promise<string | undefined> {
  onProgress?.(`migrating: ${commandLine}`);
  await mkdir(dirname(result), { recursive: true, mode: 0o700 });
  await writeFile(result, begun, { mode: 0o600 });
  const { ORCHESTRA_INSTANCE: _, ...rest } = env;
  const migration = await spawnDetached(keepingExitCode(commandLine), {
    cwd,
    env: { ...rest, ...paths.migrationMark, ORCHESTRA_MIGRATION_RESULT: result },
    log: paths.log,
  });
  while (!migration.ended()) {
    if (signal?.aborted) {
      await endGroup(migration.identity, service.stopTimeoutMs);
      await endAllWith(paths.migrationMark, service.stopTimeoutMs);
      signal.throwIfAborted();
    }
    await clock
      .sleep(1000, AbortSignal.any([migration.over, ...(signal ? [signal] : [])]))
      .catch(() => undefined);
  }
  await endGroup(migration.identity, service.stopTimeoutMs, true);
  const end = migration.ended();
  return end?.signal ? `was ended by ${end.signal}` : howItEnded(String(end?.exitCode ?? ''));
}

async function waitForMigration(
  paths: VersionPaths,
  clock: Clock,
  signal: AbortSignal | undefined,
  onProgress: ((line: string) => void) | undefined,
): Promise<void> {
  for (let round = 0; processesWith(paths.migrationMark).length > 0; round++) {
    if (round === 0) onProgress?.('waiting for a migration that runs already');
    await clock.sleep(250, signal);
  }
}
