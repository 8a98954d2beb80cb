import { describe, expect, it } from 'vitest';
import { toleratedMeasurementFailures } from '../../src/domain/judge-reading.ts';
import { evolve } from '../../src/domain/evolve.ts';
import { nextEffect } from '../../src/domain/next-effect.ts';
import { at, counts } from '../harness/deployment-events.ts';
import { drive, version } from '../harness/drive.ts';
import { plan } from '../harness/plan.ts';

const suite = { name: 'unit', kind: 'unit', run: 'npm test', timeoutMs: 1000 } as const;

describe('a deployment that goes well', () => {
  it('T2 goes through every step in order and ends succeeded', () => {
    const d = drive({ plan: plan({ suites: [suite] }) }).until();
    expect(d.effects).toEqual([
      'build-candidate',
      'write-papers',
      'run-suite',
      'report-tests',
      'ready-stable',
      'start-candidate',
      'set-weight',
      'observe',
      'set-weight',
      'observe',
      'verify',
      'promote',
      'clean-up',
      'learn',
    ]);
    expect(d.last).toMatchObject({ type: 'deployment.finished', outcome: 'succeeded', version });
    expect(Object.values(d.d.stages).map((s) => s.status)).toEqual([
      'skipped',
      'skipped',
      'passed',
      'passed',
      'passed',
      'passed',
    ]);
  });

  it('journals an effect before it runs, under an id that says deployment, stage, step and attempt', () => {
    const d = drive();
    expect(nextEffect(d.d)?.id).toBe('20260302_100000/staging/build-candidate/1');
    d.fail();
    expect(d.events.map((e) => e.type)).toContain('effect.started');
  });

  it('waits for a person after staging and after testing when asked only that far', () => {
    const d = drive({ plan: plan({ suites: [suite] }), through: 'staging' }).until();
    expect(d.d.status).toEqual({ kind: 'waiting', after: 'staging' });
    d.ask({ kind: 'advance', through: 'testing' }).until();
    expect(d.d.status).toEqual({ kind: 'waiting', after: 'testing' });
    d.ask({ kind: 'advance', through: 'learning' }).until();
    expect(d.last).toMatchObject({ outcome: 'succeeded' });
  });

  it('waits after a testing stage that had nothing to run, rather than going on unasked', () => {
    const d = drive({ through: 'testing' }).until();
    expect(d.d.status).toEqual({ kind: 'waiting', after: 'testing' });
  });

  it('waits in testing when asked to advance only there and the suites were skipped', () => {
    const d = drive({ through: 'staging' }).until();
    d.ask({ kind: 'advance', through: 'testing' }).until();
    expect(d.d.status).toEqual({ kind: 'waiting', after: 'testing' });
    expect(d.ask({ kind: 'advance', through: 'learning' }).until().last).toMatchObject({
      outcome: 'succeeded',
    });
  });
});

describe('a deployment that goes wrong', () => {
  it('S4 a failing suite blocks production, after all suites have run', () => {
    const other = { ...suite, name: 'smoke' };
    const d = drive({ plan: plan({ suites: [suite, other] }) }).until('run-suite');
    const effect = d.start();
    d.take({
      kind: 'effect-done',
      event: {
        type: 'suite.finished',
        effect: effect.id,
        result: {
          suite: 'unit',
          kind: 'unit',
          status: 'failed',
          exitCode: 1,
          durationMs: 1,
          log: '',
          tail: [],
        },
      },
    });
    d.until();
    expect(d.effects).not.toContain('start-candidate');
    expect(d.d.suites.map((s) => s.suite)).toEqual(['unit', 'smoke']);
    expect(d.last).toMatchObject({
      outcome: 'blocked',
      reason: 'tests do not pass: unit failed',
      version: { name: 'v1' },
    });
  });

  it('R2 a trigger rolls back: stable is restored, then it ends rolled_back', () => {
    const d = drive().until('observe');
    d.start();
    d.watch({ errors: 3 });
    expect(nextEffect(d.d)?.kind).toBe('restore-stable');
    d.until();
    expect(d.last).toMatchObject({ outcome: 'rolled_back', version: { name: 'v1' } });
    expect(d.events.some((e) => e.type === 'phase.decided' && e.decision.kind === 'roll_back')).toBe(true);
  });

  it.each(['start-candidate', 'set-weight', 'verify', 'promote'] as const)(
    'R2 when %s fails, stable is restored',
    (kind) => {
      const d = drive().until(kind).fail();
      expect(nextEffect(d.d)?.kind).toBe('restore-stable');
      expect(d.until().last).toMatchObject({ outcome: 'rolled_back', reason: 'it broke' });
    },
  );

  it('a first deployment that fails ends failed: there is nothing to return to', () => {
    const d = drive({ stable: null }).until('start-candidate').fail().until();
    expect(d.last).toMatchObject({ outcome: 'failed', version: null });
  });

  it('a candidate that cannot be built leaves production alone', () => {
    const d = drive().fail().until();
    expect(d.effects).toEqual(['build-candidate', 'learn']);
    expect(d.last).toMatchObject({ outcome: 'failed', version: { name: 'v1' } });
  });

  it('restoring stable is tried five times, then a person is called', () => {
    const d = drive().until('start-candidate').fail();
    const ids = Array.from({ length: 5 }, () => {
      const id = nextEffect(d.d)?.id;
      d.fail();
      return id;
    });
    expect(ids.map((id) => id?.slice(-2))).toEqual(['/1', '/2', '/3', '/4', '/5']);
    expect(d.until().last).toMatchObject({ outcome: 'halted' });
  });

  it('the dead man’s switch leads to a rollback, once', () => {
    const d = drive().until('observe');
    d.take({ kind: 'dead-man', at: at(9) }).take({ kind: 'dead-man', at: at(9) });
    expect(d.events.filter((e) => e.type === 'rollback.started')).toHaveLength(1);
    expect(d.until().last).toMatchObject({ outcome: 'rolled_back' });
  });

  it('pauses with an error verdict when the numbers cannot be read, and never takes that for good', () => {
    const d = drive().until('observe');
    d.start();
    for (let i = 0; i < toleratedMeasurementFailures; i++)
      d.take({ kind: 'sample-failed', phase: 0, reason: 'no answer' });
    expect(d.d.status).toMatchObject({ kind: 'paused' });
    expect(d.d.phases[0]?.decision?.verdict.kind).toBe('error');
  });
});

describe('what a person can ask', () => {
  it('T3 abort in the middle of a rollout restores stable and says who asked', () => {
    const d = drive().until('observe').ask({ kind: 'abort' }, 'customers complain');
    expect(nextEffect(d.d)?.kind).toBe('restore-stable');
    expect(d.until().last).toMatchObject({
      outcome: 'rolled_back',
      reason: 'Bo asked for it: customers complain',
    });
  });

  it('abort before production was touched only withdraws', () => {
    const d = drive({ through: 'staging' }).until().ask({ kind: 'abort' }).until();
    expect(d.effects).not.toContain('restore-stable');
    expect(d.last).toMatchObject({ outcome: 'blocked' });
  });

  it('abort is refused, with its reason, once the candidate is stable', () => {
    const d = drive().until('clean-up').ask({ kind: 'abort' });
    expect(d.last).toMatchObject({
      type: 'command.received',
      refused: 'the candidate is stable already; roll back instead',
    });
  });

  it('T3 promote ends the present phase at once', () => {
    const d = drive().until('observe').ask({ kind: 'promote' });
    expect(d.d.phase).toBe(1);
    expect(nextEffect(d.d)).toMatchObject({ kind: 'set-weight', weight: 100 });
  });

  it('T3 promote ends the last phase once, all the way or by one step', () => {
    for (const full of [{ full: true }, {}] as const) {
      const d = drive().until('observe').ask({ kind: 'promote' }).until('observe');
      const before = d.events.length;
      d.ask({ kind: 'promote', ...full });
      expect(d.events.slice(before).map(({ type }) => type)).toEqual(['command.received', 'phase.decided']);
      expect(nextEffect(d.d)?.kind).toBe('verify');
    }
  });

  it('T3 a pause keeps the traffic and the watch; resume watches the phase anew', () => {
    const d = drive().until('observe').ask({ kind: 'pause' });
    expect(nextEffect(d.d)?.kind).toBe('observe');
    d.watch();
    expect(d.d.phase).toBe(0);
    d.ask({ kind: 'resume' });
    expect(d.d.phases[0]?.weightAt).toBe(d.d.updatedAt);
  });

  it('a trigger rolls back even while it is paused', () => {
    const d = drive().until('observe').ask({ kind: 'pause' }).watch({ errors: 5 });
    expect(d.d.status.kind).toBe('rolling_back');
  });

  it('a pause without anyone to ask ends in a rollback after its time-out', () => {
    const d = drive({ unattended: true }).until('observe').ask({ kind: 'pause' });
    const since = d.events.length;
    expect(d.take({ kind: 'tick' }, since + 59).d.status.kind).toBe('paused');
    expect(d.take({ kind: 'tick' }, since + 60).d.status).toMatchObject({
      kind: 'rolling_back',
      trigger: 'timeout',
    });
  });

  it.each([
    ['advance', { kind: 'advance', through: 'testing' }],
    ['pause', { kind: 'pause' }],
    ['resume', { kind: 'resume' }],
    ['promote', { kind: 'promote' }],
  ] as const)('%s is refused, and journaled so, where it means nothing', (_, command) => {
    const d = drive().ask(command);
    expect(d.last).toMatchObject({ type: 'command.received', command, by: { name: 'Bo' } });
    expect(d.last).toHaveProperty('refused');
  });

  it('nothing changes a finished deployment', () => {
    const d = drive().until();
    const { length } = d.events;
    d.take({ kind: 'tick' })
      .take({ kind: 'dead-man', at: at(1) })
      .sample({ at: at(1), weight: 0, candidate: counts(1), health: { healthy: 1, total: 1 } });
    expect(d.events).toHaveLength(length);
    expect(d.ask({ kind: 'abort' }).last).toMatchObject({ refused: 'it is finished' });
  });
});

describe('evolve', () => {
  it('refuses a journal with a gap, twice the same event, or without its beginning', () => {
    const [first, second, third] = drive().until().events;
    if (!first || !second || !third) throw new Error('no events');
    const begun = evolve(undefined, first);
    expect(() => evolve(begun, third)).toThrow(TypeError);
    expect(() => evolve(begun, first)).toThrow(TypeError);
    expect(() => evolve(undefined, second)).toThrow(TypeError);
    expect(evolve(begun, second).seq).toBe(2);
  });
});
