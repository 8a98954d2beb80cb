import type { Phase, PlacePlan } from '../domain/plan.ts';
import { direct } from './direct.ts';

/**
 * A strategy's phases for each region in turn, as they are where there are no regions. All services of a region move
 * together; one in which nothing serves yet has nothing to move step by step.
 */
export function phasesByRegion(
  phases: readonly Phase[],
  places: readonly PlacePlan[],
  healthMs: number,
): Phase[] {
  const running = places.filter(({ retired }) => retired !== true);
  const regions = [...new Set(running.map(({ region }) => region))];
  if (regions.length === 1 && regions[0] === undefined) return [...phases];
  // A flag is one for all regions: it cannot rise in one after another.
  if (phases.some(({ flag }) => flag !== undefined)) return [...phases];
  return regions.flatMap((region) => {
    const here = running.filter((place) => place.region === region);
    const steps = here.every(({ fresh }) => fresh) ? direct('first deployment', healthMs) : phases;
    return steps.map((phase) => ({
      ...phase,
      name: `${region ?? ''}: ${phase.name}`,
      places: here.map(({ key }) => key),
    }));
  });
}
