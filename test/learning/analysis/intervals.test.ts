import { describe, expect, it } from 'vitest';
import { differenceOf, medianOf, poissonOf, shareOf } from '../../../src/learning/analysis/intervals.ts';

describe('the intervals of the analysis', () => {
  it('M7 the difference of two shares is as Newcombe printed it: 56 of 70 against 48 of 80', () => {
    const [low, high] = differenceOf(shareOf(56, 70), shareOf(48, 80), 1.96);
    expect(low).toBeCloseTo(0.0524, 3);
    expect(high).toBeCloseTo(0.3339, 3);
  });

  it('says nothing of a difference to nothing', () => {
    expect(differenceOf(shareOf(3, 4), shareOf(0, 0))).toEqual([-1, 1]);
  });

  it('M7 a count of ten in a span could as well have been 5.4 to 17', () => {
    const [low, high] = poissonOf(10);
    expect(low).toBeCloseTo(5.4, 1);
    expect(high).toBeCloseTo(17, 1);
    expect(poissonOf(0)).toEqual([0, -Math.log(0.05)]);
  });

  it.each([
    [[], null, null],
    [[7], 7, null],
    [[1, 2, 3, 4], 2.5, null],
    [[5, 1, 3, 2, 4], 3, [1, 5]],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9], 5, [2, 8]],
  ])('the median of %j is %j, within %j', (values, medianMs, interval) => {
    expect(medianOf(values)).toEqual({ n: values.length, medianMs, interval });
  });

  it('has an interval for a thousand values as well', () => {
    const { interval } = medianOf(Array.from({ length: 1001 }, (_, i) => i));
    expect(interval?.[0]).toBeGreaterThan(465);
    expect(interval?.[1]).toBeLessThan(535);
  });
});
