import type { Deployment } from '../domain/deployment.ts';
import type { Version } from '../domain/event.ts';
import { candidatePlaces } from '../domain/places.ts';
import type { PlacePlan, Plan } from '../domain/plan.ts';
import type { Memory } from '../ports/memory.ts';
import type { Served } from './versions.ts';

/** The deployments that a return to `version` leaves behind, the newest first. */
export async function leftBehind(
  memory: Memory,
  served: readonly Served[],
  version: Version,
): Promise<Deployment[]> {
  const at = served.findLastIndex((s) => s.version.sha === version.sha);
  const records = await Promise.all(served.slice(at + 1).map((s) => memory.record(s.deployment)));
  return records.filter((d) => d !== undefined).reverse();
}

/**
 * The rollback's plan with what becomes of the schema: taken back where every version that is left says how, and none took
 * data away; else it stays expanded, and the plan says why. Pure.
 */
export function withSchema(plan: Plan, left: readonly Deployment[]): Plan {
  const migrated = left.filter(changesSchema);
  if (migrated.length === 0) return plan;
  const stays = migrated.flatMap((d) => whyItStays(d));
  if (stays.length > 0)
    return { ...plan, notes: [...plan.notes, `The schema stays as it is: ${stays.join('; ')}.`] };
  const undo = migrated.flatMap(({ candidate, plan: then }) =>
    candidate.kind === 'none'
      ? []
      : // What was migrated last is taken back first.
        migratedIn(then)
          .toReversed()
          .map(({ key, service, variables }) => ({
            version: candidate.version,
            place: key,
            service,
            variables,
          })),
  );
  const names = [...new Set(undo.map(({ version }) => version.name))].join(', ');
  return {
    ...plan,
    undo,
    rollback: plan.rollback.filter((line) => !line.startsWith('Migrations are not undone')),
    notes: [
      ...plan.notes,
      `Once it serves, the migration of ${names} is taken back (migrate_down), and what ran on it is stopped: there is no instant way forward again.`,
    ],
  };
}

/** The places in which a plan's version ran a migration. */
function migratedIn(plan: Plan): PlacePlan[] {
  return candidatePlaces(plan).filter(({ service }) => service.migrate !== undefined);
}

/** A version that came without a feature list may have changed it wherever it had a migration to run. */
function changesSchema({ source, plan }: Deployment): boolean {
  if (migratedIn(plan).length === 0) return false;
  return source.features.length === 0 || source.features.some(({ flags }) => flags.schema !== undefined);
}

function whyItStays({ candidate, plan, source }: Deployment): string[] {
  const name = candidate.kind === 'none' ? 'a version' : candidate.version.name;
  if (migratedIn(plan).some(({ service }) => service.migrateDown === undefined))
    return [`${name} was deployed without a migrate_down`];
  return source.features.some(({ flags }) => flags.schema?.destructive === true)
    ? [`the migration of ${name} took data away, which nothing brings back`]
    : [];
}
