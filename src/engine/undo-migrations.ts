import { OrchestraError, messageOf } from '../domain/errors.ts';
import { safeText } from '../domain/safe-text.ts';
import type { ServicePlan } from '../domain/plan.ts';
import type { Rollout } from './rollout.ts';

/**
 * Takes back the migrations of the versions that a rollback left, the newest first, once they are stopped: they could not run on
 * the schema before theirs. The first that fails ends it; the rest of the schema stays, which the version that serves can
 * live with. What was done, in words.
 */
export async function undoMigrations({
  ports,
  deployment: d,
  fence,
  signal,
}: Pick<Rollout, 'ports' | 'deployment' | 'fence' | 'signal'>): Promise<string[]> {
  const said: string[] = [];
  const services = new Set(d.plan.undo?.map(({ service }) => service.name));
  const of = ({ name }: ServicePlan) => (services.size > 1 ? `, ${name}` : '');
  for (const { version, place, service, variables } of d.plan.undo ?? []) {
    try {
      const environment = place ?? d.environment;
      await ports.platform.migrateDown({ environment, version, service, variables, fence, signal });
      await ports.platform.stop(environment, version.sha, fence);
      said.push(`the migration of ${version.name}${of(service)} was taken back`);
    } catch (error) {
      signal.throwIfAborted();
      const hint = error instanceof OrchestraError ? ` ${error.hint}` : '';
      said.push(
        safeText(
          `the schema stays expanded: ${version.name}${of(service)}: ${messageOf(error)}.${hint}`,
          800,
        ),
      );
      return said;
    }
  }
  return said;
}
