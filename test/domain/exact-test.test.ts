import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { atLeast, beyondShare } from '../../src/domain/exact-test.ts';

/** The same by adding up every term, each from the one before. */
function summed(events: number, trials: number, share: number): number {
  let term = (1 - share) ** trials;
  let below = 0;
  for (let k = 0; k < events; k += 1) {
    below += term;
    term *= ((trials - k) / (k + 1)) * (share / (1 - share));
  }
  return 1 - below;
}

describe('an exact one-sided binomial test', () => {
  it('gives the known values', () => {
    expect(atLeast(1, 1, 0.5)).toBeCloseTo(0.5, 12);
    expect(atLeast(10, 10, 0.5)).toBeCloseTo(1 / 1024, 12);
    // R: pbinom(7, 10, 0.5, lower.tail = FALSE)
    expect(atLeast(8, 10, 0.5)).toBeCloseTo(0.0546875, 12);
    // 1 − 0.999^50
    expect(atLeast(1, 50, 0.001)).toBeCloseTo(0.0487943, 6);
  });

  it('is what adding up every term gives', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 400 }),
        fc.double({ min: 0.001, max: 0.5, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (trials, share, of) => {
          const mean = Math.ceil(trials * share);
          const events = Math.min(trials, mean + Math.floor(of * 3 * Math.sqrt(trials * share) + 1));
          expect(Math.abs(atLeast(events, trials, share) - summed(events, trials, share))).toBeLessThan(1e-9);
        },
      ),
    );
  });

  it('ends at once for millions of requests', () => {
    expect(atLeast(10_400, 10_000_000, 0.001)).toBeLessThan(0.0001);
    expect(atLeast(10_001, 10_000_000, 0.001)).toBeGreaterThan(0.45);
  });

  it('knows the edges', () => {
    expect(atLeast(0, 10, 0.1)).toBe(1);
    expect(atLeast(1, 10, 0)).toBe(0);
    expect(atLeast(11, 10, 0.1)).toBe(0);
    expect(atLeast(10, 10, 1)).toBe(1);
    expect(beyondShare(1, 1000, 0.001)).toEqual({ kind: 'kept' });
    expect(beyondShare(0, 0, 0.001)).toEqual({ kind: 'kept' });
    expect(beyondShare(1, 1000, 0)).toEqual({ kind: 'over', p: 0 });
  });

  it('lets one unlucky request of a few decide nothing, and several of as many decide', () => {
    expect(beyondShare(1, 50, 0.001)).toMatchObject({ kind: 'chance' });
    expect(beyondShare(2, 50, 0.001)).toMatchObject({ kind: 'over' });
    expect(beyondShare(1, 500, 0.001)).toMatchObject({ kind: 'chance' });
    expect(beyondShare(3, 1000, 0.001)).toMatchObject({ kind: 'chance' });
    expect(beyondShare(6, 1000, 0.001)).toMatchObject({ kind: 'over' });
  });
});
