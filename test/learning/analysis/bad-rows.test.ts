import { describe, expect, it } from 'vitest';
import { analysisLines } from '../../../components/analysis/analysis-lines.ts';
import { exportAnalysis } from '../../../src/domain/analysis-export.ts';
import { exportFormats } from '../../../src/domain/history-export.ts';
import { patternsSchema, type HistoryRow } from '../../../src/domain/memory.ts';
import { inPieces } from '../../../src/engine/in-pieces.ts';
import { analyse, analysing } from '../../../src/learning/analysis/analyse.ts';
import { analysisTabs } from '../../../store/state.ts';
import { dayOf, pastRow } from '../../harness/history.ts';

const patterns = patternsSchema.parse({ schema: 'orchestra/patterns@1' });
const now = Date.parse(`${dayOf(60)}T00:00:00.000Z`);
const of = (rows: readonly HistoryRow[]) => analyse({ rows, now }, patterns);
const sound = Array.from({ length: 30 }, (_, i) =>
  pastRow(dayOf(i), { outcome: i % 6 === 5 ? 'rolled_back' : 'succeeded' }),
);

/** Every number of an analysis is one, and every share lies in its interval. */
function expectSound(analysis: ReturnType<typeof of>): void {
  const text = JSON.stringify(analysis, (_key, value: unknown) => {
    if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`${value} in an analysis`);
    return value;
  });
  expect(text.length).toBeGreaterThan(0);
  for (const { count, n, interval, p, adjusted } of analysis.comparisons) {
    expect(interval[0]).toBeLessThanOrEqual(count / n + 1e-9);
    expect(interval[1]).toBeGreaterThanOrEqual(count / n - 1e-9);
    expect(p).toBeGreaterThanOrEqual(0);
    expect(adjusted ?? 1).toBeGreaterThanOrEqual(p);
    expect(adjusted ?? 1).toBeLessThanOrEqual(1);
  }
  for (const tab of analysisTabs) expect(analysisLines(analysis, tab, 58).length).toBeGreaterThan(0);
  for (const format of exportFormats) expect(exportAnalysis(analysis, format)).toMatch(/\n$/);
}

describe('rows that a person or a clock spoiled', () => {
  it.each([
    ['no date', { startedAt: 'yesterday' }],
    ['an empty date', { startedAt: '' }],
    ['a date before there were clocks', { startedAt: '-100000-01-01T00:00:00.000Z' }],
    ['a date beyond every calendar', { startedAt: '+275760-01-01T00:00:00.000Z' }],
    ['a duration that no clock measures', { durationMs: 1e308 }],
    ['a duration below nothing', { durationMs: -5 }],
    ['an end that is none', { facts: { settledAt: 'soon' } }],
    ['users at no time', { facts: { exposedAt: 'never' } }],
  ])('leaves out one with %s, and says so', (_what, over) => {
    const bad = pastRow(dayOf(31));
    const row: HistoryRow = {
      ...bad,
      ...over,
      facts: bad.facts && { ...bad.facts, ...('facts' in over ? over.facts : {}) },
    };
    const analysis = of([...sound, row]);
    expect(analysis.looked).toEqual({ deployments: 31, counted: 30, unread: 1, misdated: 1 });
    expectSound(analysis);
  });

  it('counts a deployment that stands there twice once', () => {
    expect(of([...sound, ...sound, ...sound]).looked).toEqual({ deployments: 30, counted: 30, unread: 0 });
  });

  it('a clock that stood in 1970 or 2099 spoils neither what is there nor how often was deployed lately', () => {
    const analysis = of([...sound, pastRow('1970-01-01T00:00:01.000Z'), pastRow('2099-12-31T23:59:59.000Z')]);
    expect(analysis.looked.counted).toBe(32);
    expect(analysis.dora.deploymentFrequency.n).toBe(25);
    expectSound(analysis);
  });

  it('takes names for nothing but names, and numbers only where they are some', () => {
    const analysis = of(
      ['__proto__', 'constructor', 'toString', '\u001b[2J<script>|', '=1+1'].flatMap((name, k) =>
        Array.from({ length: 20 }, (_, i) =>
          pastRow(dayOf(i), {
            id: `${name}-${i}`,
            environment: name,
            strategy: name,
            outcome: k === 1 && i > 2 ? 'rolled_back' : 'succeeded',
            facts: {
              types: [name, name],
              flags: [name],
              areas: [name],
              lines: 1e308,
              experience: 1e308,
              written: [name],
            },
          }),
        ),
      ),
    );
    expectSound(analysis);
    const [type] = analysis.trends.byType.filter(({ key }) => key === 'constructor');
    expect(type).toMatchObject({ count: 3, n: 20 });
    expect(analysis.recommendations.length).toBeGreaterThan(0);
    for (const { text } of analysis.recommendations) expect(text).not.toMatch(/native code|\[object/);
  });

  it.each([
    ['well', 'succeeded' as const],
    ['badly', 'rolled_back' as const],
  ])('finds nothing to tell apart where all went %s', (_how, outcome) => {
    const analysis = of(sound.map((row, i) => pastRow(dayOf(i), { id: row.id, outcome })));
    expect(analysis.comparisons.map(({ verdict }) => verdict)).not.toContain('worse');
    expect(analysis.comparisons.map(({ verdict }) => verdict)).not.toContain('better');
    expect(analysis.best.every(({ verdict }) => verdict === 'too-little')).toBe(true);
    expectSound(analysis);
  });

  it('thousands of kinds stay a few that are told', () => {
    const rows = Array.from({ length: 3000 }, (_, i) =>
      pastRow(dayOf(i % 50), {
        id: `d-${i}`,
        environment: `e-${i}`,
        strategy: `s-${i}`,
        facts: { types: [`t-${i}`], areas: [`a-${i}`, 'src'] },
      }),
    );
    const { trends, comparisons } = of(rows);
    for (const groups of [trends.byType, trends.byEnvironment, trends.byStrategy, trends.byArea])
      expect(groups.length).toBeLessThanOrEqual(40);
    expect(trends.byArea.map(({ key }) => key)).toContain('src');
    expect(comparisons.length).toBeLessThan(250);
  });
});

describe('a long history', () => {
  it('is added up in pieces, to the same as at once, and lets others have their turns', async () => {
    const rows = Array.from({ length: 20_000 }, (_, i) =>
      pastRow(dayOf(i % 900), { id: `d-${i}`, outcome: i % 7 === 0 ? 'rolled_back' : 'succeeded' }),
    );
    const pieces = analysing({ rows, now }, patterns);
    let count = 0;
    let step = pieces.next();
    for (; !step.done; step = pieces.next()) count += 1;
    expect(count).toBeGreaterThan(30);
    let turns = 0;
    const others = setInterval(() => (turns += 1), 0);
    const analysis = await inPieces(analysing({ rows, now }, patterns));
    clearInterval(others);
    expect(analysis).toEqual(step.value);
    expect(turns).toBeGreaterThan(0);
  });

  it('is given up when nobody waits for it any more', async () => {
    const endless = (function* (): Generator<void, never, void> {
      for (;;) yield;
    })();
    await expect(inPieces(endless, AbortSignal.timeout(20))).rejects.toThrow();
  });
});
