import type { DueAction } from './action.ts';
import { candidatePlaces, placesMoved } from './places.ts';
import type { PlacePlan, Plan } from './plan.ts';

/**
 * Where an action is done. A check belongs to every place it is about: those whose traffic the phase moves, where it comes before
 * one. A smoke test asks its service in each region; a hook runs once, and is told of the place that users reach: the first
 * of the service that starts last.
 */
export function placesOfAction(plan: Plan, { action, point, phase }: DueAction): readonly PlacePlan[] {
  const all = candidatePlaces(plan);
  const reached = all.at(-1)?.service.name;
  const of = (name: string | undefined) =>
    all.filter(({ service }) => name === undefined || service.name === name);
  switch (action.kind) {
    case 'configuration-check':
    case 'dependency-check': {
      const own = of(action.service);
      if (point !== 'before-phase' || phase === undefined) return own;
      const moved = placesMoved(plan, phase);
      const here = own.filter(({ key }) => moved.includes(key));
      return here.length > 0 ? here : own;
    }
    case 'smoke':
      return of(action.service ?? reached);
    case 'hook':
      return of(reached).slice(0, 1);
    default:
      return action satisfies never;
  }
}
