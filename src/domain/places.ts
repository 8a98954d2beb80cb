import type { Phase, PlacePlan, Plan } from './plan.ts';

/** What of a plan says where it goes. */
export type WithPlaces = Pick<Plan, 'environment' | 'host' | 'port' | 'service' | 'variables' | 'places'>;

/** The places of a plan, dependencies first; the one of a plan of before there were several. */
export function placesOf(plan: WithPlaces): readonly PlacePlan[] {
  const { environment, host, port, service, variables } = plan;
  return plan.places ?? [{ key: environment, host, port, service, variables }];
}

/** Those in which the candidate runs. */
export function candidatePlaces(plan: WithPlaces): readonly PlacePlan[] {
  return placesOf(plan).filter(({ retired }) => retired !== true);
}

/** The key of the place whose numbers are the deployment's own: the first in which the candidate runs. */
export function firstPlace(plan: WithPlaces): string {
  return candidatePlaces(plan)[0]?.key ?? plan.environment;
}

/** Keys of the places whose traffic a phase moves, in the plan's order. */
export function placesMoved(plan: WithPlaces & Pick<Plan, 'phases'>, phase: number): string[] {
  const moved = plan.phases[phase]?.places;
  return candidatePlaces(plan)
    .map(({ key }) => key)
    .filter((key) => moved === undefined || moved.includes(key));
}

/** The candidate's share in one place, and whom it is shown to where that is not by weight alone. */
export interface Share {
  weight: number;
  cohort: Phase['cohort'];
}

/**
 * The candidate's share in every place once a phase has its traffic: that of the last phase up to there which moves it. A
 * place that has no other version gives the candidate all from the start. Phases that a person skipped count.
 */
export function sharesAt(plan: WithPlaces & Pick<Plan, 'phases'>, phase: number): Map<string, Share> {
  return new Map(
    candidatePlaces(plan).map(({ key, fresh }) => {
      const last = plan.phases
        .slice(0, phase + 1)
        .findLast((p) => p.places === undefined || p.places.includes(key));
      const share = { weight: last?.weight ?? 0, cohort: last?.cohort };
      return [key, last && fresh ? { weight: 100, cohort: undefined } : share];
    }),
  );
}

/** The same as percent of the requests. */
export function weightsAt(plan: WithPlaces & Pick<Plan, 'phases'>, phase: number): Map<string, number> {
  return new Map([...sharesAt(plan, phase)].map(([key, { weight }]) => [key, weight]));
}

/** A place in words: `api`, `api in eu`. */
export function placeName({ service, region }: Pick<PlacePlan, 'service' | 'region'>): string {
  return region === undefined ? service.name : `${service.name} in ${region}`;
}

/** What is said of a place, with its name before it where there are several. */
export function saidOf(plan: WithPlaces, key: string, text: string): string {
  const places = placesOf(plan);
  const place = places.find((p) => p.key === key);
  return place && places.length > 1 ? `${placeName(place)}: ${text}` : text;
}
