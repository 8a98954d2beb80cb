import { candidatePlaces, type WithPlaces } from './places.ts';
import { copiesOf, type Phase, type PlacePlan } from './plan.ts';

type Scale = NonNullable<Phase['scale']>;

/** How many copies the place with the most has: what a phase's `scale` counts in. */
export function mostCopies(plan: WithPlaces): number {
  return Math.max(...candidatePlaces(plan).map(({ service }) => copiesOf(service)));
}

/**
 * A phase's `scale` in one place. One with fewer copies gets the same share of its own, rounded up, so that never fewer serve
 * there than the share says; one where nothing serves yet has nothing to replace.
 */
export function scaleIn(plan: WithPlaces, scale: Scale, { service, fresh }: PlacePlan): Scale {
  const copies = copiesOf(service);
  if (fresh) return { candidate: copies, stable: 0, stableMeanwhile: 0 };
  const most = mostCopies(plan);
  if (copies === most) return scale;
  const share = (of: number) => Math.ceil((of * copies) / most);
  const candidate = share(scale.candidate);
  const stable = copies - candidate;
  return { candidate, stable, stableMeanwhile: Math.max(stable, share(scale.stableMeanwhile)) };
}

/** How many copies the candidate has in a place during a phase. */
export function candidateCopies(plan: WithPlaces, phase: Phase | undefined, place: PlacePlan): number {
  return phase?.scale ? scaleIn(plan, phase.scale, place).candidate : copiesOf(place.service);
}
