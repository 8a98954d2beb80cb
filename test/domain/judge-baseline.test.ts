import { describe, expect, it } from 'vitest';
import { beyondBaseline } from '../../src/domain/judge-baseline.ts';
import { judge } from '../../src/domain/judge.ts';
import { at, counts, readings } from '../harness/deployment-events.ts';
import { phase, plan } from '../harness/plan.ts';

const budget = { falseRollbackBudget: 0.1 };

describe('a candidate beside itself with its flag at 0 %', () => {
  it('N3 takes back what fails more often than its baseline can explain, and nothing less', () => {
    const spoken = (errors: number) => {
      const { evidence, bound } = beyondBaseline(counts(2000, 4), counts(1000, errors), budget);
      return evidence >= bound;
    };
    expect([0, 2, 5, 8].map(spoken)).toEqual([false, false, false, false]);
    expect([40, 100, 1000].map(spoken)).toEqual([true, true, true]);
  });

  it('N3 finds nothing in 2,000 quiet rollouts of 1,500 requests, looked at after every ten', () => {
    let state = 7;
    const random = () => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return state / 2_147_483_648;
    };
    const failing = (n: number) => {
      let errors = 0;
      for (let i = 0; i < n; i++) if (random() < 0.01) errors += 1;
      return errors;
    };
    let wrong = 0;
    for (let run = 0; run < 2000; run++) {
      const baseline = counts(600, failing(600));
      let errors = 0;
      for (let n = 10; n <= 1500; n += 10) {
        errors += failing(10);
        const { evidence, bound } = beyondBaseline(baseline, counts(n, errors), budget);
        if (evidence < bound) continue;
        wrong += 1;
        break;
      }
    }
    expect(wrong).toBe(0);
  });

  it('says nothing without a budget, or without a request', () => {
    const { evidence, bound } = beyondBaseline(counts(0), counts(0), { falseRollbackBudget: 0 });
    expect(evidence < bound).toBe(true);
    expect(Number.isFinite(beyondBaseline(counts(500), counts(500, 500), budget).evidence)).toBe(true);
  });

  it('G4 compares its p95 with its own, where stable has no traffic', () => {
    const samples = readings(30, { candidate: 20, ms: 200, stable: 0 });
    const decision = judge({
      phase: phase(100, { flag: 25 }),
      weightAt: at(0),
      triggers: plan().triggers,
      samples,
      baseline: { counts: counts(1000, 0, 50), until: counts(0) },
    });
    expect(decision).toMatchObject({
      kind: 'pause',
      verdict: {
        rule: 'latency',
        reason: expect.stringMatching(/against its own \d+ ms with the flag at 0 %/),
      },
    });
  });
});
