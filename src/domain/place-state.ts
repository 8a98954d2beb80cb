import { z } from 'zod';
import type { Deployment } from './deployment.ts';
import type { Event } from './event.ts';
import { firstPlace, placesMoved } from './places.ts';
import type { PhaseState } from './deployment.ts';
import { sampleSchema, type Sample } from './sample.ts';
import { compare, latencyAnew, nothingCompared, sideBySideSchema } from './side-by-side.ts';

/** Readings kept in the fold; older ones stay in the journal. At one a second this is more than half an hour. */
const keptSamples = 2000;

/** What was read of one place; the first place's stands in the deployment itself. */
export const placeNumbersSchema = z.object({
  samples: z.array(sampleSchema),
  compared: sideBySideSchema,
  measurementFailures: z.number().int(),
});
export type PlaceNumbers = z.infer<typeof placeNumbersSchema>;

/** A place's numbers so far. */
export function numbersOf(d: Deployment, key: string): PlaceNumbers {
  if (key === firstPlace(d.plan)) return d;
  const known = Object.hasOwn(d.others, key) ? d.others[key] : undefined;
  return known ?? { samples: [], compared: nothingCompared(), measurementFailures: 0 };
}

/** The phase a place is watched in: the one under way, else the last before it that moved this place. */
export function phaseIn(d: Deployment, key: string): PhaseState | undefined {
  const current = d.phases[d.phase];
  if (placesMoved(d.plan, d.phase).includes(key)) return current;
  const before = d.phases.slice(0, d.phase + 1).findLast((p) => p.places?.includes(key));
  // One that a person skipped got its traffic together with the phase under way.
  return before && { ...before, weightAt: before.weightAt ?? current?.weightAt };
}

/** What a reading changes, or one that failed. */
export function takeSample(
  d: Deployment,
  event: Extract<Event, { type: 'measured' | 'measurement.failed' }>,
): Partial<Deployment> {
  const key = event.place ?? firstPlace(d.plan);
  const before = numbersOf(d, key);
  if (event.type === 'measurement.failed')
    return withNumbers(d, key, { ...before, measurementFailures: before.measurementFailures + 1 });
  return {
    ...withNumbers(d, key, {
      samples: [...before.samples, event.sample].slice(-keptSamples),
      compared: comparedWith(d, before, event.sample),
      measurementFailures: 0,
    }),
    ...(key === (placesMoved(d.plan, d.phase)[0] ?? firstPlace(d.plan))
      ? { weight: { ...d.weight, actual: event.sample.weight } }
      : {}),
  };
}

/** Both sides of a place compared, one more reading taken in. */
export function comparedWith(d: Deployment, before: PlaceNumbers, sample: Sample): PlaceNumbers['compared'] {
  return compare(before.compared, before.samples.at(-1), sample, d.plan.triggers);
}

/** Every place's latencies compared anew: what a person has let go on must show again. */
export function comparedAnew(d: Deployment): Pick<Deployment, 'compared' | 'others'> {
  return {
    compared: latencyAnew(d.compared),
    others: Object.fromEntries(
      Object.entries(d.others).map(([key, numbers]) => [
        key,
        { ...numbers, compared: latencyAnew(numbers.compared) },
      ]),
    ),
  };
}

/** No place's failed readings count any more: a person wants it tried again. */
export function measuredAnew(d: Deployment): Pick<Deployment, 'measurementFailures' | 'others'> {
  const others = Object.entries(d.others).map(([key, numbers]) => [
    key,
    { ...numbers, measurementFailures: 0 },
  ]);
  return { measurementFailures: 0, others: Object.fromEntries(others) };
}

function withNumbers(d: Deployment, key: string, numbers: PlaceNumbers): Partial<Deployment> {
  const { samples, compared, measurementFailures } = numbers;
  const own = { samples, compared, measurementFailures };
  return key === firstPlace(d.plan) ? own : { others: { ...d.others, [key]: own } };
}
