import type { DependencyReason, Feature, Selection } from '../domain/feature.ts';

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

/**
 * What really ships when `wanted` is chosen: it and all it cannot ship without. `added` names what was pulled in, each
 * with who needs it and why. Features the base already holds add nothing and need nothing; unknown ids are left out.
 */
export function closeSelection(features: readonly Feature[], wanted: readonly string[]): Selection {
  const byId = new Map(features.map((feature) => [feature.id, feature]));
  const chosen = new Set(wanted.filter((id) => byId.has(id)));
  const closed = new Set<string>();
  const because = new Map<string, string[]>();
  const open = [...chosen];
  for (let id = open.shift(); id !== undefined; id = open.shift()) {
    const feature = byId.get(id);
    if (!feature || feature.onBase || closed.has(id)) continue;
    closed.add(id);
    for (const need of feature.dependsOn) {
      const other = byId.get(need.id);
      if (!other || other.onBase) continue;
      if (!chosen.has(need.id)) {
        const reasons = because.get(need.id) ?? [];
        const why = need.because[0];
        if (reasons.length < 5) reasons.push(`${id} needs ${need.id}${why ? `: ${explainReason(why)}` : ''}`);
        because.set(need.id, reasons);
      }
      open.push(need.id);
    }
  }
  const selected = features.filter(({ id }) => closed.has(id)).map(({ id }) => id);
  return {
    schema: 'orchestra/selection@1',
    selected,
    added: selected.filter((id) => !chosen.has(id)).map((id) => ({ id, because: because.get(id) ?? [] })),
  };
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
