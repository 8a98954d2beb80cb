import { dependantsOf, explainReason } from '../src/domain/dependencies.ts';
import type { Discovery, Feature, Selection } from '../src/domain/feature.ts';

/**
 * What is wanted after the person toggled one feature: taking it adds it; leaving it out also drops what needs it.
 * A feature that the base already holds changes nothing.
 */
export function toggled(
  discovery: Discovery,
  wanted: readonly string[],
  closed: Selection | undefined,
  id: string,
): string[] {
  const ships = closed?.selected.includes(id) || wanted.includes(id);
  if (!ships) return [...wanted, id];
  const dropped = new Set(dependantsOf(discovery.features, id));
  return wanted.filter((other) => other !== id && !dropped.has(other));
}

/** Why `id` is brought along by what else ships; undefined when nothing in `shipping` needs it. */
export function broughtBy(discovery: Discovery, shipping: readonly string[], id: string): string | undefined {
  for (const feature of discovery.features) {
    if (!shipping.includes(feature.id)) continue;
    const edge = feature.dependsOn.find((d) => d.id === id);
    if (edge) return `${feature.id} needs it: ${edge.because.map(explainReason).join('; ')}`;
  }
  return undefined;
}

/** Sentences that say what a toggle of `id` brought along or dropped, and why. */
export function tellToggle(
  discovery: Discovery,
  before: readonly string[],
  after: Selection,
  id: string,
): string[] {
  const came = after.selected.filter((other) => other !== id && !before.includes(other));
  const went = before.filter((other) => other !== id && !after.selected.includes(other));
  const feature = (other: string) => discovery.features.find((f) => f.id === other);
  if (after.selected.includes(id))
    return came.map((other) => {
      const edge = feature(id)?.dependsOn.find((d) => d.id === other);
      const because = edge
        ? edge.because.map(explainReason).join('; ')
        : (broughtBy(discovery, after.selected, other) ??
          after.added.find((a) => a.id === other)?.because.join('; ') ??
          'it cannot ship without it');
      return `Selecting ${id} brings ${other}: ${because}.`;
    });
  return went.map((other) => {
    const edge = feature(other)?.dependsOn.find((d) => d.id === id);
    if (!edge) return `Leaving out ${id} drops ${other}, which nothing selected needs any more.`;
    return `Leaving out ${id} drops ${other}, which needs it: ${edge.because.map(explainReason).join('; ')}.`;
  });
}

export interface Totals {
  features: number;
  commits: number;
  files: number;
  additions: number;
  deletions: number;
  /** Of the riskiest feature selected: a deployment is no safer than that. 1 when nothing is selected. */
  lowest: Feature | undefined;
}

/** The sums over everything that would ship. */
export function totals(discovery: Discovery, selected: readonly string[]): Totals {
  const features = discovery.features.filter((f) => selected.includes(f.id));
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
}
