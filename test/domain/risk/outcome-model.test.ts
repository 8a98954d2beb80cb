import { describe, expect, it } from 'vitest';
import { sigmoid } from '../../../src/domain/risk/online-logistic.ts';
import { kindInputs, outcomeInputs, timeInputs, vectorOf } from '../../../src/domain/risk/outcome-inputs.ts';
import {
  judgeOutcome,
  learnOutcome,
  outcomeLogit,
  outcomeModelSchema,
  relaxOutcome,
  startOutcomeModel,
  type OutcomeModel,
} from '../../../src/domain/risk/outcome-model.ts';

const perf = { 'type-perf': 1 };
const fix = { 'type-fix': 1, 'no-tests': 1, lines: 0.4 };
const chance = (model: OutcomeModel, inputs: Record<string, number>) => sigmoid(outcomeLogit(model, inputs));

/** Each outcome in turn, then a little forgetting, as a deployment of one feature does. */
const learned = (
  outcomes: Iterable<readonly [Record<string, number>, number]>,
  model = startOutcomeModel(),
): OutcomeModel => {
  let now = model;
  for (const [inputs, failed] of outcomes) now = relaxOutcome(learnOutcome(now, inputs, failed));
  return now;
};

describe('the outcome model', () => {
  it('N2 starts from features that go well 98 times in a hundred, whatever their kind, moved by their looks', () => {
    const start = startOutcomeModel();
    expect(chance(start, {})).toBeCloseTo(0.98, 9);
    expect(chance(start, fix)).toBeCloseTo(0.98, 9);
    expect(chance(start, { ...fix, expected: -1.6 })).toBeLessThan(0.91);
  });

  it('S6 learns which kind of change fails here, and leaves the others alone', () => {
    const model = learned(
      Array.from({ length: 60 }, (_, i) => [i % 3 === 0 ? perf : fix, i % 3 === 0 ? i % 2 : 0] as const),
    );
    expect(chance(model, perf)).toBeLessThan(0.8);
    expect(chance(model, fix)).toBeGreaterThan(0.95);
    const { learned: by } = judgeOutcome(model, perf);
    expect(by[outcomeInputs.indexOf('type-perf')]).toBeLessThan(-1);
  });

  it('N2 is less sure of what it has seen less of', () => {
    const model = learned(Array.from({ length: 40 }, () => [{ 'type-fix': 1 }, 0] as const));
    expect(judgeOutcome(model, { 'type-fix': 1 }).variance).toBeLessThan(judgeOutcome(model, perf).variance);
  });

  it('what was not seen for long is held for as unsure as at the start, never for more', () => {
    const start = startOutcomeModel();
    let model = learned([[perf, 1]]);
    for (let i = 0; i < 5000; i += 1) model = relaxOutcome(model);
    const variance = judgeOutcome(model, perf).variance;
    expect(variance).toBeLessThanOrEqual(judgeOutcome(start, perf).variance + 1e-6);
    expect(variance).toBeGreaterThan(0.9 * judgeOutcome(start, perf).variance);
  });

  it.each([
    ['all successes', () => 0],
    ['all failures', () => 1],
    ['contradicting', (i: number) => i % 2],
    ['shares that are no shares', (i: number) => [Number.NaN, 1e308, -1e308, 7][i % 4] ?? 0],
  ])('stays finite, sure of nothing, and the same as JSON after 4,000 outcomes: %s', (_, failed) => {
    let model = startOutcomeModel();
    for (let i = 0; i < 4000; i += 1) model = learnOutcome(model, i % 3 === 0 ? perf : fix, failed(i));
    for (const inputs of [{}, perf, fix]) {
      const p = chance(model, inputs);
      expect(p).toBeGreaterThan(0);
      expect(p).toBeLessThan(1);
      expect(judgeOutcome(model, inputs).variance).toBeGreaterThanOrEqual(0);
    }
    const text = JSON.stringify(model);
    expect(text.length).toBeLessThan(16_000);
    expect(outcomeModelSchema.parse(JSON.parse(text))).toEqual(model);
  });

  it('takes hostile inputs for nothing, or for the most that can be meant', () => {
    const hostile = JSON.parse(
      '{"__proto__": {"lines": 5}, "constructor": 1e308, "lines": 1e308, "expected": -1e308, "toString": 3}',
    ) as Record<string, number>;
    const x = vectorOf({ ...hostile, spread: Number.NaN });
    expect(x[outcomeInputs.indexOf('lines')]).toBe(7);
    expect(x[outcomeInputs.indexOf('expected')]).toBe(-7);
    expect(x[outcomeInputs.indexOf('spread')]).toBe(0);
    expect(x.filter((value) => value !== 0)).toHaveLength(3);
    expect(
      vectorOf(Object.create({ lines: 5 }) as Record<string, number>).every((v, i) => v === 0 || i === 0),
    ).toBe(true);
  });

  it('refuses a model of other inputs, or of another shape', () => {
    const model = startOutcomeModel();
    expect(outcomeModelSchema.safeParse({ ...model, inputs: model.inputs.toReversed() }).success).toBe(false);
    expect(
      outcomeModelSchema.safeParse({ ...model, logistic: { ...model.logistic, mean: [1] } }).success,
    ).toBe(false);
    const wild = { ...model.logistic, mean: model.logistic.mean.map(() => 1e308) };
    const parsed = outcomeModelSchema.parse({ ...model, logistic: wild });
    expect(chance(parsed, fix)).toBeLessThan(1);
    expect(Number.isFinite(outcomeLogit(parsed, fix))).toBe(true);
  });

  it('knows a change by type, size and flags; what nothing runs of needs no tests', () => {
    const flags = { breaking: false, testsTouched: false };
    const feature = { type: 'feature' as const, additions: 800, deletions: 0, flags };
    expect(kindInputs(feature)).toEqual({ 'type-feature': 1, 'size-large': 1, lines: 1, 'no-tests': 1 });
    expect(kindInputs({ ...feature, type: 'docs', additions: 5 })).toEqual({ 'type-docs': 1 });
  });

  it('knows an hour by those near it, and a time that is none for nothing', () => {
    expect(timeInputs(new Date('2026-01-30T16:10:00Z'))).toEqual({
      'hour-15': 0.667,
      'hour-18': 0.333,
      friday: 1,
    });
    expect(timeInputs(new Date('2026-02-01T23:00:00Z'))).toEqual({
      'hour-00': 0.667,
      'hour-21': 0.333,
      weekend: 1,
    });
    expect(timeInputs(new Date(Number.NaN))).toEqual({});
  });
});
