import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Split } from '../../../../providers/routers/embedded/split.ts';

it('gives a candidate its share of any run of requests, to a request in a hundred', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0, max: 100, noNaN: true }),
      fc.integer({ min: 1, max: 40 }),
      (weight, runs) => {
        const split = new Split();
        let taken = 0;
        for (let i = 0; i < runs * 100; i++) if (split.takesCandidate(weight)) taken++;
        // The one stratum that the weight cuts is drawn at random; the others are certain.
        expect(taken).toBeGreaterThanOrEqual(Math.floor(weight) * runs);
        expect(taken).toBeLessThanOrEqual(Math.ceil(weight) * runs);
      },
    ),
  );
});

it('does not line up with a pattern in the traffic', () => {
  const split = new Split();
  let taken = 0;
  for (let i = 0; i < 200_000; i++) {
    const took = split.takesCandidate(5);
    if (i % 20 === 0 && took) taken++;
  }
  // 10,000 requests at 5 %: 500, standard deviation below 22.
  expect(taken).toBeGreaterThan(380);
  expect(taken).toBeLessThan(620);
});
