import { describe, expect, it } from 'vitest';
import { planOf, settingsWith, shown } from '../harness/assembled-plan.ts';

const flag = { flag: 'new-checkout', provider: 'file', path: 'flags.json' };

describe('the strategy feature-flag', () => {
  it('T1 T2 switches with the flag at 0 %, then raises it, and takes it back first', () => {
    const plan = planOf({ strategy: 'feature-flag', 'feature-flag': flag });
    expect(plan.phases.map((p) => [p.flag, p.weight, p.bakeMs])).toEqual([
      [0, 100, 120_000],
      [5, 100, 300_000],
      [25, 100, 300_000],
      [50, 100, 300_000],
      [100, 100, 300_000],
    ]);
    expect(plan.flag).toEqual({
      flag: 'new-checkout',
      provider: { kind: 'file', path: 'flags.json', on: 'on', off: 'off' },
      rollback: 'stable',
    });
    expect(plan.rollback[0]).toBe(
      'new-checkout is set to 0 % first and read again: nobody sees the feature any more.',
    );
    expect(plan.rollback[1]).toContain('all new requests to v1 again');
    expect(plan.notes[0]).toContain('compared with its own errors and latencies at 0 %');
    expect(shown(plan)).toMatch(/^ +flag 25 %  new-checkout at 25 %, watched 5 min$/m);
  });

  it('says which measures have nobody to compare with, and keeps the new version where that is wanted', () => {
    const orders = {
      name: 'orders',
      source: 'command',
      run: ['./orders'],
      compare: 'candidate-vs-stable',
      max_drop: 5,
    };
    const plan = planOf({
      strategy: 'feature-flag',
      'feature-flag': { ...flag, rollback: 'keep' },
      metrics: [orders],
    });
    expect(plan.notes.join('\n')).toContain('orders compare the candidate with stable, which has no traffic');
    expect(plan.rollback[1]).toContain(
      'Where the new version is healthy without the feature, it keeps serving',
    );
  });

  it('a first deployment and a return to an earlier version leave the flag alone', () => {
    const environment = { strategy: 'feature-flag', 'feature-flag': flag };
    expect(planOf(environment, { stable: null }).flag).toBeUndefined();
    expect(planOf(environment, { kind: 'rollback' }).flag).toBeUndefined();
  });

  it('is refused with what to write where the environment names no flag', () => {
    const asked = () => planOf({}, { flag: 'feature-flag' });
    expect(asked).toThrowError(expect.objectContaining({ code: 'bad-config', exit: 78 }));
  });

  it.each([
    ['a file without a path', { ...flag, path: undefined }],
    ['a command without a program', { flag: 'x', provider: 'command', set: ['a'] }],
    ['a file with a program', { ...flag, set: ['a'] }],
    ['steps that do not end with everybody', { ...flag, steps: [5, 50] }],
    ['half a percent', { ...flag, steps: [0.5, 100] }],
    ['one variant for both', { ...flag, on: 'x', off: 'x' }],
    ['a name that a shell would read', { ...flag, flag: '$(rm)' }],
  ])('refuses %s', (_, settings) => {
    expect(settingsWith({ 'feature-flag': settings }).success).toBe(false);
  });
});
