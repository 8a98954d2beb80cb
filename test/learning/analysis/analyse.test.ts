import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { outcomeSchema } from '../../../src/domain/event.ts';
import type { HistoryRow } from '../../../src/domain/memory.ts';
import { patternsSchema } from '../../../src/domain/memory.ts';
import { analyse } from '../../../src/learning/analysis/analyse.ts';
import { dayOf, pastRow } from '../../harness/history.ts';

const patterns = patternsSchema.parse({ schema: 'orchestra/patterns@1' });
const now = Date.parse('2026-06-01T00:00:00.000Z');
const of = (rows: readonly HistoryRow[], environment?: string) =>
  analyse({ rows, now, ...(environment === undefined ? {} : { environment }) }, patterns);
/** `well` successes, then `badly` that were taken back, a day apart. */
const series = (well: number, badly: number, over: Parameters<typeof pastRow>[1] = {}, from = 0) =>
  Array.from({ length: well + badly }, (_, i) =>
    pastRow(dayOf(from + i), { ...over, outcome: i < well ? 'succeeded' : 'rolled_back' }),
  );

describe('what past deployments say', () => {
  it('M7 counts what says something of its changes: no returns, nothing that was blocked or stands still', () => {
    const rows = [
      ...series(3, 1),
      pastRow(dayOf(10), { outcome: 'blocked', facts: { says: 'stopped' } }),
      pastRow(dayOf(11), { kind: 'rollback', facts: { says: 'nothing' } }),
      pastRow(dayOf(12), { outcome: 'halted' }),
    ];
    const analysis = of(rows);
    expect(analysis.looked).toEqual({ deployments: 7, counted: 4, unread: 0 });
    expect(analysis.trends.success.all).toMatchObject({ count: 3, n: 4 });
  });

  it('says how many rows it could not use', () => {
    const { facts: _, ...bare } = pastRow(dayOf(0));
    expect(of([bare, pastRow(dayOf(1))]).looked).toEqual({ deployments: 2, counted: 1, unread: 1 });
  });

  it('M7 tells a trend day by day, week by week or by the month, with spans in which nothing was deployed', () => {
    const { success } = of([pastRow(dayOf(0)), pastRow(dayOf(2), { outcome: 'rolled_back' })]).trends;
    expect(success.unit).toBe('day');
    expect(success.periods.map(({ count, n }) => [count, n])).toEqual([
      [1, 1],
      [0, 0],
      [0, 1],
    ]);
    expect(of([pastRow(dayOf(0)), pastRow(dayOf(30))]).trends.success.periods).toHaveLength(5);
    expect(of([pastRow(dayOf(0)), pastRow(dayOf(600))]).trends.success.unit).toBe('month');
  });

  it('M7 speaks of a fall only where the intervals allow it', () => {
    expect(of([...series(20, 0), ...series(4, 16, {}, 20)]).trends.success.change.kind).toBe('down');
    expect(of([...series(5, 0), ...series(4, 1, {}, 5)]).trends.success.change.kind).toBe('unclear');
    expect(of(series(2, 0)).trends.success.change.kind).toBe('too-little');
  });

  it('M2 compares by type, size, batch, risk factor, strategy, environment and time', () => {
    const { trends } = of([
      pastRow(`${dayOf(0)}T14:30:00.000Z`, {
        facts: { types: ['feature', 'fix'], flags: ['schema'], lines: 500 },
      }),
      pastRow(`${dayOf(6)}T14:05:00.000Z`, { outcome: 'rolled_back', strategy: 'rolling', features: [] }),
    ]);
    expect(trends.byType.map(({ key, count, n }) => [key, count, n])).toEqual([
      ['feature', 1, 2],
      ['fix', 1, 1],
    ]);
    expect(trends.bySize.map(({ key }) => key)).toEqual(['large']);
    expect(trends.byRiskFactor.map(({ key }) => key)).toEqual(['schema']);
    expect(trends.byStrategy.map(({ key, count }) => [key, count])).toEqual([
      ['canary', 1],
      ['rolling', 0],
    ]);
    expect(trends.byTime.map(({ key }) => key)).toEqual(['0 14', '6 14']);
  });

  it('M3 holds predictions against outcomes: bins with n, and a Brier score worked out by hand', () => {
    const { calibration } = of([
      pastRow(dayOf(0), { facts: { probability: 0.9 } }),
      pastRow(dayOf(1), { facts: { probability: 0.9 }, outcome: 'rolled_back' }),
      pastRow(dayOf(2), { facts: { probability: 0.6 } }),
    ]);
    expect(calibration.brier).toBeCloseTo((0.01 + 0.81 + 0.16) / 3, 10);
    expect(calibration.baseRateBrier).toBeCloseTo(2 / 9, 10);
    expect(calibration.bins.map(({ from, predicted, count, n }) => [from, predicted, count, n])).toEqual([
      [0.6, 0.6, 1, 1],
      [0.9, 0.9, 1, 2],
    ]);
    expect(of([pastRow(dayOf(0), { facts: { probability: 1 } })]).calibration.bins[0]?.from).toBe(0.9);
  });

  it('W3 recommends where one kind fails beyond chance, with n and interval, and nothing by chance', () => {
    const rows = [...series(40, 0), ...series(4, 8, { facts: { flags: ['schema'] } }, 40)];
    const [first] = of(rows).recommendations;
    expect(first?.text).toMatch(
      /^Deployments with an additive schema change: 4 of 12 \(\d+–\d+ %\) succeeded, of the others 40 of 40 \(\d+–100 %\) \(p < 0\.001, all comparisons counted\): ship schema changes on their own/,
    );
    expect(first?.n).toBe(52);
    expect(first?.interval[1]).toBeLessThan(0);
    expect(
      of([...series(9, 1), ...series(7, 3, { facts: { flags: ['schema'] } }, 10)]).recommendations,
    ).toEqual([]);
  });

  it('M3 says when predictions hope too much', () => {
    const texts = of(series(10, 20)).recommendations.map(({ text }) => text);
    expect(texts).toContainEqual(
      expect.stringMatching(/^Predictions hope too much: 90 % on average, and 10 of 30/),
    );
  });

  it('M7 looks at one environment when asked to', () => {
    const rows = [...series(2, 0), ...series(0, 3, { environment: 'staging' }, 5)];
    expect(of(rows, 'staging').trends.success.all).toMatchObject({ count: 0, n: 3 });
    expect(of(rows).trends.byEnvironment.map(({ key, n }) => [key, n])).toEqual([
      ['production', 2],
      ['staging', 3],
    ]);
  });

  it('counts every deployment once, whatever the history looks like', () => {
    const row = fc
      .record({
        day: fc.integer({ min: 0, max: 900 }),
        second: fc.integer({ min: 0, max: 86_399 }),
        outcome: fc.constantFrom(...outcomeSchema.options),
        kind: fc.constantFrom('deploy' as const, 'rollback' as const),
        environment: fc.constantFrom('production', 'staging', '__proto__', 'constructor'),
        probability: fc.double({ min: 0, max: 1, noNaN: true }),
        type: fc.constantFrom('feature', 'fix', '__proto__'),
      })
      .map(({ day, second, probability, type, ...over }) =>
        pastRow(new Date(Date.UTC(2026, 0, 5 + day) + second * 1000).toISOString(), {
          ...over,
          facts: { probability, types: [type] },
        }),
      );
    fc.assert(
      fc.property(fc.array(row, { maxLength: 60 }), (rows) => {
        const { trends, calibration, looked } = of(rows);
        for (const { all, periods, blocks } of [trends.success, trends.rollback])
          for (const parts of [periods, blocks])
            expect([sum(parts, 'count'), sum(parts, 'n')]).toEqual([all.count, all.n]);
        expect(trends.success.all.n).toBe(looked.counted);
        expect(sum(calibration.bins, 'n')).toBe(calibration.n);
        expect(sum(trends.byTime, 'n')).toBe(looked.counted);
        for (const { count, n, interval } of [
          ...trends.byType,
          ...trends.byEnvironment,
          ...calibration.bins,
        ]) {
          expect(interval[0]).toBeLessThanOrEqual(count / n + 1e-9);
          expect(interval[1]).toBeGreaterThanOrEqual(count / n - 1e-9);
        }
      }),
      { numRuns: 60 },
    );
  });
});

function sum<K extends string>(parts: readonly Record<K, number>[], key: K): number {
  return parts.reduce((total, part) => total + part[key], 0);
}
