import { afterEach, describe, expect, it, vi } from 'vitest';
import { widthOf } from '../../components/fit.ts';
import { OrchestraError } from '../../src/domain/errors.ts';
import type { Orchestrator } from '../../src/engine/orchestrator.ts';
import { historyRowOf } from '../../src/domain/history-row.ts';
import { learningReportSchema } from '../../src/domain/learning-report.ts';
import { patternsSchema } from '../../src/domain/memory.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import { learnFrom } from '../../src/learning/learn.ts';
import { opinionAfter } from '../../src/planning/assessment/opinion.ts';
import { setSession } from '../../store/create-store.ts';
import { aRollback, aSuccess, sha, shipped } from '../harness/deployment.ts';
import { FakeOrchestrator, type FakeOptions } from '../harness/fake-orchestrator.ts';
import { dayOf, pastRow } from '../harness/history.ts';
import { openScreen, type Screen } from '../harness/screen.tsx';

let end: (() => void) | undefined;
afterEach(() => end?.());

function open(options: FakeOptions = {}, size = { columns: 80, rows: 24 }): Screen {
  const screen = openScreen(options, size, { opened: 0, now: () => 0 });
  end = screen.close;
  return screen;
}

const nothing = patternsSchema.parse({ schema: 'orchestra/patterns@1' });

/** Two deployments that share one feature, as the history keeps them. */
function pastTwo() {
  const cart = shipped('cart', { commits: [sha('1')] });
  const well = aSuccess(
    '20260131_142500',
    cart,
    shipped('auth', { commits: [sha('2')], paths: ['src/auth.ts'] }),
  );
  const badly = aRollback(
    '20260201_142500',
    cart,
    shipped('mail', { commits: [sha('3')], paths: ['src/mail.ts'] }),
  );
  const rowOf = (deployment: Deployment) => {
    const row = historyRowOf(deployment);
    if (!row) throw new Error('it has not ended');
    return row;
  };
  const { report } = learnFrom(nothing, badly, opinionAfter);
  return {
    rows: [rowOf(badly), rowOf(well)],
    records: { [well.id]: well, [badly.id]: badly },
    learningReports: { [badly.id]: learningReportSchema.parse(JSON.parse(report.text)) },
  };
}

describe('the history', () => {
  it('W2 is put into another order, the head of its column marked', async () => {
    const s = open({
      rows: [
        pastRow(dayOf(2), { id: '20260107_090000', outcome: 'succeeded' }),
        pastRow(dayOf(1), { id: '20260106_090000', outcome: 'rolled_back' }),
      ],
    });
    await s.sees('5 features');
    s.press('H');
    await s.sees('deployment ▼');
    expect(s.frame().indexOf('20260107')).toBeLessThan(s.frame().indexOf('20260106'));
    s.press('o');
    await s.sees('what went worst first');
    s.press('outcome\r');
    await s.sees('outcome ▼');
    expect(s.frame().indexOf('20260106')).toBeLessThan(s.frame().indexOf('20260107'));
  });

  it('W2 is searched by words and by field, says which fields there are, and what it does not understand', async () => {
    const s = open({
      rows: [pastRow(dayOf(2), { environment: 'staging' }), pastRow(dayOf(1), { outcome: 'rolled_back' })],
    });
    await s.sees('5 features');
    s.press('H/');
    await s.sees('words, or feature: status: env: strategy: since: until:');
    s.press('status:rolled');
    await s.sees('1 of 1');
    s.press(' since:soon');
    await s.sees('! since is a day such as 2026-01-31');
    s.press('\u001b');
    await s.sees('2 of 2');
  });

  it('W2 writes what is listed into a new file of the chosen format, and says where', async () => {
    const s = open({ rows: [pastRow(dayOf(2)), pastRow(dayOf(1), { outcome: 'rolled_back' })] });
    await s.sees('5 features');
    s.press('H/status:rolled\r');
    await s.sees('1 of 1');
    s.press('X');
    await s.sees('Export the 1 listed to a new file');
    s.press('csv\r');
    await s.sees('1 deployment written to');
    expect(s.fake.exported.map(({ rows, format }) => [rows.length, format])).toEqual([[1, 'csv']]);
  });

  it('W2 opens a record in tabs, with its decisions, features, suites, events and lessons', async () => {
    const s = open(pastTwo(), { columns: 120, rows: 40 });
    await s.sees('5 features');
    s.press('H\r');
    await s.sees('[overview]');
    await s.sees(/production +failed|production +/);
    await s.sees('was thought');
    s.press(']');
    await s.sees('roll back: error rate 12.5 % is over 5 %');
    await s.sees(/candidate +400 requests, 12\.50 % failed/);
    s.press(']');
    await s.sees('[gates]');
    await s.sees(/in canary 5 % ─+ 2 passed, 2 skipped/);
    s.press(']');
    await s.sees('[features 2]');
    await s.sees(/0\.93 cart +feat: cart/);
    s.press(']');
    await s.sees(/✔ unit +passed/);
    s.press(']');
    await s.sees('[events]');
    s.press(']');
    await s.sees('features, chance of success before → after');
    await s.sees(/0\.93 → 0\.\d\d +feat: mail/);
    await s.sees('recommended → not recommended');
    await s.sees(/\+ all deployments +added +nothing known → 0 of 1/);
    s.press('[[[[[[');
    await s.sees('[overview]');
  });

  it('W2 compares two: what only one of them shipped, how they ended, how long and how well they ran', async () => {
    const s = open(pastTwo(), { columns: 120, rows: 50 });
    await s.sees('5 features');
    s.press('Hv');
    await s.sees('20260201_142500 is marked: go to another one and press v');
    await s.sees('◆ 20260201_142500');
    s.press('jv');
    await s.sees('Two deployments');
    await s.sees(/outcome +↩ rolled back +≠ ✔ succeeded/);
    await s.sees('only in 20260201_142500 (1)');
    await s.sees('mail  feat: mail');
    await s.sees('only in 20260131_142500 (1)');
    await s.sees('in both (1)');
    await s.sees(/errors +\d/);
    await s.sees('src/mail.ts');
    expect(s.store.getState().session.marked).toBeUndefined();
  });

  it('says what to do where there is none yet, and why it cannot be read', async () => {
    const s = open();
    await s.sees('5 features');
    s.press('H');
    await s.sees('No deployment has ended yet. Choose features in Selection');
    s.press('X');
    await s.sees('Not now: nothing is listed.');
  });

  it('shows as a card why the history cannot be read', async () => {
    const broken = vi.spyOn(FakeOrchestrator.prototype, 'history').mockImplementation(async () => {
      throw new OrchestraError('newer-schema', 'It is of a newer version.', { hint: 'Update.' });
    });
    const s = open();
    await s.sees('5 features');
    s.press('H');
    await s.sees('✖ It is of a newer version.');
    await s.sees('→ Update.');
    s.press('A');
    await s.sees('[overview]');
    await s.sees('✖ It is of a newer version.');
    broken.mockRestore();
  });

  it('shows why a record cannot be read, beside what its row says', async () => {
    const s = open({ rows: [pastRow(dayOf(2))], records: {} });
    await s.sees('5 features');
    s.fake.get = async () => {
      throw new OrchestraError('bad-journal', 'Its journal is damaged in line 7.', { hint: 'See docs.' });
    };
    s.press('H\r');
    await s.sees('✖ Its journal is damaged in line 7.');
    await s.sees('→ See docs.');
    await s.sees(/outcome +✔ succeeded/);
  });
});

describe('the analysis', () => {
  const rows = Array.from({ length: 40 }, (_, i) =>
    pastRow(dayOf(280 + i), {
      outcome: i % 8 === 7 ? 'rolled_back' : 'succeeded',
      environment: i % 4 === 0 ? 'staging' : 'production',
      facts: { types: [i % 3 === 0 ? 'fix' : 'feature'], probability: 0.5 + (i % 5) / 10 },
    }),
  ).toReversed();

  it('W3 M7 shows success, trends, comparisons, times, predictions and delivery, each with n, in 80 × 24', async () => {
    const s = open({ rows });
    await s.sees('5 features');
    s.press('A');
    await s.sees('35 of 40 (76–94 %)');
    await s.sees('taken back, of those that met users');
    s.press(']');
    await s.sees('[trends]');
    await s.sees('deployments a');
    s.press(']');
    await s.sees(/fix +·*├─+●─*┤·* \d+ of 14/);
    s.press(']');
    await s.sees(/Mon [· \d]+/);
    s.press(']');
    await s.sees('Brier score');
    await s.sees('◇');
    s.press(']');
    await s.sees('change failure rate');
    s.press(']');
    await s.sees('[overview]');
    for (const line of s
      .frame()
      .split('\n')
      .filter((text) => text.startsWith('│')))
      expect(widthOf(line)).toBe(80);
  });

  it('M7 is of one environment when asked to, and says where there is too little', async () => {
    const s = open({ rows: [...rows, pastRow(dayOf(1), { environment: 'drill' })] });
    await s.sees('5 features');
    s.press('A');
    await s.sees('36 of 41');
    s.press('odrill\r');
    await s.sees(/drill/);
    await s.sees('1 of 1 (27–100 %)');
    await s.sees('too few to say how it changed');
    s.press(']]]]');
    await s.sees('deployment with a prediction ended');
  });

  it('W3 X writes what is shown to a file, and says where it is', async () => {
    const s = open({ rows });
    await s.sees('5 features');
    s.press('A');
    await s.sees('35 of 40');
    s.press('X');
    await s.sees('Export the analysis to a new file');
    s.press('md\r');
    await s.sees('exports/analysis-20261121_101500.m');
    expect(s.fake.exportedAnalyses.map(({ format, analysis }) => [format, analysis.looked.counted])).toEqual([
      ['md', 40],
    ]);
  });

  it.each([58, 98, 178])('keeps every line within %i cells, whatever the names hold', async (width) => {
    const { analysisLines } = await import('../../components/analysis/analysis-lines.ts');
    const { analysisTabs } = await import('../../store/state.ts');
    const fake = new FakeOrchestrator({
      rows: rows.map((row, i) => ({
        ...row,
        strategy: i % 2 ? '日本語日本語日本語日本語' : '\u001b[2J\u202e',
      })),
    });
    const analysis = await fake.analysis();
    for (const tab of analysisTabs)
      for (const line of analysisLines(analysis, tab, width)) {
        const text = line.map((one) => one.text).join('');
        expect(widthOf(text), `${tab}: ${text}`).toBeLessThanOrEqual(width);
        expect(text).not.toMatch(/\u001b|\u202e/);
      }
  });

  it('tells how far the reading of old records is', async () => {
    const s = open({ rows });
    await s.sees('5 features');
    vi.spyOn(s.fake, 'analysis').mockImplementation(async (request) => {
      const { told }: Parameters<Orchestrator['analysis']>[0] & {} = request ?? {};
      told?.(300, 10_000);
      return new Promise(() => undefined);
    });
    s.press('A');
    await s.sees(/Reading the records of earlier deployments, once: 300 of/);
  });

  it('shows a failure as a card, and what to do where nothing was deployed', async () => {
    const s = open({ rows });
    await s.sees('5 features');
    s.fake.analysis = async () => {
      throw new OrchestraError('io', 'The disk does not answer.', { hint: 'Look at it.' });
    };
    s.press('A');
    await s.sees('✖ The disk does not answer.');
    await s.sees('→ Look at it.');
    end?.();
    const none = open();
    await none.sees('5 features');
    none.press('A');
    await none.sees('No deployment has ended yet.');
  });
});

describe('what is drawn of ten thousand deployments', () => {
  it('W2 is worked out once for an order and a search, not at every key', async () => {
    const { historyRows } = await import('../../store/history-list.ts');
    const s = open({
      rows: Array.from({ length: 10_000 }, (_, i) => pastRow(dayOf(i % 300), { id: `d${i}` })),
    });
    await s.sees('5 features');
    setSession(s.store, { view: 'history', historyOrder: 'version' });
    const first = historyRows(s.store.getState());
    setSession(s.store, { cursors: { ...s.store.getState().session.cursors, history: 5000 } });
    expect(historyRows(s.store.getState())).toBe(first);
  });
});
