import { describe, expect, it } from 'vitest';
import { missingWords, samePerson, whoMay } from '../../src/domain/approvals.ts';
import { decide } from '../../src/domain/decide.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { drive } from '../harness/drive.ts';
import { phase, plan } from '../harness/plan.ts';

const minute = 60_000;
type Approval = NonNullable<Plan['approval']>;

/** Ana's canary that has come to where all traffic would follow. */
const asked = (approval: Partial<Approval>) =>
  drive({
    plan: plan({
      phases: [phase(5), phase(100)],
      approval: { byAnother: true, timeoutMs: 60 * minute, ...approval },
    }),
  }).until();

const approve = { kind: 'approve' } as const;

describe('approvals by several people', () => {
  it('T3 are counted one by one, and each is in the journal with who and why', () => {
    const d = asked({ count: 2 }).ask(approve, 'looked at the numbers');
    expect(d.last).toMatchObject({
      type: 'approval.given',
      by: { name: 'Bo' },
      why: 'looked at the numbers',
      missing: 1,
      candidate: 'b'.repeat(40),
    });
    expect(d.d.status.kind).toBe('paused');
    d.ask(approve, undefined, 'Cy');
    expect([d.d.approval?.kind, d.d.phase]).toEqual(['given', 1]);
    expect(d.until().last).toMatchObject({ outcome: 'succeeded' });
  });

  it('T3 are never two of the same person, by name or by e-mail address', () => {
    const d = asked({ count: 2 }).ask(approve).ask(approve, undefined, ' bo ');
    expect(d.last).toMatchObject({
      refused: expect.stringContaining('has approved it already; 1 of 2 approvals is missing'),
    });
    expect(
      samePerson({ name: 'Bo', email: 'bo@shop.example' }, { name: 'B. Ode', email: 'BO@shop.example' }),
    ).toBe(true);
    expect(samePerson({ name: 'Bo' }, { name: 'Cy' })).toBe(false);
  });

  it('T3 come only from those who may, and never from who asked', () => {
    const d = asked({ by: ['Ana', 'Bo', 'cy@shop.example'], count: 2 });
    expect(d.ask(approve, undefined, 'Di').last).toMatchObject({
      refused: expect.stringContaining('Di may not approve it'),
    });
    expect(d.ask(approve, undefined, 'Ana').last).toMatchObject({
      refused: expect.stringContaining('another person'),
    });
    const now = new Date(d.d.updatedAt);
    expect(whoMay(d.d, now)).toEqual(['Bo', 'cy@shop.example']);
    expect(missingWords(d.d, now)).toBe('2 of 2 approvals are missing, Bo or cy@shop.example may give them');
    d.ask(approve);
    expect(missingWords(d.d, now)).toBe('1 of 2 approvals is missing, cy@shop.example may give it');
  });

  it('T3 may be given before they are asked for, once there is a tested candidate, and count then', () => {
    const d = drive({
      plan: plan({ phases: [phase(5), phase(100)], approval: { byAnother: true, timeoutMs: minute } }),
    }).until('observe');
    d.start();
    d.ask(approve);
    expect(d.last).toMatchObject({ type: 'approval.given', phase: -1 });
    d.watch();
    expect(d.events.some(({ type }) => type === 'approval.requested')).toBe(false);
    expect(d.d.phase).toBe(1);
  });

  it('T3 that are too old count no longer, and are asked for again', () => {
    const d = asked({ count: 2, validForMs: 10 * minute }).ask(approve);
    const given = Date.parse(d.d.yeses?.[0]?.at ?? '');
    const tick = (ms: number) => decide(d.d, { kind: 'tick' }, new Date(given + ms));
    expect(tick(10 * minute - 1)).toEqual([]);
    expect(tick(10 * minute)).toMatchObject([{ type: 'approval.expired', by: ['Bo'] }]);
    const request = { id: 'late', command: approve, by: { name: 'Cy', face: 'cli' } } as const;
    const late = decide(d.d, { kind: 'request', request }, new Date(given + 11 * minute));
    expect(late.map(({ type }) => type)).toEqual(['approval.expired', 'command.received', 'approval.given']);
    expect(late.at(-1)).toMatchObject({ missing: 1 });
    d.add(...late);
    expect(d.d.status.kind, 'the second yes alone is not enough').toBe('paused');
  });

  it('T3 can be asked for before any traffic', () => {
    const d = asked({ before: 'rollout' });
    expect([d.d.phase, d.d.status]).toEqual([
      -1,
      expect.objectContaining({ reason: 'the rollout needs an approval' }),
    ]);
    d.ask(approve);
    expect([d.d.phase, d.d.weight.wanted]).toEqual([0, 5]);
    expect(d.until().last).toMatchObject({ outcome: 'succeeded' });
  });
});
