import { describe, expect, it } from 'vitest';
import { decide } from '../../src/domain/decide.ts';
import { nextEffect } from '../../src/domain/next-effect.ts';
import { at, readings } from '../harness/deployment-events.ts';
import { drive } from '../harness/drive.ts';
import { phase, plan } from '../harness/plan.ts';

const approval = { byAnother: true, timeoutMs: 3_600_000 };

/** Ana's canary over 5 and 25 % that has come to where all traffic would follow. */
const asked = (change: Parameters<typeof plan>[0] = {}) =>
  drive({ plan: plan({ phases: [phase(5), phase(25), phase(100)], approval, ...change }) }).until();

describe('approval before all traffic', () => {
  it('T3 is asked for once, after the step before went well, which keeps its traffic and its watch', () => {
    const d = asked().watch();
    expect(d.d.status).toMatchObject({ kind: 'paused', reason: 'all traffic needs an approval' });
    expect([d.d.phase, d.d.weight.wanted]).toEqual([1, 25]);
    expect(d.events.filter(({ type }) => type === 'approval.requested')).toHaveLength(1);
    expect(nextEffect(d.d)).toMatchObject({ kind: 'observe', phase: 1 });
  });

  it('T3 leads to all traffic once another person has given it, and says who', () => {
    const d = asked().ask({ kind: 'approve' });
    expect(d.d.approval).toMatchObject({ kind: 'given', by: { name: 'Bo' } });
    expect([d.d.phase, d.d.weight.wanted]).toEqual([2, 100]);
    d.until();
    expect(d.last).toMatchObject({ type: 'deployment.finished', outcome: 'succeeded' });
  });

  it('T3 is not given by who asked for the deployment, unless the environment allows that', () => {
    const refused = asked().ask({ kind: 'approve' }, undefined, 'Ana');
    expect(refused.last).toMatchObject({ refused: expect.stringContaining('another person') });
    expect(refused.d.status.kind).toBe('paused');
    const allowed = asked({ approval: { ...approval, byAnother: false } });
    expect(allowed.ask({ kind: 'approve' }, undefined, 'Ana').d.phase).toBe(2);
  });

  it('T3 that is refused restores stable, with the reason', () => {
    const d = asked().ask({ kind: 'reject' }, 'not before the weekend');
    expect(d.d.status).toMatchObject({
      kind: 'rolling_back',
      reason: 'Bo rejected it: not before the weekend',
    });
    expect(d.until().last).toMatchObject({ type: 'deployment.finished', outcome: 'rolled_back' });
  });

  it.each([{ kind: 'promote' }, { kind: 'promote', full: true }, { kind: 'resume' }] as const)(
    'T3 cannot be gone round by %j',
    (command) => {
      const d = asked().ask(command);
      expect(d.last).toMatchObject({ refused: 'it waits for an approval' });
      expect(d.d.weight.wanted).toBe(25);
    },
  );

  it('T3 is asked for by a full promotion, too, and then skips the steps between', () => {
    const d = drive({ plan: plan({ phases: [phase(5), phase(25), phase(100)], approval }) }).until('observe');
    d.start();
    d.ask({ kind: 'promote', full: true });
    expect([d.d.phase, d.d.status.kind]).toEqual([0, 'paused']);
    expect(d.ask({ kind: 'approve' }).d.phase).toBe(2);
  });

  it('T3 comes before any traffic where the first step is all of it', () => {
    const d = drive({ plan: plan({ phases: [phase(100)], approval }) }).until();
    expect([d.d.phase, d.d.status.kind, d.effects.includes('set-weight')]).toEqual([-1, 'paused', false]);
    expect(d.ask({ kind: 'approve' }).until().last).toMatchObject({ outcome: 'succeeded' });
  });

  it('G4 does not keep a failing candidate: it is taken back while it waits', () => {
    const d = asked();
    for (const sample of readings(70, { candidate: 10, errors: 5 }, 3000)) d.sample(sample);
    expect(d.d.status).toMatchObject({ kind: 'rolling_back', trigger: 'rule' });
  });

  it('T3 that never comes ends in a rollback after its time, with or without a terminal', () => {
    const { d } = asked();
    const since = d.approval?.kind === 'requested' ? Date.parse(d.approval.since) : Number.NaN;
    const after = (ms: number) => decide(d, { kind: 'tick' }, new Date(since + ms));
    expect(after(approval.timeoutMs - 1)).toEqual([]);
    expect(after(approval.timeoutMs)).toMatchObject([{ type: 'rollback.started', trigger: 'timeout' }]);
  });

  it('T3 is refused where none was asked for', () => {
    const d = drive().until('observe').ask({ kind: 'approve' });
    expect(d.last).toMatchObject({ refused: 'it waits for no approval' });
    expect(d.ask({ kind: 'reject' }).last).toMatchObject({ refused: 'it waits for no approval' });
    expect(Date.parse(d.d.updatedAt)).toBeGreaterThanOrEqual(Date.parse(at(0)));
  });
});

describe('promoting fully', () => {
  it('T3 skips the steps between and gives all traffic', () => {
    const d = drive({ plan: plan({ phases: [phase(5), phase(25), phase(50), phase(100)] }) }).until(
      'observe',
    );
    d.start();
    d.ask({ kind: 'promote', full: true });
    expect([d.d.phase, d.d.weight.wanted]).toEqual([3, 100]);
    expect(d.until().last).toMatchObject({ outcome: 'succeeded' });
  });
});
