import { describe, expect, it } from 'vitest';
import { attentionOf, attentionSchema, type ConductorSeen } from '../../src/domain/attention.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import type { EventBody } from '../../src/domain/event.ts';
import { evolve } from '../../src/domain/evolve.ts';
import { at, counts, Fold, readings, requested } from '../harness/deployment-events.ts';
import { JournalBuilder } from '../harness/journal.ts';
import { phase, plan } from '../harness/plan.ts';

const here: ConductorSeen = { kind: 'here' };

/** What it waits for `seconds` after the last event. */
function look(d: Deployment | undefined, seconds = 1, conductor = here, pasts = {}) {
  if (!d) throw new Error('there is no deployment');
  const now = new Date(Date.parse(d.updatedAt) + seconds * 1000);
  const found = attentionOf(d, { now, conductor, pasts });
  return found && attentionSchema.parse(found);
}

const folded = (...bodies: EventBody[]) => new Fold(requested()).add(...bodies).d;
const suite = { name: 'unit', kind: 'unit', run: 'npm test', timeoutMs: 600_000 } as const;
const runsSuite = () =>
  folded({ type: 'effect.started', effect: { kind: 'run-suite', id: 'd/testing/suite-unit/1', suite } });
const past = (...durations: number[]) => ({
  unit: { durations, candidates: durations.length, flaky: 0, flakyCases: {} },
});

describe('W5 what a deployment waits for', () => {
  it('a person, after a stage; stuck once nobody answers for longer than a pause may last', () => {
    const d = new JournalBuilder().requested().staged().fold();
    expect(look(d)).toMatchObject({
      kind: 'person',
      what: 'a person to start the tests',
      stuck: false,
      forMs: 2000,
    });
    expect(look(d)?.can.map(({ key }) => key)).toEqual(['n', 'a']);
    expect(look(d, 1801)).toMatchObject({ stuck: true, why: expect.stringContaining('30 min') });
  });

  it('a person, about a pause: with the commands and keys that end it', () => {
    const d = new JournalBuilder()
      .requested()
      .staged()
      .advance('testing')
      .tested()
      .advance('learning')
      .rollingOut()
      .add({ type: 'deployment.paused', reason: 'p95 is slower' })
      .fold();
    expect(look(d)).toMatchObject({ kind: 'person', what: 'a person to decide: p95 is slower' });
    expect(look(d)?.can.map(({ command, key }) => [command, key])).toEqual([
      ['orchestrate deploy resume --env production', 'p'],
      ['orchestrate deploy promote --env production', 'P'],
      ['orchestrate deploy abort --env production', 'a'],
    ]);
  });

  it('another person’s yes, as long as an approval may take', () => {
    const d = new Fold(
      requested({ plan: plan({ approval: { byAnother: true, timeoutMs: 3_600_000 } }) }),
    ).add(
      { type: 'approval.requested', phase: 1 },
      { type: 'deployment.paused', reason: 'all traffic needs an approval' },
    ).d;
    expect(look(d, 60)).toMatchObject({
      kind: 'person',
      what: 'another person’s yes to all traffic',
      stuck: false,
    });
    expect(look(d, 60)?.can[0]?.command).toBe('orchestrate deploy approve --env production');
    expect(look(d, 3700)?.stuck).toBe(true);
  });

  it('a suite: stuck when it takes much longer than it usually does, else when its time-out is over', () => {
    expect(look(runsSuite(), 20, here, past(10_000, 12_000, 90_000))).toMatchObject({
      kind: 'suite',
      what: 'suite unit',
      usualMs: 12_000,
      stuck: false,
    });
    expect(look(runsSuite(), 73, here, past(10_000, 12_000, 90_000))).toMatchObject({
      stuck: true,
      why: 'it usually takes 12 s',
    });
    expect(look(runsSuite(), 629)).toMatchObject({ stuck: false });
    expect(look(runsSuite(), 631)).toMatchObject({ stuck: true, why: expect.stringContaining('time-out') });
  });

  it('an effect with its attempt and what failed before; stuck at the third', () => {
    const start = (n: number): EventBody => ({
      type: 'effect.started',
      effect: { kind: 'start-candidate', id: `20260302_100000/production/start-candidate/${n}` },
    });
    const fails = (n: number): EventBody => ({
      type: 'effect.failed',
      effect: `20260302_100000/production/start-candidate/${n}`,
      failure: { code: 'never-healthy', message: '/healthz never answered', hint: '' },
    });
    expect(look(folded(start(1), fails(1), start(2)))).toMatchObject({
      kind: 'effect',
      what: 'starting the candidate, without users yet, attempt 2; before: /healthz never answered',
      stuck: false,
    });
    expect(look(folded(start(1), fails(1), start(2), fails(2), start(3)))).toMatchObject({
      stuck: true,
      why: 'it failed 2 times',
    });
  });

  it('a hook, for as long as it may take', () => {
    const action = {
      kind: 'hook',
      name: 'notify',
      at: ['before-phase'],
      timeoutMs: 60_000,
      onFailure: 'pause',
      run: 'true',
      env: [],
    } as const;
    const d = folded({
      type: 'effect.started',
      effect: {
        kind: 'act',
        id: 'd/production/act/1',
        action: { ...action, at: ['before-phase'], env: [] },
        point: 'before-phase',
        phase: 0,
      },
    });
    expect(look(d, 80)).toMatchObject({
      kind: 'action',
      what: 'hook notify, before the phase',
      stuck: false,
    });
    expect(look(d, 100)).toMatchObject({ stuck: true, why: 'it may take 1 min' });
  });

  it('the watch of a phase, then what the judge misses', () => {
    const fold = new Fold(requested({ plan: plan({ phases: [phase(5), phase(100)] }) })).add(
      { type: 'stage.started', stage: 'production' },
      { type: 'phase.started', phase: 0, name: 'canary 5 %', weight: 5 },
      { type: 'weight.set', effect: 'w', phase: 0, wanted: 5, actual: 5 },
      { type: 'effect.started', effect: { kind: 'observe', id: 'd/production/observe-0/1', phase: 0 } },
    );
    expect(look(fold.d, 5)).toMatchObject({ kind: 'phase', usualMs: 60_000, stuck: false });
    const few = readings(70, { candidate: 0 }, 4).map((sample): EventBody => ({
      type: 'measured',
      phase: 0,
      sample: { ...sample, candidate: counts(3) },
    }));
    const waiting = fold.add(...few).d;
    expect(look(waiting, 1)).toMatchObject({
      kind: 'judge',
      what: expect.stringMatching(/requests/),
      stuck: false,
    });
    expect(look(waiting, 300)).toMatchObject({ stuck: true, why: expect.stringContaining('3 min') });
  });

  it('nothing, once it is over', () => {
    expect(look(new JournalBuilder().requested().finished().fold())).toBeUndefined();
  });
});

describe('W5 a conductor', () => {
  const d = runsSuite();

  it.each<[ConductorSeen, boolean, string, string]>([
    [
      { kind: 'silent', pid: 7, forMs: 12_000 },
      true,
      'conductor',
      'orchestrate deploy abort --force --env production',
    ],
    [{ kind: 'starting', forMs: 3000 }, false, 'conductor', 'orchestrate resume 20260302_100000'],
    [{ kind: 'starting', forMs: 30_000 }, true, 'conductor', 'orchestrate resume 20260302_100000'],
    [{ kind: 'gone' }, true, 'conductor', 'orchestrate resume 20260302_100000'],
    [
      { kind: 'locked-out', by: 'Grace for 20260302_090000' },
      true,
      'lock',
      'orchestrate unlock --env production',
    ],
  ])('%j', (conductor, stuck, kind, command) => {
    const found = look(d, 1, conductor);
    expect(found).toMatchObject({ kind, stuck });
    expect(found?.can.map((option) => option.command)).toContain(command);
  });
});

describe('W5 whatever the clock does', () => {
  it('no time is negative, and nothing is stuck because a clock was set back', () => {
    const d = runsSuite();
    for (const now of ['2020-01-01T00:00:00.000Z', at(-3600)]) {
      const found = attentionOf(d, { now: new Date(now), conductor: here });
      expect(found).toMatchObject({ forMs: 0, stuck: false });
    }
  });

  it('a journal of before has no time of its effects: its last event counts', () => {
    const old = new Fold(requested()).add({
      type: 'effect.started',
      effect: { kind: 'build-candidate', id: 'd/staging/build-candidate/1' },
    });
    const { effectSince: _, ...d } = old.events.reduce<Deployment | undefined>(evolve, undefined) ?? old.d;
    expect(look(d)).toMatchObject({ kind: 'effect', forMs: 1000 });
  });
});
