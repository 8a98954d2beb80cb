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

/** Looking features up, by id and by who needs whom. */
export interface Lookup {
  byId: ReadonlyMap<string, Feature>;
  /** The place of each among the features. */
  at: ReadonlyMap<string, number>;
  /** For each feature the places of what it names among its needs, in that order; −1 for what is not there. */
  needs: readonly (readonly number[])[];
  /** Who names a feature among its own needs, in the features' order. */
  users: ReadonlyMap<string, readonly Feature[]>;
}

const lookups = new WeakMap<readonly Feature[], Lookup>();

/** The lookup of features that do not change any more; made once for them. */
export function lookupIn(features: readonly Feature[]): Lookup {
  const known = lookups.get(features);
  if (known) return known;
  const users = new Map<string, Feature[]>();
  for (const feature of features)
    for (const { id } of feature.dependsOn) {
      const others = users.get(id);
      if (!others) users.set(id, [feature]);
      else if (others.at(-1) !== feature) others.push(feature);
    }
  const at = new Map(features.map(({ id }, i) => [id, i]));
  const lookup = {
    byId: new Map(features.map((feature) => [feature.id, feature])),
    at,
    needs: features.map(({ dependsOn }) => dependsOn.map(({ id }) => at.get(id) ?? -1)),
    users,
  };
  lookups.set(features, lookup);
  return lookup;
}

/**
 * Which of the features ship when `ids` are chosen, one mark a feature: these and all they cannot ship without. What the
 * base holds neither ships nor needs anything. Numbers instead of names, since this is asked at every toggle.
 */
export function closureIn(features: readonly Feature[], ids: readonly string[]): Uint8Array {
  const { at, needs } = lookupIn(features);
  const ships = new Uint8Array(features.length);
  const open = ids.flatMap((id) => at.get(id) ?? []);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (ships[next] === 1 || features[next]?.onBase === true) continue;
    ships[next] = 1;
    for (const need of needs[next] ?? []) if (need >= 0 && ships[need] === 0) open.push(need);
  }
  return ships;
}

/** Everything that cannot ship once `id` does not: what needs it, directly or by way of others, without itself. */
export function dependantsOf(features: readonly Feature[], id: string): string[] {
  const { users } = lookupIn(features);
  const dropped = new Set([id]);
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const user of users.get(next) ?? [])
      if (!user.onBase && !dropped.has(user.id)) {
        dropped.add(user.id);
        open.push(user.id);
      }
  dropped.delete(id);
  return dropped.size === 0 ? [] : features.flatMap((f) => (dropped.has(f.id) ? [f.id] : []));
}
