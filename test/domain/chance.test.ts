import { expect, it } from 'vitest';
import { chanceText, surenessText } from '../../src/domain/chance.ts';

it('a chance is the same number as a share and as percent', () => {
  for (let n = 0; n <= 1000; n += 1) {
    const chance = n / 1000;
    expect(Number(chanceText(chance))).toBeCloseTo(Math.round(chance * 100) / 100, 9);
  }
  expect(chanceText(0.825)).toBe('0.83');
});

it('a chance stands with its interval and what it rests on', () => {
  expect(surenessText({ probability: 0.825, interval: [0.333, 0.965], n: 1 })).toBe('0.83 (0.33–0.97, n=1)');
});
