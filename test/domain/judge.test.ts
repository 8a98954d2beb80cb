import { describe, expect, it } from 'vitest';
import { judge } from '../../src/domain/judge.ts';
import { at, readings } from '../harness/deployment-events.ts';
import { phase, plan } from '../harness/plan.ts';

// The fixed thresholds by themselves: the comparison side by side has tests of its own.
const triggers = { ...plan().triggers, falseRollbackBudget: 0 };

describe('judge: G4 and T3 on the router’s own numbers', () => {
  it('G4 rolls back at once over the immediate threshold, with the minimum sample', () => {
    const decision = judge({
      phase: phase(5),
      weightAt: at(0),
      triggers,
      samples: readings(6, { candidate: 10, errors: 2 }),
    });
    expect(decision).toMatchObject({ kind: 'roll_back', verdict: { kind: 'failed', rule: 'error-rate' } });
    expect(decision.verdict.reason).toContain('20 %');
    expect(decision.verdict.data).toMatchObject({ requests: 60, errors: 12 });
  });

  it('G4 does not act on fewer requests than the minimum sample', () => {
    const decision = judge({
      phase: phase(5),
      weightAt: at(0),
      triggers,
      samples: readings(4, { candidate: 10, errors: 10 }),
    });
    expect(decision.kind).toBe('wait');
  });

  it('G4 rolls back when more than 1 % fail for the whole window, and not a second earlier', () => {
    const seen = (seconds: number) =>
      judge({
        phase: phase(5, { bakeMs: 900_000, extendToMs: 1_000_000 }),
        weightAt: at(0),
        triggers,
        samples: readings(seconds, { candidate: 100, errors: 2 }),
      });
    expect(seen(299).kind).toBe('wait');
    expect(seen(300)).toMatchObject({ kind: 'roll_back', verdict: { rule: 'error-rate' } });
  });

  it('G4 pauses at the first latency breach and rolls back when it lasts', () => {
    const seen = (seconds: number) =>
      judge({
        phase: phase(5, { bakeMs: 900_000, extendToMs: 1_000_000 }),
        weightAt: at(0),
        triggers,
        samples: readings(seconds, { candidate: 10, ms: 100, stableMs: 40 }),
      });
    expect(seen(10)).toMatchObject({ kind: 'pause', verdict: { rule: 'latency', kind: 'failed' } });
    expect(seen(300)).toMatchObject({ kind: 'roll_back', verdict: { rule: 'latency' } });
  });

  it('G4 does not take a hiccup in the first seconds of a phase for slowness', () => {
    const samples = readings(4, { candidate: 50, ms: 100, stableMs: 4 });
    expect(judge({ phase: phase(5), weightAt: at(0), triggers, samples }).kind).toBe('wait');
  });

  it('G4 judges the latency of a phase shorter than that at its end', () => {
    const short = phase(5, { bakeMs: 3000 });
    const seen = (seconds: number) =>
      judge({
        phase: short,
        weightAt: at(0),
        triggers,
        samples: readings(seconds, { candidate: 50, ms: 100, stableMs: 4 }),
      });
    expect(seen(2).kind).toBe('wait');
    expect(seen(3)).toMatchObject({ kind: 'pause', verdict: { rule: 'latency' } });
  });

  it('G4 lets a rise of a few milliseconds be, whatever its percentage', () => {
    const samples = readings(30, { candidate: 10, ms: 6, stableMs: 2 });
    expect(judge({ phase: phase(5), weightAt: at(0), triggers, samples }).kind).toBe('wait');
  });

  it('G4 rolls back when more than 30 % of the probes fail for three minutes', () => {
    const seen = (seconds: number) =>
      judge({
        phase: phase(5, { bakeMs: 900_000, extendToMs: 1_000_000 }),
        weightAt: at(0),
        triggers,
        samples: readings(seconds, { candidate: 10, healthy: false }),
      });
    expect(seen(179).kind).toBe('wait');
    expect(seen(180)).toMatchObject({ kind: 'roll_back', verdict: { rule: 'health' } });
  });

  it('T3 continues when the phase is over, the sample is there and nothing is wrong', () => {
    const samples = readings(60, { candidate: 10 });
    const decision = judge({ phase: phase(5), weightAt: at(0), triggers, samples });
    expect(decision).toMatchObject({ kind: 'continue', verdict: { kind: 'passed' } });
    expect(decision.verdict.data['requests']).toBe(600);
    // The window's numbers, not the phase's: it says so.
    expect(decision.verdict.reason).toContain('of 600 requests failed in the last 1 min, p95');
  });

  it('missing data never passes: the phase is watched longer, then pauses as inconclusive', () => {
    const seen = (seconds: number) =>
      judge({ phase: phase(5), weightAt: at(0), triggers, samples: readings(seconds, { candidate: 0.2 }) });
    expect(seen(60)).toMatchObject({ kind: 'wait', verdict: { kind: 'inconclusive', rule: 'sample' } });
    expect(seen(180)).toMatchObject({ kind: 'pause', verdict: { kind: 'inconclusive', rule: 'sample' } });
    expect(judge({ phase: phase(5), weightAt: at(0), triggers, samples: [] }).kind).toBe('wait');
  });

  it('does not continue with an error rate over the lower threshold, though the window is not over', () => {
    const samples = readings(60, { candidate: 100, errors: 2 });
    expect(judge({ phase: phase(5), weightAt: at(0), triggers, samples })).toMatchObject({
      kind: 'wait',
      verdict: { rule: 'error-rate' },
    });
  });

  it('counts only what happened since the phase began, not errors of long ago', () => {
    const before = readings(10, { candidate: 10, errors: 0 });
    const after = readings(400, { candidate: 10, errors: 0 }).map((s) => ({
      ...s,
      at: new Date(Date.parse(s.at) + 11_000).toISOString(),
      candidate: { ...s.candidate, requests: s.candidate.requests + 1000 },
    }));
    const decision = judge({ phase: phase(25), weightAt: at(300), triggers, samples: [...before, ...after] });
    expect(decision.kind).toBe('continue');
    expect(decision.verdict.data['errorRate']).toBe(0);
  });

  it('lets health alone decide where there is nothing to compare with', () => {
    const first = phase(100, { judged: false, bakeMs: 2000, extendToMs: 7000, minimumSample: 0 });
    const seen = (seconds: number, healthy: boolean) =>
      judge({
        phase: first,
        weightAt: at(0),
        triggers,
        samples: readings(seconds, { candidate: 0, healthy }),
      });
    expect(seen(1, true).kind).toBe('wait');
    expect(seen(2, true).kind).toBe('continue');
    expect(seen(3, false).kind).toBe('wait');
    expect(seen(7, false)).toMatchObject({ kind: 'roll_back', verdict: { rule: 'health' } });
  });
});
