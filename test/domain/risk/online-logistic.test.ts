import { describe, expect, it } from 'vitest';
import {
  logisticPrior,
  predictLogistic,
  updateLogistic,
  type LogisticState,
} from '../../../src/domain/risk/online-logistic.ts';
import { logisticSchema } from '../../../src/domain/risk/logistic-schema.ts';

const prior = () => logisticPrior([0, 0], [1, 1]);
const finite = (state: LogisticState) => [...state.mean, ...state.covariance, state.n].every(Number.isFinite);

describe('a regression that learns one outcome at a time', () => {
  it('says what its prior says before any outcome', () => {
    const { logit, variance, probability } = predictLogistic(logisticPrior([1, -2], [0.5, 0.25]), [1, 1]);
    expect(logit).toBe(-1);
    expect(variance).toBe(0.75);
    // Less sure than the log-odds alone would be: 1/(1+e).
    expect(probability).toBeGreaterThan(1 / (1 + Math.E));
    expect(probability).toBeLessThan(0.5);
  });

  it('finds what outcomes depend on, and is surer the more it saw', () => {
    let state = prior();
    for (let i = 0; i < 400; i += 1) state = updateLogistic(state, [1, i % 2], i % 2);
    expect(predictLogistic(state, [1, 1]).probability).toBeGreaterThan(0.9);
    expect(predictLogistic(state, [1, 0]).probability).toBeLessThan(0.1);
    expect(predictLogistic(state, [1, 1]).variance).toBeLessThan(predictLogistic(prior(), [1, 1]).variance);
    expect(state.n).toBe(400);
  });

  it('takes contradicting outcomes for what they are: one in two', () => {
    let state = prior();
    for (let i = 0; i < 1000; i += 1) state = updateLogistic(state, [1, 1], i % 2);
    expect(predictLogistic(state, [1, 1]).probability).toBeCloseTo(0.5, 1);
  });

  it('counts an outcome by its weight, and one of no weight not at all', () => {
    const once = updateLogistic(prior(), [1, 0], 1);
    const half = updateLogistic(prior(), [1, 0], 1, { weight: 0.5 });
    expect(half.mean[0]).toBeLessThan(once.mean[0] ?? 0);
    expect(half.n).toBe(0.5);
    expect(updateLogistic(prior(), [1, 0], 1, { weight: Number.NaN })).toEqual(prior());
  });

  it('follows a change of mind sooner when it forgets', () => {
    const learned = (forgetting: number) => {
      let state = logisticPrior([0], [1]);
      for (let i = 0; i < 1000; i += 1) state = updateLogistic(state, [1], 0, { forgetting });
      for (let i = 0; i < 50; i += 1) state = updateLogistic(state, [1], 1, { forgetting });
      return predictLogistic(state, [1]).probability;
    };
    expect(learned(0.99)).toBeGreaterThan(learned(1) + 0.2);
  });

  it('stays finite, whatever it is told', () => {
    let state = prior();
    for (const x of [[Number.NaN, 1], [1e308, -1e308], [Infinity, 0], [], [1]])
      for (const outcome of [Number.NaN, 1e308, -5, 1]) {
        state = updateLogistic(state, x, outcome, { weight: 1e308, forgetting: 0 });
        expect(finite(state)).toBe(true);
        const { probability } = predictLogistic(state, x);
        expect(probability).toBeGreaterThan(0);
        expect(probability).toBeLessThan(1);
      }
  });

  it('stays finite after 100,000 times the same outcome while it forgets', () => {
    let state = prior();
    for (let i = 0; i < 100_000; i += 1) state = updateLogistic(state, [1, 2], 1, { forgetting: 0.9 });
    expect(finite(state)).toBe(true);
    expect(predictLogistic(state, [1, 2]).probability).toBeLessThan(1);
  });

  it('reads back what it wrote, number for number', () => {
    const state = updateLogistic(prior(), [1, 0.3], 1, { forgetting: 0.999 });
    expect(logisticSchema(2).parse(JSON.parse(JSON.stringify(state)))).toEqual(state);
  });

  it('caps what a hand wrote into it, and refuses another shape', () => {
    const read = logisticSchema(2).parse({ mean: [1e308, 1], covariance: [-4, 1e308, 1e308], n: 1e308 });
    expect(finite(read)).toBe(true);
    expect(finite(updateLogistic(read, [1, 1], 0))).toBe(true);
    for (const wrong of [
      { mean: [0], covariance: [1, 0, 1], n: 0 },
      { mean: [0, 0], covariance: [1], n: 0 },
      { mean: [0, 0], covariance: [1, 0, 1], n: -1 },
      { mean: [0, null], covariance: [1, 0, 1], n: 0 },
    ])
      expect(logisticSchema(2).safeParse(wrong).success).toBe(false);
  });
});
