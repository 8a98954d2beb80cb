import { type Strategy, extension } from './strategy.ts';

/** All traffic at once to the new side, the old one kept until the new one has proved itself. */
export const blueGreen: Strategy = {
  name: 'blue-green',
  summary: 'all traffic at once, the old side kept for an instant return',
  phases: ({ 'blue-green': { bake }, thresholds }) => [
    {
      name: 'switch to green',
      weight: 100,
      bakeMs: bake,
      extendToMs: extension(bake),
      minimumSample: thresholds.minimum_sample,
      judged: true,
    },
  ],
};
