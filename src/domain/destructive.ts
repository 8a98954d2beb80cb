import type { ShippedFeature } from './event.ts';
import { stages, type Plan, type Stage } from './plan.ts';

/** What a destructive migration takes away, a sentence for each feature that has one. */
export function destructiveOf(features: readonly ShippedFeature[]): string[] {
  return features.flatMap(({ id, flags: { schema } }) =>
    schema?.destructive === true
      ? [`${id}: ${schema.changes?.slice(0, 5).join(', ') || schema.paths.slice(0, 5).join(', ')}`]
      : [],
  );
}

/** The plan of a deployment that takes data away, which says so. */
export function withDestructive(plan: Plan, destructive: string[]): Plan {
  return {
    ...plan,
    destructive,
    notes: [
      ...plan.notes,
      `It takes data away that the version before may need, and that no rollback brings back: ${destructive.join('; ')}. It needs your word: --allow-destructive, or the word typed on the screen.`,
    ],
  };
}

/** Whether going through `through` would run a destructive migration. */
export function needsWord(plan: Plan, through: Stage): boolean {
  return (plan.destructive?.length ?? 0) > 0 && stages.indexOf(through) >= stages.indexOf('production');
}

/** Why it does not start without that word. */
export function destructiveWords(plan: Plan): string {
  return `a migration of it takes data away that the version before may need (${(plan.destructive ?? []).join('; ')})`;
}
