import { OrchestraError } from '../../../src/domain/errors.ts';
import type { PlatformRequest } from '../../../src/ports/platform.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { sizeOf, tailOf } from '../../runtime/log-file.ts';
import { errorLines } from '../../runtime/prepare.ts';
import { processesWith } from '../../runtime/process-table.ts';
import { endAllWith, endGroup } from '../../runtime/processes.ts';
import { spawnDetached } from '../../runtime/spawn-detached.ts';
import type { VersionPaths } from './layout.ts';

/**
 * Runs the version's migration, and waits for it. It writes into the log itself and so survives this process; a
 * migration that an earlier, dead conductor started is waited for first. Throws code `migrate-failed`.
 */
export async function migrate(
  request: PlatformRequest,
  { paths, cwd, env, clock }: { paths: VersionPaths; cwd: string; env: Record<string, string>; clock: Clock },
): Promise<void> {
  const { service, signal, onProgress } = request;
  if (service.migrate === undefined) return;
  await waitForMigration(paths, clock, signal, onProgress);
  onProgress?.(`migrating: ${service.migrate}`);
  const from = await sizeOf(paths.log);
  const { ORCHESTRA_INSTANCE: _, ...rest } = env;
  const migration = await spawnDetached(service.migrate, {
    cwd,
    env: { ...rest, ...paths.migrationMark },
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
  if (end?.exitCode === 0) return;
  throw new OrchestraError(
    'migrate-failed',
    `the migration "${service.migrate}" ${end?.signal ? `was ended by ${end.signal}` : `ended with exit code ${end?.exitCode}`}`,
    {
      hint: `Read ${paths.log}. The version was not started; mend the migration and deploy again.`,
      details: { log: await tailOf(paths.log, errorLines, from), exitCode: end?.exitCode ?? null },
    },
  );
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
