import { describe, expect, it } from 'vitest';
import { formatInterval, wilson } from '../../src/domain/interval.ts';

describe('wilson', () => {
  it('gives the published 95 % interval of 81 in 263 (Newcombe 1998)', () => {
    const [low, high] = wilson(81, 263, 1.959964);
    expect(low).toBeCloseTo(0.2553, 4);
    expect(high).toBeCloseTo(0.3662, 4);
  });

  it('knows nothing without observations and is never sure with a few', () => {
    expect(wilson(0, 0)).toEqual([0, 1]);
    expect(wilson(3, 3)[0]).toBeLessThan(0.6);
    expect(wilson(3, 3)[1]).toBeCloseTo(1, 10);
    expect(wilson(0, 3)[0]).toBe(0);
  });

  it('reads as whole percent', () => {
    expect(formatInterval(wilson(7, 9))).toBe('50–92 %');
  });
});
