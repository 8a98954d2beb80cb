import { describe, expect, it } from 'vitest';
import { judge } from '../../src/domain/judge.ts';
import {
  countsSchema,
  emptyCounts,
  errorsOf,
  sampleSchema,
  since,
  sinceFirst,
  type Counts,
  type Sample,
} from '../../src/domain/sample.ts';
import { compareAll } from '../../src/domain/side-by-side.ts';
import { at, counts, readings } from '../harness/deployment-events.ts';
import { phase, plan } from '../harness/plan.ts';

const { triggers } = plan();
const judged = (samples: Sample[], bakeMs = 60_000, change: Partial<typeof triggers> = {}) =>
  judge({
    phase: phase(5, { bakeMs, extendToMs: 10 * bakeMs }),
    weightAt: at(0),
    triggers: { ...triggers, ...change },
    samples,
  });
const sampleAt = (seconds: number, candidate: Counts, stable = counts(19 * candidate.requests)): Sample => ({
  at: at(seconds),
  weight: 5,
  candidate,
  stable,
  health: { healthy: 1, total: 1 },
});

describe('bad readings of a router', () => {
  it.each([
    ['NaN', { requests: Number.NaN }],
    ['endless', { requests: Number.POSITIVE_INFINITY }],
    ['negative requests', { requests: -1 }],
    ['negative failures', { failures: -5 }],
    ['a negative status', { status: [0, 10, 0, 0, -10] }],
    ['half an answer', { status: [0, 9.5, 0, 0, 0] }],
    ['a bucket of another name', { latency: { __proto__x: 1 } }],
    ['fewer than none in a bucket', { latency: { '4': -1 } }],
  ])('%s is no reading at all', (_, change) => {
    expect(countsSchema.safeParse({ ...emptyCounts(), requests: 10, ...change }).success).toBe(false);
    const sample = { ...sampleAt(0, counts(1)), candidate: { ...emptyCounts(), ...change } };
    expect(sampleSchema.safeParse(sample).success).toBe(false);
  });

  it('a router that began to count anew never gives a negative number', () => {
    const before = counts(1000, 50, 200);
    for (const after of [
      counts(10, 1),
      counts(1500, 3),
      { ...counts(1200, 60), failures: 0 },
      emptyCounts(),
    ]) {
      const said = since({ ...before, failures: 4 }, after);
      expect(said).toEqual(after);
      expect(
        [said.requests, errorsOf(said), ...said.status, ...Object.values(said.latency)].every((n) => n >= 0),
      ).toBe(true);
    }
  });

  it('what was counted before it began anew is added to what came after', () => {
    const all = [counts(100, 10), counts(300, 40), counts(50, 5), counts(400, 20), counts(10, 1)];
    const said = sinceFirst(all);
    expect(said?.requests).toBe(200 + 400 + 10);
    expect(said && errorsOf(said)).toBe(30 + 20 + 1);
    expect(sinceFirst([counts(7, 1)])).toEqual(since(counts(7, 1), counts(7, 1)));
    expect(sinceFirst([])).toBeUndefined();
  });

  it('G4 does not take errors of a router that began anew for a rise: 8 % stay 8 %, not 80', () => {
    // 1,000 requests without an error, then the router restarts; 1,100 requests with 8 %: the difference alone would say 88 of 100.
    const calm = readings(30, { candidate: 33 }).map(({ candidate }, i) => sampleAt(i, candidate));
    const restarted = [counts(0), counts(1100, 88)].map((candidate, i) => sampleAt(31 + i, candidate));
    const decision = judged([...calm, ...restarted], 60_000, {
      immediateErrorRate: 20,
      falseRollbackBudget: 0,
    });
    expect(decision.kind).toBe('wait');
    expect(decision.verdict.data['errorRate']).toBeCloseTo((100 * 88) / (990 + 1100), 1);
  });

  it('G4 sees errors that a restart would hide behind the ones before it', () => {
    const bad = [sampleAt(0, counts(0)), sampleAt(1, counts(1000, 0))];
    const after = [sampleAt(2, counts(100, 50)), sampleAt(3, counts(1001, 500))];
    expect(judged([...bad, ...after]).kind).toBe('roll_back');
  });

  it('N3 compares no interval in which any counter fell, though the requests had passed their former number', () => {
    const before = sampleAt(0, counts(100, 0), counts(1900, 40));
    const anew = sampleAt(1, counts(400, 90), counts(2500, 0));
    expect(compareAll([before, anew], triggers).errors.candidate).toEqual({ requests: 0, events: 0 });
  });

  it('a clock that is set back only makes the phase longer', () => {
    const samples = readings(70, { candidate: 10 });
    const back = samples.map((sample, i) => ({ ...sample, at: at(i < 50 ? i : i - 45) }));
    expect(judged(back).kind).toBe('wait');
    expect(judged(samples).kind).toBe('continue');
  });

  it('a clock that is set forward, or a sleep of the machine, does not count as watched', () => {
    const jumped = readings(20, { candidate: 10 }).map((sample, i) => ({
      ...sample,
      at: at(i < 10 ? i : i + 3600),
    }));
    expect(judged(jumped)).toMatchObject({ kind: 'wait' });
    const on = readings(90, { candidate: 10 }).map((sample, i) => ({
      ...sample,
      at: at(i < 10 ? i : i + 3600),
    }));
    expect(judged(on).kind).toBe('continue');
  });

  it('whoever looks every two minutes only is not waited for', () => {
    const rare = [0, 1, 121, 241, 361].map((seconds, i) => sampleAt(seconds, counts(100 * i)));
    expect(judged(rare, 300_000).kind).toBe('continue');
  });
});
