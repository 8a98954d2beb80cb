import type { Deployment } from './deployment.ts';
import { numbersOf, phaseIn } from './place-state.ts';
import { candidatePlaces } from './places.ts';
import { type Counts, type Sample, sinceFirst, together } from './sample.ts';

/** The readings of a place since its last phase had its traffic, with the one before them to count from. */
export function lastReadings(d: Deployment, key: string): Sample[] {
  const weightAt = phaseIn(d, key)?.weightAt;
  if (weightAt === undefined) return [];
  const { samples } = numbersOf(d, key);
  const from = samples.findLastIndex(({ at }) => at < weightAt);
  return samples.slice(Math.max(0, from));
}

/** What the candidate did in its last phase, in all its places together; undefined where no two readings tell it. */
export function lastPhaseCounts(d: Deployment): Counts | undefined {
  return candidatePlaces(d.plan)
    .flatMap(({ key }) => sinceFirst(lastReadings(d, key).map(({ candidate }) => candidate)) ?? [])
    .reduce<Counts | undefined>((all, counts) => (all ? together(all, counts) : counts), undefined);
}
