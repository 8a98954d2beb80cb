import type { Feature } from '../../domain/feature.ts';

/**
 * Who needs whom among waiting features, for questions about all of them at once: each answer takes time in the number
 * of dependencies, however long the chains are. What the base holds needs nothing and is needed by nobody.
 */
export class Needs {
  private readonly direct = new Map<string, string[]>();
  private readonly inverse = new Map<string, string[]>();

  constructor(features: readonly Pick<Feature, 'id' | 'onBase' | 'dependsOn'>[]) {
    for (const { id, onBase } of features) if (!onBase) this.direct.set(id, []);
    for (const { id, dependsOn } of features)
      for (const need of dependsOn) {
        if (!this.direct.has(need.id)) continue;
        this.direct.get(id)?.push(need.id);
        if (!this.direct.has(id)) continue;
        const users = this.inverse.get(need.id);
        if (users) users.push(id);
        else this.inverse.set(need.id, [id]);
      }
  }

  /** These and all they cannot ship without. */
  closure(ids: Iterable<string>): Set<string> {
    return new Set(this.reach(ids, new Set(), Infinity) ?? []);
  }

  /** `id` and what it needs beyond `kept`, when that is no more than `most`; undefined when it is more. */
  beyond(id: string, kept: ReadonlySet<string>, most: number): string[] | undefined {
    return this.reach([id], kept, most);
  }

  /** For each feature that cannot ship without one of `origins`, the nearest such. */
  dependants(origins: Iterable<string>): Map<string, string> {
    const found = new Map<string, string>();
    const open: [id: string, origin: string][] = [...origins].map((id) => [id, id]);
    for (let i = 0; i < open.length; i++) {
      const [id, origin] = open[i] ?? ['', ''];
      for (const user of this.inverse.get(id) ?? []) {
        if (found.has(user)) continue;
        found.set(user, origin);
        open.push([user, origin]);
      }
    }
    return found;
  }

  private reach(ids: Iterable<string>, without: ReadonlySet<string>, most: number): string[] | undefined {
    const seen = new Set<string>();
    const open = [...ids];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      const needs = this.direct.get(id);
      if (!needs || seen.has(id) || without.has(id)) continue;
      seen.add(id);
      if (seen.size > most) return undefined;
      open.push(...needs);
    }
    return [...seen];
  }
}
