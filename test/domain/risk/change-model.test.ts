import { describe, expect, it } from 'vitest';
import {
  changeModelSchema,
  defectOf,
  judgeChange,
  learnChange,
  startChangeModel,
  type ChangeModel,
} from '../../../src/domain/risk/change-model.ts';
import type { ChangeMetrics } from '../../../src/domain/risk/change-metrics.ts';

const small: ChangeMetrics = {
  ns: 1,
  nd: 1,
  nf: 1,
  entropy: 0,
  la: 2,
  ld: 1,
  lt: 120,
  fix: false,
  ndev: 3,
  age: 90,
  nuc: 8,
  exp: 300,
  rexp: 40,
  sexp: 100,
};
const large: ChangeMetrics = {
  ...small,
  ns: 2,
  nd: 4,
  nf: 9,
  entropy: 2.6,
  la: 600,
  ld: 80,
  lt: 2500,
  nuc: 60,
};

function learned(changes: Iterable<[ChangeMetrics, boolean]>, model = startChangeModel()): ChangeModel {
  let now = model;
  for (const [metrics, defective] of changes) now = learnChange(now, metrics, defective);
  return now;
}
function* times(
  count: number,
  of: (i: number) => [ChangeMetrics, boolean],
): Generator<[ChangeMetrics, boolean]> {
  for (let i = 0; i < count; i += 1) yield of(i);
}

describe('M3 how likely a change will be taken back or need a fix', () => {
  it('knows from other projects, before it saw any change here, that a large one is likelier to', () => {
    const model = startChangeModel();
    expect(judgeChange(model, large).defect).toBeGreaterThan(judgeChange(model, small).defect + 0.1);
    expect(judgeChange(model, large).n).toBe(0);
  });

  it('says why in words, strongest first, and leaves out what hardly matters', () => {
    const { factors } = judgeChange(startChangeModel(), large);
    const texts = factors.map(({ text }) => text);
    expect(texts).toContain('600 lines added, 80 lines deleted');
    expect(texts).toContain('spread over 9 files in 4 folders');
    const effects = factors.map(({ effect }) => Math.abs(effect));
    expect(effects).toEqual(effects.toSorted((a, b) => b - a));
    expect(Math.min(...effects)).toBeGreaterThanOrEqual(0.005);
  });

  it('gives an interval that holds the probability, narrower the more it saw', () => {
    const wide = judgeChange(startChangeModel(), small);
    const narrow = judgeChange(learned(times(300, (i) => [i % 2 ? small : large, i % 5 === 0])), small);
    for (const { defect, interval } of [wide, narrow]) {
      expect(interval[0]).toBeLessThan(defect);
      expect(interval[1]).toBeGreaterThan(defect);
    }
    expect(narrow.interval[1] - narrow.interval[0]).toBeLessThan(wide.interval[1] - wide.interval[0]);
    expect(narrow.n).toBe(300);
  });

  it('learns a repository where it is the small changes that go wrong', () => {
    const model = learned(times(1500, (i) => (i % 2 ? [small, i % 3 > 0] : [large, i % 20 === 0])));
    expect(judgeChange(model, small).defect).toBeGreaterThan(judgeChange(model, large).defect);
  });

  it('comes near the share of defects where nothing tells the changes apart', () => {
    const model = learned(times(2000, (i) => [small, i % 4 === 0]));
    expect(judgeChange(model, small).defect).toBeGreaterThan(0.15);
    expect(judgeChange(model, small).defect).toBeLessThan(0.35);
    expect(model.base).toBeCloseTo(0.25, 1);
  });

  it.each([
    ['good', false],
    ['bad', true],
  ])('is never certain where all 5,000 changes were %s', (_, defective) => {
    const { defect, interval } = judgeChange(learned(times(5000, () => [small, defective])), large);
    expect(defect).toBeGreaterThan(0);
    expect(defect).toBeLessThan(1);
    expect(interval.every((end) => end > 0 && end < 1)).toBe(true);
  });

  it('takes metrics that no change can have for the nearest it can', () => {
    const hostile = { ...small, la: 1e308, lt: Number.NaN, age: -1e308, nuc: Infinity, entropy: -0 };
    const model = learned(times(200, (i) => [hostile, i % 2 === 0]));
    expect(judgeChange(model, hostile).defect).toBeGreaterThan(0);
    expect(judgeChange(model, hostile).defect).toBeLessThan(1);
    expect(JSON.stringify(model)).not.toMatch(/null/u);
  });

  it('gives the same from the same, and leaves what it was given as it was', () => {
    const before = startChangeModel();
    const kept = JSON.stringify(before);
    expect(learnChange(before, large, true)).toEqual(learnChange(before, large, true));
    expect(JSON.stringify(before)).toBe(kept);
  });

  it('counts a change by its weight, and one of no weight not at all', () => {
    const model = startChangeModel();
    expect(learnChange(model, large, true, 0)).toEqual(model);
    expect(learnChange(model, large, true, Number.NaN)).toEqual(model);
    const [half, whole] = [0.5, 1].map((weight) => defectOf(learnChange(model, large, true, weight), large));
    expect(half).toBeLessThan(whole ?? 0);
  });

  it('stays within 16 kB of JSON, and reads back what it wrote, number for number', () => {
    const model = learned(
      times(3000, (i) => [{ ...large, la: i % 700, lt: i, age: i % 400, exp: i }, i % 3 === 0]),
    );
    const text = JSON.stringify(model);
    expect(Buffer.byteLength(text)).toBeLessThan(16_384);
    expect(changeModelSchema.parse(JSON.parse(text))).toEqual(model);
  });

  it('survives what a hand wrote into it: numbers capped, other shapes refused', () => {
    const model = startChangeModel();
    const edited = changeModelSchema.parse({
      ...model,
      n: 1e11,
      shares: model.shares.map((of) => of.map(() => -1e308)),
      paired: { mean: model.paired.mean.map(() => 1e308), variance: model.paired.variance.map(() => -1) },
      bent: { mean: model.bent.mean.map(() => -1e308), variance: model.bent.variance.map(() => 1e308) },
    });
    const { defect, interval, factors } = judgeChange(learned([[large, true]], edited), small);
    expect([defect, ...interval, ...factors.map(({ effect }) => effect)].every(Number.isFinite)).toBe(true);
    for (const wrong of [
      { ...model, n: -1 },
      { ...model, n: null },
      { ...model, base: 2 },
      { ...model, shares: [] },
      { ...model, paired: { mean: [1], variance: [1] } },
      { ...model, bent: JSON.parse('{"__proto__":{"mean":[],"variance":[]}}') as unknown },
      [],
    ])
      expect(changeModelSchema.safeParse(wrong).success).toBe(false);
  });
});
