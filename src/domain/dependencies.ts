import type { DependencyReason, Feature } from './feature.ts';

/** How each kind of reason reads, with and without its place. */
const sayings: Readonly<Record<DependencyReason['kind'], { alone: string; before?: string; after: string }>> =
  {
    line: { alone: 'lines it changes were written there', after: 'was written there' },
    conflict: { alone: 'it does not apply without it', after: 'conflicts without it' },
    revert: { alone: 'it takes that back', after: 'is taken back' },
    migration: { alone: 'its migration comes before', before: 'the migration before ', after: 'is there' },
    import: { alone: 'it imports what is made there', after: 'imports what is made there' },
    order: { alone: 'it comes after it', after: 'was made there' },
  };

/** A reason as a sentence's end that a person can check: `cart.ts:88 was written there`. */
export function explainReason(reason: DependencyReason): string {
  const place =
    reason.path === undefined
      ? undefined
      : reason.line === undefined
        ? reason.path
        : `${reason.path}:${reason.line}`;
  const words = sayings[reason.kind];
  return place === undefined ? words.alone : `${words.before ?? ''}${place} ${words.after}`;
}

/** Everything that cannot ship once `id` does not: what needs it, directly or by way of others, without itself. */
export function dependantsOf(features: readonly Feature[], id: string): string[] {
  const dropped = new Set([id]);
  for (let grown = true; grown;) {
    grown = false;
    for (const feature of features) {
      if (
        feature.onBase ||
        dropped.has(feature.id) ||
        !feature.dependsOn.some((need) => dropped.has(need.id))
      )
        continue;
      dropped.add(feature.id);
      grown = true;
    }
  }
  return features
    .filter((feature) => feature.id !== id && dropped.has(feature.id))
    .map((feature) => feature.id);
}
