import { expect, it } from 'vitest';
import { featureSummary } from '../../components/feature-text.ts';
import { feature } from '../harness/features.ts';

it('D7 signs what a factor does to the chance, and not what rounds to nothing', () => {
  const one = feature('pr-1');
  const risk = {
    ...one.risk,
    factors: [-0.004, 0.004, -0.01, 0.01].map((effect, i) => ({
      name: `f${i}`,
      effect,
      text: `factor ${i}`,
    })),
  };
  const lines = featureSummary({ ...one, risk }, 80).map((spans) => spans.map(({ text }) => text).join(''));
  expect(lines.slice(-4)).toEqual([
    ' 0.00  factor 0',
    ' 0.00  factor 1',
    '−0.01  factor 2',
    '+0.01  factor 3',
  ]);
});
