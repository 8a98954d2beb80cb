import { explainReason, lookupIn } from '../../src/domain/dependencies.ts';
import type { DependencyReason, Discovery, Feature, Selection } from '../../src/domain/feature.ts';
import { lookupOf, shownToNeed } from './closed.ts';

/** The first feature that ships and cannot do so without `id`, with its reasons. */
function bringerOf(
  discovery: Discovery,
  ships: ReadonlySet<string>,
  id: string,
): { feature: Feature; because: readonly DependencyReason[] } | undefined {
  const feature = lookupIn(discovery.features)
    .users.get(id)
    ?.find((user) => ships.has(user.id));
  const edge = feature?.dependsOn.find((d) => d.id === id);
  return feature && edge ? { feature, because: edge.because } : undefined;
}

/** Why a selected feature comes along although nobody chose it, shortest first; undefined where it was chosen. */
export function whyAlong(
  discovery: Discovery,
  closed: Selection | undefined,
  id: string,
): string | undefined {
  const { added, selected } = lookupOf(closed);
  const because = added.get(id);
  if (!because) return undefined;
  const bringer = bringerOf(discovery, selected, id);
  return bringer
    ? `${bringer.feature.id} needs it: ${bringer.because.map(explainReason).join('; ')}`
    : because.join('; ');
}

/** Who brings a feature along, and the place where that shows: `cart.ts:88`; empty where no place does. */
export interface Along {
  who: string;
  place: string;
}

/** `whyAlong` for a narrow column. */
export function placeAlong(
  discovery: Discovery,
  closed: Selection | undefined,
  id: string,
): Along | undefined {
  const { added, selected } = lookupOf(closed);
  const because = added.get(id);
  if (!because) return undefined;
  const bringer = bringerOf(discovery, selected, id);
  const why = bringer?.because[0];
  if (bringer && why) {
    const place = [why.path, why.line].filter((part) => part !== undefined).join(':');
    return { who: bringer.feature.id, place: why.kind === 'conflict' ? `conflict ${place}` : place };
  }
  const [who] = shownToNeed(closed, id);
  const shown = /: (.*) conflicts without it$/.exec(because.at(-1) ?? '')?.[1];
  return who === undefined ? undefined : { who, place: shown === undefined ? '' : `conflict ${shown}` };
}
