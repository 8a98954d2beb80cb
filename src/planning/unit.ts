import type { ChangedFile, DependencyReason, Flags } from '../domain/feature.ts';
import type { Commit } from './commit.ts';
import type { Offered } from './detectors/api.ts';
import type { Message } from './message.ts';

/** A first-parent commit between base and head, with the side commits it brought in when it is a merge. */
export interface Unit {
  /** Place in the history, 0 = oldest. */
  index: number;
  commit: Commit;
  message: Message;
  /** Everything it carries, oldest first, itself last. */
  commits: Commit[];
}

/** What a unit's diff against its first parent showed. */
export interface UnitChange {
  files: ChangedFile[];
  flags: Flags;
  /** Earlier units it cannot do without, by index, each with where that shows. */
  needs: Map<number, DependencyReason[]>;
  /** What its modules offer to whoever may import them. */
  offers: readonly Offered[];
  /** Files whose content the object store lacks: nothing is known of their lines. 1 without files: see `isUnread`. */
  unknown: number;
}

/** Not even which files it changes is known: the clone is partial or cut off there. */
export function isUnread({ files, unknown }: UnitChange): boolean {
  return unknown > 0 && files.length === 0;
}

/**
 * Splits the commits between base and head into units, oldest first: every commit lands in exactly one, the oldest
 * first-parent commit that reaches it. `commits` come parents first, `head` is the newest first-parent commit.
 */
export function splitIntoUnits(commits: readonly Commit[], head: string): Unit[] {
  const bySha = new Map(commits.map((commit) => [commit.sha, commit]));
  const order = new Map(commits.map((commit, i) => [commit.sha, i]));
  const trunk: Commit[] = [];
  for (let at = bySha.get(head); at; at = bySha.get(at.parents[0] ?? '')) trunk.push(at);
  trunk.reverse();
  const taken = new Set(trunk.map((commit) => commit.sha));
  return trunk.map((commit, index) => {
    const { message, parents } = commit;
    if (parents.length < 2) return { index, commit, message, commits: [commit] };
    const carried: Commit[] = [];
    const open = parents.slice(1);
    for (let sha = open.pop(); sha !== undefined; sha = open.pop()) {
      const side = bySha.get(sha);
      if (!side || taken.has(sha)) continue;
      taken.add(sha);
      carried.push(side);
      open.push(...side.parents);
    }
    carried.sort((a, b) => (order.get(a.sha) ?? 0) - (order.get(b.sha) ?? 0));
    return { index, commit, message, commits: [...carried, commit] };
  });
}
