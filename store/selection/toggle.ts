import { dependantsOf, explainReason, lookupIn } from '../../src/domain/dependencies.ts';
import type { Discovery, Feature, Selection } from '../../src/domain/feature.ts';
import { whyAlong } from './along.ts';
import { lookupOf, shownToNeed } from './closed.ts';

/** Sentences that are made about one toggle; thousands would say no more. */
const mostSentences = 50;

/**
 * What is wanted after the person toggled one feature: taking it adds it; leaving it out also drops what needs it,
 * by its lines or because the proof showed it. A feature that the base already holds changes nothing.
 */
export function toggled(
  discovery: Discovery,
  wanted: readonly string[],
  closed: Selection | undefined,
  id: string,
): string[] {
  const ships = lookupOf(closed).selected.has(id) || wanted.includes(id);
  if (!ships) return [...wanted, id];
  const { users } = lookupIn(discovery.features);
  const dropped = new Set([id]);
  const open = [id];
  const drop = (other: string) => {
    if (dropped.has(other)) return;
    dropped.add(other);
    open.push(other);
  };
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const user of users.get(next) ?? []) if (!user.onBase) drop(user.id);
    for (const other of shownToNeed(closed, next)) drop(other);
  }
  return wanted.filter((other) => !dropped.has(other));
}

/** What is said about a toggle: the first sentences, and how many more there would be. */
export interface Told {
  told: string[];
  untold: number;
}

function tell(ids: readonly string[], say: (id: string) => string): Told {
  const told = ids.slice(0, mostSentences).map(say);
  return { told, untold: ids.length - told.length };
}

/** Sentences that say what a toggle of `id` brought along or dropped, and why. */
export function tellToggle(
  discovery: Discovery,
  before: Selection | undefined,
  after: Selection,
  id: string,
): Told {
  const had = lookupOf(before).selected;
  const has = lookupOf(after).selected;
  const features = lookupIn(discovery.features).byId;
  if (has.has(id))
    return tell(
      after.selected.filter((other) => other !== id && !had.has(other)),
      (other) => {
        const edge = features.get(id)?.dependsOn.find((d) => d.id === other);
        const because = edge
          ? edge.because.map(explainReason).join('; ')
          : (whyAlong(discovery, after, other) ?? 'it cannot ship without it');
        return `Selecting ${id} brings ${other}: ${because}.`;
      },
    );
  const dependants = new Set(dependantsOf(discovery.features, id));
  const shown = new Set(shownToNeed(before, id));
  return tell(
    [...had].filter((other) => other !== id && !has.has(other)),
    (other) => {
      const edge = features.get(other)?.dependsOn.find((d) => d.id === id);
      if (edge)
        return `Leaving out ${id} drops ${other}, which needs it: ${edge.because.map(explainReason).join('; ')}.`;
      if (shown.has(other)) return `Leaving out ${id} drops ${other}, which does not apply without it.`;
      if (dependants.has(other))
        return `Leaving out ${id} drops ${other}, which needs it by way of ${wayTo(features, other, dependants)}.`;
      return `Leaving out ${id} drops ${other}, which nothing selected needs any more.`;
    },
  );
}

/** The direct need of `other` that is itself a dependant. */
function wayTo(
  features: ReadonlyMap<string, Feature>,
  other: string,
  dependants: ReadonlySet<string>,
): string {
  const edge = features.get(other)?.dependsOn.find((d) => dependants.has(d.id));
  return edge ? `${edge.id} (${edge.because.map(explainReason).join('; ')})` : 'others';
}
