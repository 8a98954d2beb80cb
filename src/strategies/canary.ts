import { type Strategy, extension } from './strategy.ts';

/** A growing share of the traffic, each step watched before the next. */
export const canary: Strategy = {
  name: 'canary',
  summary: 'a growing share of the traffic, each step watched',
  phases: ({ canary: { steps, duration }, thresholds }) =>
    steps.map((weight) => ({
      name: `canary ${weight} %`,
      weight,
      bakeMs: duration,
      extendToMs: extension(duration),
      minimumSample: thresholds.minimum_sample,
      judged: true,
    })),
};
