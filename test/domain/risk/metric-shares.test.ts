import { describe, expect, it } from 'vitest';
import type { ChangeMetrics } from '../../../src/domain/risk/change-metrics.ts';
import {
  evenShares,
  ranksOf,
  soundShares,
  usualOf,
  withChange,
} from '../../../src/domain/risk/metric-shares.ts';
import { countedMetrics } from '../../../src/domain/risk/change-inputs.ts';

const one: ChangeMetrics = {
  ns: 1,
  nd: 1,
  nf: 1,
  entropy: 0,
  la: 0,
  ld: 0,
  lt: 0,
  fix: false,
  ndev: 1,
  age: 0,
  nuc: 1,
  exp: 1,
  rexp: 1,
  sexp: 1,
};
const change = (la: number): ChangeMetrics => ({ ...one, la });
const lines = countedMetrics.indexOf('la');

describe('what is usual in a repository', () => {
  it('makes 100 lines large where changes have ten, and small where they have thousands', () => {
    const of = (usual: number) => {
      let shares = evenShares();
      for (let n = 0; n < 500; n += 1) shares = withChange(shares, change(usual), n);
      return { rank: ranksOf(shares, change(100))[lines] ?? 0, middle: usualOf(shares, 'la') };
    };
    expect(of(10).rank).toBeGreaterThan(0.9);
    expect(of(5000).rank).toBeLessThan(0.1);
    expect(of(10).middle).toBeGreaterThan(5);
    expect(of(10).middle).toBeLessThan(20);
  });

  it('is made sound again where a hand made it wrong', () => {
    const sum = (of: readonly number[] = []) => of.reduce((all, share) => all + share, 0);
    for (const share of [-1, Number.NaN, 1e308, 0]) {
      const [first] = soundShares([Array.from({ length: 24 }, () => share)]);
      expect(sum(first)).toBeCloseTo(1, 4);
    }
  });
});
