import { describe, expect, it } from 'vitest';
import { failuresOf } from '../../../src/learning/analysis/counting.ts';
import { doraOf } from '../../../src/learning/analysis/dora.ts';
import { dayOf, pastRow, readPast } from '../../harness/history.ts';

const now = Date.parse(`${dayOf(28)}T09:00:00.000Z`);
const hour = 3_600_000;

describe('what failed its users', () => {
  it('M7 is what was taken back with users on it, from their first request until all had stable again', () => {
    const back = pastRow(dayOf(1), { outcome: 'rolled_back' });
    const blocked = pastRow(dayOf(2), { outcome: 'blocked' });
    const neverUp = pastRow(dayOf(3), { outcome: 'failed', facts: { says: 'failure' } });
    delete neverUp.facts?.exposedAt;
    expect([...failuresOf(readPast([back, blocked, neverUp]))]).toEqual([
      [back.id, { since: `${dayOf(1)}T09:01:00.000Z`, until: `${dayOf(1)}T09:10:00.000Z` }],
    ]);
  });

  it('M7 is also what succeeded and was left for an earlier version later, from when somebody asked for that', () => {
    const first = pastRow(dayOf(0), { version: 'v1' });
    const bad = pastRow(dayOf(1), { version: 'v2' });
    const back = pastRow(dayOf(2), { kind: 'rollback', version: 'v1', facts: { says: 'nothing' } });
    expect([...failuresOf(readPast([back, bad, first]))]).toEqual([
      [bad.id, { since: `${dayOf(2)}T09:00:00.000Z`, until: `${dayOf(2)}T09:10:00.000Z` }],
    ]);
  });

  it('M7 a halted one lasts until something succeeds again', () => {
    const halted = pastRow(dayOf(1), { outcome: 'halted' });
    const better = pastRow(dayOf(2));
    expect(failuresOf(readPast([halted])).get(halted.id)?.until).toBeUndefined();
    expect(failuresOf(readPast([halted, better])).get(halted.id)?.until).toBe(`${dayOf(2)}T09:10:00.000Z`);
  });
});

describe('the four DORA metrics', () => {
  it('M7 of four weeks, worked out by hand', () => {
    const rows = [
      ...[0, 3, 6, 9, 12, 15].map((day) => pastRow(dayOf(day))),
      pastRow(dayOf(20), { outcome: 'rolled_back' }),
      pastRow(dayOf(21), { outcome: 'blocked' }),
    ];
    const dora = doraOf(readPast(rows), undefined, now);
    expect(dora.environment).toBe('production');
    expect(dora.window.days).toBe(28);
    expect(dora.deploymentFrequency).toMatchObject({ n: 6, perWeek: 1.5 });
    expect(dora.leadTime).toEqual({
      n: 6,
      medianMs: 24 * hour + 600_000,
      interval: [24 * hour + 600_000, 24 * hour + 600_000],
    });
    expect(dora.changeFailureRate).toMatchObject({ count: 1, n: 7 });
    expect(dora.timeToRestore).toEqual({ n: 1, medianMs: 540_000, interval: null });
  });

  it('M7 counts a feature the first time it serves everybody, and no commit from the future', () => {
    const feature = [{ id: 'cart', title: 'feat: cart' }];
    const rows = [
      pastRow(dayOf(0), { features: feature, outcome: 'rolled_back' }),
      pastRow(dayOf(1), { features: feature }),
      pastRow(dayOf(2), { features: feature }),
      pastRow(dayOf(3), { facts: { written: [`${dayOf(9)}T09:00:00.000Z`] } }),
      pastRow(dayOf(4), { facts: { written: [null] } }),
    ];
    expect(doraOf(readPast(rows), 'production', now).leadTime.n).toBe(1);
  });

  it('M7 looks back a quarter of a year, at one environment', () => {
    const rows = [
      pastRow('2025-01-01'),
      pastRow(dayOf(0)),
      pastRow(dayOf(1), { environment: 'staging' }),
      pastRow(dayOf(2), { environment: 'staging' }),
    ];
    expect(doraOf(readPast(rows), undefined, now).deploymentFrequency.n).toBe(1);
    expect(doraOf(readPast(rows), 'staging', now).deploymentFrequency.n).toBe(2);
  });

  it('gives no rate a week for a history of some days, and nothing for none', () => {
    const young = doraOf(readPast([pastRow(dayOf(26)), pastRow(dayOf(27))]), undefined, now);
    expect(young.deploymentFrequency).toEqual({ n: 2, perWeek: null, interval: null });
    const none = doraOf([], undefined, now);
    expect(none).toMatchObject({ environment: null, leadTime: { n: 0, medianMs: null } });
  });
});
