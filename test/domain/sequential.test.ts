import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seeded } from '../../bench/judge/random.ts';
import {
  type Interval,
  logBound,
  logEvidence,
  nothingWeighed,
  type Ratios,
  weigh,
} from '../../src/domain/sequential.ts';

const seed = 20_260_302;

const weighAll = (intervals: readonly Interval[]): Ratios =>
  intervals.reduce((ratios, interval) => weigh(ratios, interval), nothingWeighed());

const interval = (candidate: [number, number], stable: [number, number]): Interval => ({
  candidate: { requests: candidate[0], events: candidate[1] },
  stable: { requests: stable[0], events: stable[1] },
});

const side = fc
  .tuple(fc.integer({ min: 0, max: 400 }), fc.double({ min: 0, max: 1, noNaN: true }))
  .map(([requests, share]): [number, number] => [requests, Math.floor(requests * share)]);
const anyInterval = fc.tuple(side, side).map(([candidate, stable]) => interval(candidate, stable));

describe('N3: the sequential test of errors', () => {
  it('N3 is an e-value in every interval: given the failures of both sides, its mean is at most 1', () => {
    // Exact, not sampled: all ways in which `failures` of the requests can fall on the two sides.
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 0, max: 20 }),
        (ours, theirs, wanted) => {
          const failures = Math.min(wanted, ours + theirs);
          let mean = 0;
          let total = 0;
          for (let k = Math.max(0, failures - theirs); k <= Math.min(ours, failures); k += 1) {
            const chance = Math.exp(
              logChoose(ours, k) + logChoose(theirs, failures - k) - logChoose(ours + theirs, failures),
            );
            total += chance;
            mean += chance * Math.exp(logEvidence(weighAll([interval([ours, k], [theirs, failures - k])])));
          }
          expect(total).toBeCloseTo(1, 9);
          expect(mean).toBeLessThanOrEqual(1 + 1e-9);
        },
      ),
      { seed, numRuns: 300 },
    );
  });

  it('N3 averages at most 1 over rollouts in which nothing is wrong, whatever the weights and the incidents', () => {
    const random = seeded(seed);
    const rollouts = 4000;
    let sum = 0;
    let beyond = 0;
    for (let i = 0; i < rollouts; i += 1) {
      let ratios = nothingWeighed();
      let highest = 0;
      for (let second = 0; second < 60; second += 1) {
        const weight = [0.05, 0.25, 0.5][Math.floor(second / 20)] ?? 0.5;
        const failing = second % 20 < 5 ? 0.08 : 0.01;
        const ours = random.poisson(50 * weight);
        const theirs = random.poisson(50 * (1 - weight));
        ratios = weigh(
          ratios,
          interval([ours, random.binomial(ours, failing)], [theirs, random.binomial(theirs, failing)]),
        );
        highest = Math.max(highest, logEvidence(ratios));
      }
      sum += Math.min(Math.exp(logEvidence(ratios)), 1000);
      if (highest >= logBound(5)) beyond += 1;
    }
    expect(sum / rollouts).toBeLessThan(1.15);
    expect(beyond / rollouts).toBeLessThanOrEqual(0.05);
    expect(beyond).toBeGreaterThan(0);
  });

  it('N3 does not depend on how time is cut into intervals, while the split stays the same', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 1, max: 50 }),
        fc.array(fc.tuple(fc.integer({ min: 0, max: 9 }), fc.integer({ min: 0, max: 9 })), {
          minLength: 1,
          maxLength: 30,
        }),
        (ours, theirs, failures) => {
          const requests = 10;
          const parts = failures.map(([k, m]) => interval([ours * requests, k], [theirs * requests, m]));
          const whole = interval(
            [ours * requests * parts.length, failures.reduce((sum, [k]) => sum + k, 0)],
            [theirs * requests * parts.length, failures.reduce((sum, [, m]) => sum + m, 0)],
          );
          expect(logEvidence(weighAll(parts))).toBeCloseTo(logEvidence(weighAll([whole])), 6);
        },
      ),
      { seed, numRuns: 200 },
    );
  });

  it('N3 does not depend on the order of intervals', () => {
    fc.assert(
      fc.property(fc.array(anyInterval, { maxLength: 20 }), (intervals) => {
        expect(logEvidence(weighAll(intervals.toReversed()))).toBeCloseTo(
          logEvidence(weighAll(intervals)),
          6,
        );
      }),
      { seed, numRuns: 200 },
    );
  });

  it('N3 weighs each interval by its own split: a move of traffic to the candidate is no evidence against it', () => {
    // 1 % fails on both sides throughout; pooled over the move the candidate would look worse.
    const during = interval([50, 4], [950, 76]);
    const after = interval([9500, 95], [500, 5]);
    expect(logEvidence(weighAll([during, after]))).toBeLessThan(0.5);
    const pooledWrongWay = interval([9550, 480], [1450, 10]);
    expect(logEvidence(weighAll([pooledWrongWay]))).toBeGreaterThan(logBound(0.1));
  });

  it('N3 learns nothing where nothing failed, or where one side had no request', () => {
    const before = weighAll([interval([100, 3], [1900, 9])]);
    for (const empty of [
      interval([0, 0], [0, 0]),
      interval([100, 0], [1900, 0]),
      interval([0, 0], [1000, 50]),
      interval([1000, 50], [0, 0]),
    ]) {
      expect(weigh(before, empty)).toEqual(before);
    }
  });

  it('N3 stays a number with huge counts, in both directions', () => {
    const worse = weighAll([interval([1e12, 1e12], [1e13, 0])]);
    const better = weighAll([interval([1e12, 0], [1e13, 1e13])]);
    expect(logEvidence(worse)).toBeGreaterThan(1e10);
    expect(logEvidence(worse)).toBeLessThan(Number.POSITIVE_INFINITY);
    expect(logEvidence(better)).toBeLessThan(-1e10);
    expect(logEvidence(better)).toBeGreaterThan(Number.NEGATIVE_INFINITY);
  });

  it('N3 believes no source that counts more failures than requests, or fewer than none', () => {
    expect(weighAll([interval([5, 500], [95, 0])])).toEqual(weighAll([interval([5, 5], [95, 0])]));
    expect(weighAll([interval([5, 1], [95, -40])])).toEqual(weighAll([interval([5, 1], [95, 0])]));
    expect(weighAll([interval([5, Number.NaN], [95, 1])])).toEqual(nothingWeighed());
  });

  it('N3 lets evidence fall for a candidate that fails no more often, and never speaks with a budget of 0', () => {
    const quiet = weighAll(Array.from({ length: 500 }, () => interval([50, 1], [950, 19])));
    expect(logEvidence(quiet)).toBeLessThan(-2);
    expect(logBound(0)).toBe(Number.POSITIVE_INFINITY);
    expect(logBound(0.1)).toBeCloseTo(Math.log(1000), 9);
  });
});

function logChoose(n: number, k: number): number {
  let log = 0;
  for (let i = 1; i <= k; i += 1) log += Math.log((n - k + i) / i);
  return log;
}
