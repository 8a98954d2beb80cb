import { formatDuration } from '../domain/duration.ts';
import { OrchestraError, messageOf } from '../domain/errors.ts';
import { safeText } from '../domain/safe-text.ts';
import { patience } from './patience.ts';
import type { Rollout } from './rollout.ts';

/** For plans of before a rollout had a time of its own: the default of `timeout` in orchestra.yaml. */
const usualTimeoutMs = 24 * 3_600_000;

/**
 * Takes back the migrations of the versions that a rollback left, the newest first, once they are stopped: they could not run on
 * the schema before theirs. The first that fails, or takes longer than the plan's rollout may, ends it: what was promoted
 * cannot be aborted any more, and its environment is locked meanwhile. The rest of the schema stays, which the version that
 * serves can live with. What was done, in words.
 */
export async function undoMigrations({
  ports,
  deployment: d,
  fence,
  signal,
}: Pick<Rollout, 'ports' | 'deployment' | 'fence' | 'signal'>): Promise<string[]> {
  const said: string[] = [];
  const undo = d.plan.undo ?? [];
  if (undo.length === 0) return said;
  const services = new Set(undo.map(({ service }) => service.name));
  const limitMs = d.plan.timeoutMs ?? usualTimeoutMs;
  signal.throwIfAborted();
  const reason = `it was not over within ${formatDuration(limitMs)} and was ended`;
  const inTime = patience(ports.clock, signal, limitMs, reason);
  try {
    for (const { version, place, service, variables } of undo) {
      const environment = place ?? d.environment;
      const what = services.size > 1 ? `${version.name}, ${service.name}` : version.name;
      try {
        const request = { environment, version, service, variables, fence, signal: inTime.signal };
        await ports.platform.migrateDown(request);
        await ports.platform.stop(environment, version.sha, fence);
        said.push(`the migration of ${what} was taken back`);
      } catch (error) {
        signal.throwIfAborted();
        const hint = error instanceof OrchestraError ? ` ${error.hint}` : '';
        said.push(safeText(`the schema stays expanded: ${what}: ${messageOf(error)}.${hint}`, 800));
        return said;
      }
    }
    return said;
  } finally {
    inTime.end();
  }
}
