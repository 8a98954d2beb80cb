import { describe, expect, it } from 'vitest';
import type { ActionPlan } from '../../src/domain/action.ts';
import { nextEffect } from '../../src/domain/next-effect.ts';
import { everywhere, hook, smoke } from '../harness/action.ts';
import { readings } from '../harness/deployment-events.ts';
import { drive } from '../harness/drive.ts';
import { phase, plan } from '../harness/plan.ts';

const driveWith = (actions: ActionPlan[], change: Parameters<typeof drive>[0] = {}) =>
  drive({ plan: plan({ actions }), ...change });

const acted = (d: ReturnType<typeof drive>['d']) =>
  d.actions.map((a) => `${a.point}${a.phase ?? ''} ${a.kind}`);

describe('the actions of a plan', () => {
  it('G2 G3 are done at their points, in order, each once', () => {
    const rollout = driveWith(everywhere()).until();
    expect(rollout.d.status).toMatchObject({ kind: 'finished', outcome: 'succeeded' });
    expect(acted(rollout.d)).toEqual([
      'before-deployment configuration-check',
      'before-deployment hook',
      'before-traffic smoke',
      'before-phase0 hook',
      'after-phase0 hook',
      'before-phase1 hook',
      'after-phase1 hook',
      'after-rollout smoke',
      'after-promotion hook',
    ]);
    const order = rollout.effects.filter((kind) => kind !== 'act');
    expect(order).toEqual(drive().until().effects);
  });

  it('G1 a check that fails before the rollout blocks it, and nothing in production is touched', () => {
    const rollout = driveWith([hook('before-deployment')])
      .until('act')
      .failAction('exit code 3');
    expect(rollout.d.status).toMatchObject({
      kind: 'concluding',
      outcome: 'blocked',
      reason: 'hook before-deployment failed before the rollout: exit code 3',
    });
    expect(rollout.until().effects).not.toContain('restore-stable');
  });

  it('G3 a candidate whose smoke test fails never gets any traffic', () => {
    const rollout = driveWith([smoke()]).until('act').failAction();
    expect(rollout.d.status.kind).toBe('rolling_back');
    expect(rollout.until().effects).not.toContain('set-weight');
    expect(rollout.d.status).toMatchObject({ outcome: 'rolled_back' });
  });

  it('R2 a smoke test that fails with all traffic rolls back, with what was expected and what came', () => {
    const rollout = driveWith([smoke({}, { at: ['after-rollout'] })]).until('act');
    const effect = rollout.start();
    rollout.take({
      kind: 'effect-done',
      event: {
        type: 'action.finished',
        effect: effect.id,
        result: {
          kind: 'smoke',
          name: 'home',
          point: 'after-rollout',
          status: 'failed',
          detail: 'GET /',
          expected: 'status 200',
          actual: '404',
          durationMs: 3,
        },
      },
    });
    expect(rollout.until().d.status).toMatchObject({
      outcome: 'rolled_back',
      reason: 'smoke test home failed with all traffic: GET /: expected status 200, got 404',
    });
    expect(rollout.effects).not.toContain('promote');
  });

  it('an ignored failure changes nothing but the record', () => {
    const rollout = driveWith([hook('after-phase', { onFailure: 'ignore' })])
      .until('act')
      .failAction()
      .until();
    expect(rollout.d.status).toMatchObject({ outcome: 'succeeded' });
    expect(rollout.d.actions.map((a) => a.status)).toEqual(['failed', 'passed']);
  });

  it('hooks after a rollback run before it is over, whatever they say', () => {
    const rollout = driveWith([smoke(), hook('after-rollback', { onFailure: 'ignore' })])
      .until('act')
      .failAction()
      .until('act');
    expect(rollout.d).toMatchObject({ restored: true, status: { kind: 'rolling_back' } });
    expect(rollout.failAction().until().d.status).toMatchObject({ outcome: 'rolled_back' });
  });
});

describe('T3 an action that fails and asks a person', () => {
  const held = () =>
    driveWith([hook('before-phase', { onFailure: 'pause' })])
      .until('act')
      .failAction();

  it('pauses, and is tried again at a retry without doing anything else again', () => {
    const rollout = held();
    expect(rollout.d.status).toMatchObject({ kind: 'paused' });
    const before = rollout.effects.length;
    rollout.ask({ kind: 'retry' }, 'the database is back');
    expect(nextEffect(rollout.d)).toMatchObject({ kind: 'act', id: expect.stringMatching(/\/2$/) });
    rollout.until('observe');
    expect(rollout.effects.slice(before)).toEqual(['act', 'set-weight']);
    expect(rollout.events.find((e) => e.type === 'command.received')).toMatchObject({
      command: { kind: 'retry' },
      by: { name: 'Bo', face: 'cli' },
      why: 'the database is back',
    });
  });

  it('goes on without it at a promotion', () => {
    const rollout = held().ask({ kind: 'promote' });
    expect(rollout.d.status.kind).toBe('running');
    expect(nextEffect(rollout.d)).toMatchObject({ kind: 'set-weight', phase: 0 });
  });

  it('does not go on by itself: resume says what to do', () => {
    expect(held().ask({ kind: 'resume' }).last).toMatchObject({
      type: 'command.received',
      refused: expect.stringContaining('retry it, promote to go on without it, or abort'),
    });
  });

  it('goes back at an abort, and at the end of the pause where nobody can be asked', () => {
    expect(held().ask({ kind: 'abort' }).until().d.status).toMatchObject({ outcome: 'rolled_back' });
    const alone = driveWith([hook('before-phase', { onFailure: 'pause' })], { unattended: true })
      .until('act')
      .failAction();
    alone.take({ kind: 'tick' }, 600);
    expect(alone.until().d.status).toMatchObject({ outcome: 'rolled_back' });
  });

  it('while it waits between two phases the candidate is still taken back when it fails', () => {
    const rollout = driveWith([hook('after-phase', { onFailure: 'pause' })])
      .until('act')
      .failAction();
    expect(rollout.d.status.kind).toBe('paused');
    expect(nextEffect(rollout.d)).toMatchObject({ kind: 'observe' });
    const from = rollout.events.length;
    for (const sample of readings(30, { candidate: 20, errors: 20 }, from)) rollout.sample(sample);
    expect(rollout.d.status).toMatchObject({ kind: 'rolling_back', trigger: 'rule' });
  });

  it('good readings between two phases start no phase', () => {
    const rollout = driveWith([hook('after-phase', { onFailure: 'pause' })])
      .until('act')
      .failAction();
    const { phase: index } = rollout.d;
    for (const sample of readings(500, { candidate: 20 }, rollout.events.length)) rollout.sample(sample);
    expect(rollout.d).toMatchObject({ phase: index, status: { kind: 'paused' } });
  });
});

describe('retry', () => {
  it('T3 watches a paused phase anew and keeps what was rolled out', () => {
    const rollout = drive().until('observe');
    rollout.start();
    for (let i = 0; i < 10; i++)
      rollout.take({ kind: 'sample-failed', phase: 0, reason: 'no numbers' }, rollout.events.length);
    expect(rollout.d).toMatchObject({ status: { kind: 'paused' }, measurementFailures: 10 });
    rollout.ask({ kind: 'retry' });
    expect(rollout.d).toMatchObject({ status: { kind: 'running' }, measurementFailures: 0, phase: 0 });
    expect(rollout.d.weight.actual).toBe(5);
  });

  it('is refused where nothing waits, and where an approval does', () => {
    expect(drive().until('observe').ask({ kind: 'retry' }).last).toMatchObject({
      refused: 'nothing waits to be tried again',
    });
    const approved = drive({
      plan: plan({ approval: { byAnother: true, timeoutMs: 60_000 }, phases: [phase(100)] }),
    }).until();
    expect(approved.ask({ kind: 'retry' }).last).toMatchObject({ refused: 'it waits for an approval' });
  });
});

describe('T4 a deployment’s time-out', () => {
  const slow = () => drive({ plan: plan({ timeoutMs: 3_600_000, actions: [hook('before-deployment')] }) });

  it('rolls back a rollout that is not over in time, with the reason', () => {
    const rollout = slow().until('observe');
    rollout.start();
    rollout.take({ kind: 'tick' }, 3500);
    expect(rollout.d.status.kind).toBe('running');
    rollout.take({ kind: 'tick' }, 3700);
    expect(rollout.until().d.status).toMatchObject({
      outcome: 'rolled_back',
      reason: 'the rollout was not over within 1 h',
    });
  });

  it('ends it where production was not touched yet, and never after the promotion', () => {
    const early = slow().until('act');
    early.start();
    expect(early.take({ kind: 'tick' }, 4000).d.status).toMatchObject({ outcome: 'blocked' });
    const late = slow().until('clean-up').take({ kind: 'tick' }, 4000);
    expect(late.until().d.status).toMatchObject({ outcome: 'succeeded' });
  });

  it('does not count the time a prepared candidate waits for a person', () => {
    const waiting = drive({ plan: plan({ timeoutMs: 60_000 }), through: 'staging' }).until();
    expect(waiting.take({ kind: 'tick' }, 9e6).d.status.kind).toBe('waiting');
  });
});
