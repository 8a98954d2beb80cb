import { describe, expect, it } from 'vitest';
import { deploymentRecordSchema, recordOf } from '../../src/domain/deployment-record.ts';
import { eventSchema } from '../../src/domain/event.ts';
import { evolve } from '../../src/domain/evolve.ts';
import { judge } from '../../src/domain/judge.ts';
import { slowerThanStable } from '../../src/domain/judge-evidence.ts';
import { latencyLogEvidence, noLatencyEvidence, weighLatency } from '../../src/domain/latency-evidence.ts';
import { bucketOf, type Counts, emptyCounts, type Sample } from '../../src/domain/sample.ts';
import { logBound, logEvidence } from '../../src/domain/sequential.ts';
import { compareAll, nothingCompared } from '../../src/domain/side-by-side.ts';
import { seeded } from '../../bench/judge/random.ts';
import { at, Fold, requested } from '../harness/deployment-events.ts';
import { phase, plan } from '../harness/plan.ts';

const { triggers } = plan();
const long = phase(5, { bakeMs: 3_600_000, extendToMs: 7_200_000 });

interface Second {
  weight?: number;
  requests: [candidate: number, stable: number];
  errors?: [candidate: number, stable: number];
  clients?: [candidate: number, stable: number];
  /** Milliseconds each answer of a side takes. */
  ms?: [candidate: (i: number) => number, stable: (i: number) => number];
}

/** Cumulative readings a second apart, beginning with one of `past` answers of stable. */
function readingsOf(seconds: readonly Second[], past?: (i: number) => number): Sample[] {
  const candidate = emptyCounts();
  const stable = emptyCounts();
  if (past) for (let i = 0; i < 1000; i += 1) count(stable, past(i));
  const all: Sample[] = [];
  const read = (i: number, weight: number) =>
    all.push({
      at: at(i),
      weight,
      candidate: structuredClone(candidate),
      stable: structuredClone(stable),
      health: { healthy: 1, total: 1 },
    });
  read(0, seconds[0]?.weight ?? 5);
  for (const [i, second] of seconds.entries()) {
    for (const [side, counts] of [candidate, stable].entries()) {
      const which = side === 0 ? 0 : 1;
      for (let n = 0; n < second.requests[which]; n += 1) {
        if (n < (second.errors?.[which] ?? 0)) fail(counts);
        else count(counts, second.ms?.[which](n) ?? 10);
      }
      if (second.clients) counts.failedClients = (counts.failedClients ?? 0) + second.clients[which];
    }
    read(i + 1, second.weight ?? 5);
  }
  return all;
}

function count(counts: Counts, ms: number): void {
  counts.requests += 1;
  counts.status[1] += 1;
  const bucket = String(bucketOf(ms));
  counts.latency[bucket] = (counts.latency[bucket] ?? 0) + 1;
}

function fail(counts: Counts): void {
  counts.requests += 1;
  counts.status[4] += 1;
}

const seconds = (n: number, second: (i: number) => Second): Second[] =>
  Array.from({ length: n }, (_, i) => second(i));
const look = (samples: Sample[], change: Partial<typeof triggers> = {}) =>
  judge({ phase: long, weightAt: at(0), triggers: { ...triggers, ...change }, samples });

describe('N3: candidate and stable side by side', () => {
  it('N3 rolls back a candidate that fails at every request before the immediate threshold has its sample', () => {
    const samples = readingsOf(seconds(3, () => ({ requests: [3, 47], errors: [3, 0] })));
    const decision = look(samples);
    expect(decision).toMatchObject({
      kind: 'roll_back',
      verdict: { kind: 'failed', rule: 'error-evidence' },
    });
    expect(decision.verdict.reason).toBe(
      "100 % of the candidate's 9 requests failed, against 0 % of stable's 141 at the same time; one that is no worse would look like this at most once in 1,000 rollouts",
    );
  });

  it('G4 lets the immediate threshold speak first where both would', () => {
    const samples = readingsOf(seconds(30, () => ({ requests: [3, 47], errors: [3, 0] })));
    expect(look(samples)).toMatchObject({ kind: 'roll_back', verdict: { rule: 'error-rate' } });
  });

  it('N3 waits for five requests of the candidate and the minimum sample of both sides', () => {
    const few = readingsOf(seconds(2, () => ({ requests: [2, 200], errors: [2, 0] })));
    expect(look(few)).toMatchObject({ kind: 'wait' });
    const small = readingsOf(seconds(4, () => ({ requests: [2, 20], errors: [2, 0] })));
    expect(look(small).kind).toBe('roll_back');
    expect(look(small, { minimumSample: 500 }).kind).toBe('wait');
  });

  it('N3 shows in every verdict how far the evidence is from its bound', () => {
    const at3 = look(readingsOf(seconds(3, () => ({ requests: [3, 47], errors: [0, 0] }))));
    expect(at3.verdict.data).toMatchObject({ evidenceBound: Math.log(1000), comparedRequests: 9 });
    expect(Number(at3.verdict.data['errorEvidence'])).toBeCloseTo(0, 9);
    const off = look(readingsOf(seconds(3, () => ({ requests: [3, 47], errors: [3, 0] }))), {
      falseRollbackBudget: 0,
    });
    expect(off.kind).toBe('wait');
    expect(off.verdict.data).not.toHaveProperty('evidenceBound');
  });

  it('N3 is not moved by an incident that both sides share', () => {
    const samples = readingsOf(
      seconds(300, (i) => (i > 100 ? { requests: [5, 95], errors: [i % 2, 9] } : { requests: [5, 95] })),
    );
    expect(logEvidence(compareAll(samples, triggers).errors.ratios)).toBeLessThan(logBound(0.1));
  });

  it('N3 leaves out the interval in which the weight changed, and goes on after it', () => {
    const steady = seconds(10, () => ({ requests: [5, 95], errors: [0, 1] }));
    const odd: Second = { weight: 50, requests: [90, 10], errors: [60, 0] };
    const after = seconds(10, () => ({ weight: 50, requests: [50, 50], errors: [1, 1] }));
    const without = compareAll(readingsOf(steady), triggers);
    const moved = compareAll(readingsOf([...steady, odd]), triggers);
    expect(moved.errors).toEqual(without.errors);
    expect(compareAll(readingsOf([...steady, odd, ...after]), triggers).errors.candidate).toEqual({
      requests: 550,
      events: 10,
    });
  });

  it('N3 leaves out the interval in which a counter went back', () => {
    const before = readingsOf(seconds(10, () => ({ requests: [5, 95] })));
    const again = readingsOf(seconds(3, () => ({ requests: [5, 95], errors: [5, 0] }))).map((s, i) => ({
      ...s,
      at: at(20 + i),
    }));
    const compared = compareAll([...before, ...again.slice(1, 2)], triggers);
    expect(compared.errors.candidate).toEqual({ requests: 50, events: 0 });
  });

  it('N3 counts one client’s burst of failures once, where the router tells clients apart', () => {
    const burst = (clients: boolean): Second[] => [
      ...seconds(20, () => ({
        requests: [10, 190] as [number, number],
        ...(clients ? { clients: [0, 0] as [number, number] } : {}),
      })),
      { requests: [10, 190], errors: [6, 0], ...(clients ? { clients: [1, 0] as [number, number] } : {}) },
    ];
    expect(look(readingsOf(burst(false))).verdict.rule).toBe('error-evidence');
    expect(look(readingsOf(burst(true))).kind).toBe('wait');
  });

  it('missing data never passes, and is no evidence either', () => {
    const samples = readingsOf(seconds(5, () => ({ requests: [3, 47], errors: [3, 0] }))).map((sample) => ({
      ...sample,
      stable: undefined,
    }));
    const decision = look(samples);
    expect(decision.kind).toBe('wait');
    expect(decision.verdict.data).toMatchObject({ errorEvidence: 0, latencyEvidence: null });
  });
});

describe('N3: latency side by side', () => {
  const random = seeded(7);
  const usual = () => 80 * Math.exp(0.5 * normal());
  const normal = () => Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next());
  const times = (factor: number) => () => factor * usual();

  it('N3 pauses, and does not roll back, when the candidate takes half as long again', () => {
    const samples = readingsOf(
      seconds(180, () => ({ requests: [3, 47], ms: [times(1.5), usual] })),
      usual,
    );
    const patient = { latencyIncrease: 50, latencyToleranceMs: 0 };
    const compared = compareAll(samples, { ...triggers, ...patient });
    expect(slowerThanStable(compared, triggers)).toMatchObject({
      kind: 'pause',
      verdict: { kind: 'failed', rule: 'latency-evidence' },
    });
    const whenOff = slowerThanStable(compared, { ...triggers, falseRollbackBudget: 0 });
    expect(whenOff).toBeUndefined();
  });

  it('N3 is an e-value for latency too, at any weight, also for a candidate just as slow as is tolerated', () => {
    const draws = seeded(11);
    const tolerance = { ...triggers, latencyToleranceMs: 0 };
    const answers = (n: number, factor: number): Counts => {
      const counts = emptyCounts();
      // Even in the logarithm, and exactly one bucket slower with a factor of 1.15.
      for (let i = 0; i < n; i += 1) count(counts, factor * 10 * 1.15 ** (12 * draws.next()));
      return counts;
    };
    for (const [ours, theirs, factor] of [
      [3, 47, 1],
      [3, 47, 1.15],
      [25, 25, 1.15],
      [40, 10, 1],
    ] as const) {
      const rollouts = 1500;
      let sum = 0;
      for (let i = 0; i < rollouts; i += 1) {
        let evidence = noLatencyEvidence(answers(200, 1));
        for (let k = 0; k < 8; k += 1) {
          const interval = { candidate: answers(ours, factor), stable: answers(theirs, 1), ms: 60_000 };
          evidence = weighLatency(evidence, interval, tolerance);
        }
        sum += Math.min(1000, Math.exp(latencyLogEvidence(evidence)));
      }
      expect(sum / rollouts).toBeLessThan(1.1);
    }
  });

  it('N3 is blind to a slowness that both sides share', () => {
    const samples = readingsOf(
      seconds(300, (i) => ({ requests: [3, 47], ms: [times(i > 60 ? 3 : 1), times(i > 60 ? 3 : 1)] })),
      usual,
    );
    const compared = compareAll(samples, { ...triggers, latencyToleranceMs: 0 });
    expect(compared.latency && latencyLogEvidence(compared.latency)).toBeLessThan(logBound(0.1));
  });

  it('N3 lets be what is slower by less than the tolerance, however much of it is seen', () => {
    const samples = readingsOf(
      seconds(200, () => ({ requests: [50, 50], ms: [() => 26, () => 12] })),
      () => 12,
    );
    expect(look(samples).kind).toBe('wait');
  });

  it('N3 does not take one hiccup of the candidate for slowness', () => {
    const samples = readingsOf(
      seconds(20, (i) => ({ requests: [50, 50], ms: [() => (i === 10 ? 900 : 40), () => 40] })),
      () => 40,
    );
    const compared = compareAll(samples, triggers);
    expect(compared.latency && latencyLogEvidence(compared.latency)).toBeLessThan(logBound(0.1));
  });
});

describe('N3: the fold', () => {
  it('N3 keeps the evidence of readings that the fold has let go', () => {
    const fold = new Fold().add({ type: 'phase.started', phase: 0, name: 'canary 5 %', weight: 5 });
    const samples = readingsOf(seconds(2100, (i) => ({ requests: [1, 19], errors: [i < 50 ? 1 : 0, 0] })));
    for (const sample of samples) fold.add({ type: 'measured', phase: 0, sample });
    expect(fold.d.samples).toHaveLength(2000);
    expect(fold.d.compared.errors.candidate).toEqual({ requests: 2100, events: 50 });
    expect(fold.d.compared).toEqual(compareAll(samples, fold.d.plan.triggers));
  });

  it('N3 compares latency anew once a person lets the rollout go on, and errors all along', () => {
    const slow = readingsOf(
      seconds(60, () => ({ requests: [10, 90], errors: [0, 1], ms: [() => 300, () => 40] })),
      () => 40,
    );
    const fold = new Fold();
    for (const sample of slow) fold.add({ type: 'measured', phase: 0, sample });
    const before = fold.d.compared;
    expect(slowerThanStable(before, triggers)?.kind).toBe('pause');
    fold.add({ type: 'deployment.resumed', reason: 'known' });
    expect(slowerThanStable(fold.d.compared, triggers)).toBeUndefined();
    expect(fold.d.compared.errors).toEqual(before.errors);
  });

  it('folds a journal of a version that knew no comparison: it stays off', () => {
    const line = JSON.stringify({ seq: 1, deployment: 'd', at: at(1), ...requested() }).replace(
      ',"falseRollbackBudget":0.1',
      '',
    );
    expect(line).not.toContain('falseRollbackBudget');
    const event = eventSchema.parse(JSON.parse(line));
    const d = evolve(undefined, { ...event, seq: 1, deployment: 'd', at: at(1) });
    expect(d.plan.triggers.falseRollbackBudget).toBe(0);
    const record = JSON.stringify({ ...recordOf(d), compared: undefined });
    const read = deploymentRecordSchema.parse(JSON.parse(record));
    expect(read.compared).toEqual(nothingCompared());
  });
});
