import type { Selection } from '../../src/domain/feature.ts';

/** A closed selection to look things up in. */
export interface ClosedLookup {
  selected: ReadonlySet<string>;
  /** Why each feature comes along that nobody chose. */
  added: ReadonlyMap<string, readonly string[]>;
}

const lookups = new WeakMap<Selection, ClosedLookup>();
const nothing: ClosedLookup = { selected: new Set(), added: new Map() };

/** The lookup of a selection, made once for it; an empty one where there is none. */
export function lookupOf(closed: Selection | undefined): ClosedLookup {
  if (!closed) return nothing;
  const known = lookups.get(closed);
  if (known) return known;
  const lookup = {
    selected: new Set(closed.selected),
    added: new Map(closed.added.map(({ id, because }) => [id, because])),
  };
  lookups.set(closed, lookup);
  return lookup;
}

/** What stands between the two ids of such a sentence; no id has a space in it. */
const between = ' needs ';

/** Who needs `id` as the closure or the proof says it: `pr-3 needs pr-1: a.txt conflicts without it`. */
export function shownToNeed(closed: Selection | undefined, id: string): string[] {
  const because = lookupOf(closed).added.get(id);
  if (!because) return [];
  const named = `${between}${id}`;
  return because.flatMap((why) => {
    const at = why.indexOf(between);
    const end = at + named.length;
    const isNamed = at > 0 && why.startsWith(named, at) && (why.length === end || why[end] === ':');
    return isNamed ? [why.slice(0, at)] : [];
  });
}
