import { dependantsOf, explainReason } from '../src/domain/dependencies.ts';
import type { Discovery, Feature, Selection } from '../src/domain/feature.ts';
import { remember } from './remember.ts';

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
  const ships = closed?.selected.includes(id) || wanted.includes(id);
  if (!ships) return [...wanted, id];
  const dropped = new Set([id]);
  const open = [id];
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const other of [...dependantsOf(discovery.features, next), ...shownToNeed(closed, next)])
      if (!dropped.has(other)) {
        dropped.add(other);
        open.push(other);
      }
  return wanted.filter((other) => !dropped.has(other));
}

/** Who needs `id` as the closure or the proof says it: `pr-3 needs pr-1: a.txt conflicts without it`. */
function shownToNeed(closed: Selection | undefined, id: string): string[] {
  const because = closed?.added.find((a) => a.id === id)?.because ?? [];
  return because.flatMap((why) => {
    const [who, needs, what] = why.split(/[ :]/, 3);
    return who !== undefined && needs === 'needs' && what === id ? [who] : [];
  });
}

/** Why `id` is brought along by what else ships; undefined when nothing in `shipping` needs it. */
export function broughtBy(discovery: Discovery, shipping: readonly string[], id: string): string | undefined {
  const ships = new Set(shipping);
  for (const feature of discovery.features) {
    if (!ships.has(feature.id)) continue;
    const edge = feature.dependsOn.find((d) => d.id === id);
    if (edge) return `${feature.id} needs it: ${edge.because.map(explainReason).join('; ')}`;
  }
  return undefined;
}

/** Why a selected feature comes along although nobody chose it, shortest first; undefined where it was chosen. */
export function whyAlong(
  discovery: Discovery,
  closed: Selection | undefined,
  id: string,
): string | undefined {
  const added = closed?.added.find((a) => a.id === id);
  if (!closed || !added) return undefined;
  return broughtBy(discovery, closed.selected, id) ?? added.because.join('; ');
}

/** Who brings a feature along, and the place where that shows: `cart.ts:88`; empty where no place does. */
export interface Along {
  who: string;
  place: string;
}

/** Who is the first to need each feature, and why; asked for every row that comes along. */
const firstNeeds = remember((discovery: Discovery, closed: Selection) => {
  const ships = new Set(closed.selected);
  const needs = new Map<string, { who: string; why: Feature['dependsOn'][number]['because'][number] }>();
  for (const feature of discovery.features)
    for (const { id, because } of ships.has(feature.id) ? feature.dependsOn : []) {
      const [why] = because;
      if (why && !needs.has(id)) needs.set(id, { who: feature.id, why });
    }
  return needs;
});

/** Why each feature that nobody chose comes along. */
const additions = remember((closed: Selection) => new Map(closed.added.map((a) => [a.id, a])));

/** `whyAlong` for a narrow column. */
export function placeAlong(
  discovery: Discovery,
  closed: Selection | undefined,
  id: string,
): Along | undefined {
  const added = closed && additions(closed).get(id);
  if (!closed || !added) return undefined;
  const need = firstNeeds(discovery, closed).get(id);
  if (need) {
    const { who, why } = need;
    const place = [why.path, why.line].filter((part) => part !== undefined).join(':');
    return { who, place: why.kind === 'conflict' ? `conflict ${place}` : place };
  }
  const [who] = shownToNeed(closed, id);
  const shown = /: (.*) conflicts without it$/.exec(added.because.at(-1) ?? '')?.[1];
  return who === undefined ? undefined : { who, place: shown === undefined ? '' : `conflict ${shown}` };
}

/** Sentences that say what a toggle of `id` brought along or dropped, and why. */
export function tellToggle(
  discovery: Discovery,
  before: Selection | undefined,
  after: Selection,
  id: string,
): string[] {
  const had = new Set(before?.selected);
  const has = new Set(after.selected);
  const came = after.selected.filter((other) => other !== id && !had.has(other));
  const went = [...had].filter((other) => other !== id && !has.has(other));
  const features = new Map(discovery.features.map((f) => [f.id, f]));
  if (has.has(id))
    return came.map((other) => {
      const edge = features.get(id)?.dependsOn.find((d) => d.id === other);
      const because = edge
        ? edge.because.map(explainReason).join('; ')
        : (whyAlong(discovery, after, other) ?? 'it cannot ship without it');
      return `Selecting ${id} brings ${other}: ${because}.`;
    });
  const dependants = new Set(dependantsOf(discovery.features, id));
  return went.map((other) => {
    const edge = features.get(other)?.dependsOn.find((d) => d.id === id);
    if (edge)
      return `Leaving out ${id} drops ${other}, which needs it: ${edge.because.map(explainReason).join('; ')}.`;
    if (shownToNeed(before, id).includes(other))
      return `Leaving out ${id} drops ${other}, which does not apply without it.`;
    if (dependants.has(other))
      return `Leaving out ${id} drops ${other}, which needs it by way of ${wayTo(features, other, dependants)}.`;
    return `Leaving out ${id} drops ${other}, which nothing selected needs any more.`;
  });
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

export interface Totals {
  features: number;
  commits: number;
  files: number;
  additions: number;
  deletions: number;
  /** Of the riskiest feature selected: a deployment is no safer than that. Undefined when nothing is selected. */
  lowest: Feature | undefined;
}

/** The sums over everything that would ship. */
export const totals = remember((discovery: Discovery, selected: readonly string[]): Totals => {
  const ships = new Set(selected);
  const features = discovery.features.filter((f) => ships.has(f.id));
  const sum = (of: (f: Feature) => number) => features.reduce((n, f) => n + of(f), 0);
  return {
    features: features.length,
    commits: sum((f) => f.commits.length),
    files: new Set(features.flatMap((f) => f.files.map((file) => file.path))).size,
    additions: sum((f) => f.additions),
    deletions: sum((f) => f.deletions),
    lowest: features.reduce<Feature | undefined>(
      (low, f) => (!low || f.risk.probability < low.risk.probability ? f : low),
      undefined,
    ),
  };
});
