import { render } from 'ink-testing-library';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { App } from '../../components/App.tsx';
import { widthOf } from '../../components/fit.ts';
import { keymap } from '../../components/keymap.ts';
import { OrchestraError } from '../../src/domain/errors.ts';
import type { EventBody } from '../../src/domain/event.ts';
import { attach } from '../../store/attach.ts';
import { createUiStore, type UiStore } from '../../store/create-store.ts';
import { StoreContext } from '../../store/hooks.ts';
import { FakeOrchestrator, type FakeOptions, pastDeployments } from '../harness/fake-orchestrator.ts';
import { discoveryOf } from '../harness/features.ts';
import { counts, JournalBuilder, sample } from '../harness/journal.ts';

let end: (() => void) | undefined;
afterEach(() => end?.());

interface Opened {
  store: UiStore;
  fake: FakeOrchestrator;
  frame: () => string;
  press: (keys: string) => void;
  sees: (text: string | RegExp) => Promise<void>;
}

function open(options: FakeOptions = {}): Opened {
  const fake = new FakeOrchestrator(options);
  const store = createUiStore({ columns: 100, rows: 30 }, Date.parse('2026-11-21T10:15:20.000Z'));
  const screen = render(
    <StoreContext.Provider value={store}>
      <App onSuspend={() => undefined} />
    </StoreContext.Provider>,
  );
  attach(store, fake, {
    actor: { name: 'Ada', face: 'ui' },
    now: () => Date.parse('2026-11-21T10:15:25.000Z'),
  });
  end = () => {
    store.getState().link?.detach();
    screen.unmount();
  };
  const frame = () => screen.lastFrame() ?? '';
  return {
    store,
    fake,
    frame,
    press: (keys) => screen.stdin.write(keys),
    sees: (text) =>
      vi.waitFor(
        () => (typeof text === 'string' ? expect(frame()).toContain(text) : expect(frame()).toMatch(text)),
        5000,
      ),
  };
}

const running = () =>
  new JournalBuilder().requested().staged().advance('testing').tested().advance('learning');

describe('the screen', () => {
  it('U4 shows what waits, where to, and how risky it is', async () => {
    const s = open();
    await s.sees('orchestra ─ shop ▸ production ─ main ← dev ─ HIGH RISK ─ 5 features');
    await s.sees('fix(auth): refuse expired tokens');
    await s.sees('must include: a security fix');
  });

  it('S2 shows the four buckets and every feature in one of them', async () => {
    const s = open();
    await s.sees('5 features');
    s.press('2');
    for (const bucket of ['MUST INCLUDE (1)', 'RECOMMENDED (1)', 'OPTIONAL (2)', 'NOT RECOMMENDED (1)'])
      await s.sees(bucket);
    await s.sees('[+] feat(cart): baskets with a lifetime');
    await s.sees('riskiest pr-812 0.93 (0.82–0.97, n=23)');
  });

  it('D10 says what to do when nothing waits', async () => {
    const s = open({ discovery: discoveryOf([], ['dev and main are the same: commit something first.']) });
    await s.sees('Nothing waits to be shipped');
    await s.sees('dev and main are the same');
  });

  it('shows an error as a card with its next step', async () => {
    const s = open({
      discovery: new OrchestraError('shallow', 'The clone is shallow.', { hint: 'git fetch --unshallow' }),
    });
    await s.sees('✖ The clone is shallow.');
    await s.sees('→ git fetch --unshallow');
  });

  it('says how to get an orchestra.yaml where there is none, and shows the changes all the same', async () => {
    const s = open({
      settings: new OrchestraError('no-config', 'There is no orchestra.yaml.', {
        hint: 'Run `orchestrate init`.',
      }),
    });
    await s.sees('! There is no orchestra.yaml. Run `orchestrate init`.');
    await s.sees('fix(auth): refuse expired tokens');
    s.press('2n');
    await s.sees('Not now: There is no orchestra.yaml. Run `orchestrate init`.');
  });

  it('S5 shows the canary beside stable: weights, requests, errors, latencies, the countdown and decisions', async () => {
    const journal = running().rollingOut(0);
    journal.add(
      { type: 'measured', phase: 0, sample: sample(22, 5, counts(14_345, 14), counts(1617, 10, 16)) },
      {
        type: 'phase.decided',
        phase: 0,
        decision: {
          kind: 'pause',
          verdict: { kind: 'inconclusive', rule: 'sample', reason: 'too few requests', data: {} },
        },
      },
    );
    const s = open({ running: journal });
    await s.sees('traffic of the load generator');
    await s.sees('wanted 5 %');
    await s.sees(/stable\s+2,000\s+0\.10 %\s+4\.1 ms/);
    await s.sees(/candidate\s+1,617\s+0\.62 %\s+4\.7 ms/);
    await s.sees('pause: too few requests');
  });

  it('S5 counts a phase down', async () => {
    const s = open({ running: running().rollingOut(0) });
    await s.sees(/▸ +5 % .* 3 s left/);
    await s.sees(/ 25 % .* waits/);
  });

  it('S4 shows suites as they run, their output live, and their results', async () => {
    const journal = new JournalBuilder().requested().staged().advance('testing');
    const suite = { name: 'unit', kind: 'unit' as const, run: 'npm test', timeoutMs: 60_000 };
    const start: EventBody = { type: 'effect.started', effect: { kind: 'run-suite', id: 'e', suite } };
    journal.add({ type: 'stage.started', stage: 'testing' }, start);
    const s = open({ running: journal, documents: { unit: ['ok 1 - adds', 'ok 2 - takes away'] } });
    await s.sees(/unit +unit +running/);
    await s.sees('ok 2 - takes away');
    await s.sees(/smoke +smoke +waits/);
    journal.add({
      type: 'suite.finished',
      effect: 'e',
      result: {
        suite: 'unit',
        kind: 'unit',
        status: 'failed',
        exitCode: 1,
        durationMs: 1500,
        log: 'l',
        tail: ['not ok 3'],
      },
    });
    s.fake.publish();
    await s.sees(/✖ unit +unit +failed +2 s +exit 1/);
    await s.sees('not ok 3');
  });

  it('S3 opens a paper in place', async () => {
    const s = open({
      running: new JournalBuilder().requested().staged(),
      documents: { 'guide.md': ['# Deployment guide'] },
    });
    await s.sees('▸ guide.md');
    s.press('\r');
    await s.sees('# Deployment guide');
  });

  it('S6 shows the lessons and what they changed', async () => {
    const s = open({ running: running().rollingOut(3) });
    await s.sees('Production');
    s.fake.journal?.finished();
    s.fake.publish();
    s.press('6');
    await s.sees('feature success 0.80 → 0.83 (n=24)');
    await s.sees('✔ succeeded');
  });

  it('W2 draws only the rows in sight of ten thousand deployments', async () => {
    const s = open({ rows: pastDeployments(10_000) });
    await s.sees('5 features');
    s.press('H');
    await s.sees('1 of 10000');
    s.press('j'.repeat(500));
    await s.sees('501 of 10000');
    const rows = s.frame().match(/20260101_\d{6}/g) ?? [];
    expect(rows).toHaveLength(24);
    expect(s.frame()).toMatch(/▸ 20260101_009500/);
  });

  it('keeps the columns of the history straight where titles are wide', async () => {
    const s = open({ rows: pastDeployments(30) });
    await s.sees('5 features');
    s.press('H');
    await s.sees('日本語');
    for (const line of s
      .frame()
      .split('\n')
      .filter((l) => l.startsWith('│')))
      expect(widthOf(line)).toBe(100);
  });

  it('asks before a rollout is taken back, and stands on no', async () => {
    const s = open({ running: running().rollingOut(1) });
    await s.sees('wanted 25 %');
    s.press('r');
    await s.sees('Roll back?');
    await s.sees('release/20261121_101500 (2222222) → v1 (1111111)');
    await s.sees('▸ [ No ]');
    s.press('\r');
    await s.sees('wanted 25 %');
    expect(s.fake.asked).toEqual([]);
    s.press('r');
    await s.sees('Roll back?');
    s.press('y');
    await vi.waitFor(() => expect(s.fake.asked.map((a) => a.command)).toEqual(['abort']));
  });

  it('lists every key under ?, with the reason where it does nothing now', async () => {
    const s = open();
    await s.sees('5 features');
    s.press('?');
    await s.sees('Keys');
    let seen = s.frame();
    for (let i = 0; i < 20; i += 1) {
      s.press('j');
      await vi.waitFor(() =>
        expect(s.store.getState().session.scroll).toBeGreaterThanOrEqual(
          Math.min(i + 1, s.store.getState().session.scrollLimit),
        ),
      );
      seen += s.frame();
    }
    await vi.waitFor(() => expect(s.frame()).toContain('MARKS'));
    seen += s.frame();
    for (const { shown } of keymap) expect(seen).toContain(shown);
    expect(seen).toContain('not now: no deployment is under way');
  });

  it('says why a key does nothing', async () => {
    const s = open();
    await s.sees('5 features');
    s.press('p');
    await s.sees('p works in production.');
    s.press('5p');
    await s.sees('Not now: no deployment is under way.');
  });

  it('filters as one types, and shows all again on esc', async () => {
    const s = open();
    await s.sees('5 features');
    s.press('/cart');
    await s.sees('3 features');
    s.press('\r');
    await s.sees('filter: cart');
    s.press('\u001b');
    await s.sees('5 features');
  });
});
