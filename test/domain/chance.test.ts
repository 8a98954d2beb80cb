import { expect, it } from 'vitest';
import { chanceText } from '../../src/domain/chance.ts';

it('a chance is the same number as a share and as percent', () => {
  for (let n = 0; n <= 1000; n += 1) {
    const chance = n / 1000;
    expect(Number(chanceText(chance))).toBeCloseTo(Math.round(chance * 100) / 100, 9);
  }
  expect(chanceText(0.825)).toBe('0.83');
});
