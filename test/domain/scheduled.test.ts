import { describe, expect, it } from 'vitest';
import { decide } from '../../src/domain/decide.ts';
import { gatesSettingsSchema } from '../../src/domain/gate-settings.ts';
import type { GateResult } from '../../src/domain/gate.ts';
import { nextEffect } from '../../src/domain/next-effect.ts';
import { options } from '../../src/domain/options-now.ts';
import { waitsFor } from '../../src/domain/waits-for.ts';
import { at } from '../harness/deployment-events.ts';
import { drive } from '../harness/drive.ts';
import { plan } from '../harness/plan.ts';

const gates = { settings: gatesSettingsSchema.parse({}), overrides: [] };
const opens = at(100_000);
const schedule = { timeZone: 'Europe/Berlin', windows: [], freezes: [] };

const closed: GateResult = {
  id: 'window',
  title: 'a deployment window is open',
  when: 'before',
  status: 'failed',
  severity: 'blocking',
  detail: 'closed',
  opensAt: opens,
};
const broken: GateResult = { ...closed, id: 'tests', title: 'all tests pass', detail: 'unit failed' };
delete broken.opensAt;

type Driven = ReturnType<typeof drive>;

/** The gates are looked at, and this is what they say. */
function look(d: Driven, ...results: GateResult[]): Driven {
  const effect = d.until('check-gates').start();
  return d.take({
    kind: 'effect-done',
    event: { type: 'gates.checked', effect: effect.id, when: 'before', results },
  });
}

const waiting = () =>
  look(drive({ plan: plan({ gates, schedule, start: { kind: 'next-window' } }) }), closed);

const tick = (d: Driven, time: string) => decide(d.d, { kind: 'tick' }, new Date(time));

describe('a rollout for later', () => {
  it('T6 is prepared and tested, then waits for the window, and says until when', () => {
    const { d } = waiting();
    expect(d.status).toMatchObject({ kind: 'waiting', after: 'testing', until: opens });
    expect([d.candidate.kind, d.stages.production.status]).toEqual(['built', 'pending']);
    expect(nextEffect(d)).toBeUndefined();
    expect(waitsFor(d, new Date(at(0)))).toMatchObject({
      kind: 'window',
      what: expect.stringContaining('Tue 3 Mar 2026 14:46 (Europe/Berlin), in 27 h 46 min'),
    });
    expect(options(d, { kind: 'window' }).map(({ key }) => key)).toEqual(['n', '!', 'a']);
  });

  it('T6 goes on when its time has come, not before, and looks at every gate again', () => {
    const d = waiting();
    expect(tick(d, at(99_999))).toEqual([]);
    d.add(...tick(d, opens));
    expect(d.last).toMatchObject({
      type: 'deployment.resumed',
      reason: expect.stringContaining('its time has come'),
    });
    expect(nextEffect(d.d)).toMatchObject({ kind: 'check-gates', when: 'before' });
    expect(look(d).until().last).toMatchObject({ type: 'deployment.finished', outcome: 'succeeded' });
  });

  it('T6 waits for the next window where that one was missed, however long nobody was there', () => {
    const d = waiting();
    d.add(...tick(d, at(500_000)));
    look(d, { ...closed, opensAt: at(600_000) });
    expect(d.d.status).toMatchObject({ kind: 'waiting', until: at(600_000) });
    d.add(...tick(d, at(600_000)));
    expect(look(d).d.status.kind).toBe('running');
  });

  it('T6 ends where another gate refuses, and where it was not asked to wait', () => {
    expect(
      look(drive({ plan: plan({ gates, start: { kind: 'next-window' } }) }), closed, broken).d.status,
    ).toMatchObject({
      kind: 'concluding',
      outcome: 'blocked',
      reason: expect.stringContaining('unit failed'),
    });
    expect(look(drive({ plan: plan({ gates }) }), closed).d.status).toMatchObject({ outcome: 'blocked' });
  });

  it('T6 is withdrawn without a trace in production', () => {
    const d = waiting().ask({ kind: 'abort' }, 'not needed any more');
    expect(d.d.status).toMatchObject({ kind: 'concluding', outcome: 'blocked' });
    expect(d.effects).not.toContain('restore-stable');
  });

  it('T6 for a moment waits for it before it looks at any gate', () => {
    const d = drive({ plan: plan({ gates, start: { kind: 'at', at: opens } }) }).until();
    expect(d.d.status).toMatchObject({ kind: 'waiting', until: opens });
    expect(d.effects).not.toContain('check-gates');
    d.add(...tick(d, opens));
    expect(nextEffect(d.d)).toMatchObject({ kind: 'check-gates' });
  });

  it('T6 does not count the time it waits as time of its rollout', () => {
    const d = look(
      drive({ plan: plan({ gates, timeoutMs: 60_000, start: { kind: 'next-window' } }) }),
      closed,
    );
    expect(tick(d, at(90_000))).toEqual([]);
    d.add(...tick(d, opens));
    expect(d.d.status.kind).toBe('running');
  });
});

describe('an emergency', () => {
  const now = (why?: string) => waiting().ask({ kind: 'advance', through: 'learning', emergency: true }, why);

  it('T6 starts what waits at once, with the name and the reason on record', () => {
    const d = now('the shop is down');
    expect(d.d.emergency).toMatchObject({ by: { name: 'Bo' }, why: 'the shop is down' });
    expect(nextEffect(d.d)).toMatchObject({ kind: 'check-gates' });
    expect(look(d, broken).d.status, 'other gates still hold it up').toMatchObject({ outcome: 'blocked' });
  });

  it.each([undefined, '   '])('T6 is refused without a reason: %j', (why) => {
    const d = now(why);
    expect(d.last).toMatchObject({ refused: expect.stringContaining('needs a reason') });
    expect(d.d.status.kind).toBe('waiting');
  });

  it('T6 that was asked for as one is marked from its first event on', () => {
    const d = drive({ plan: plan({ emergency: 'the shop is down' }), trigger: { kind: 'emergency' } });
    expect(d.d).toMatchObject({
      trigger: { kind: 'emergency' },
      emergency: { by: { name: 'Ana' }, why: 'the shop is down' },
    });
  });
});
