import { afterEach, describe, expect, it, vi } from 'vitest';
import { widthOf } from '../../components/fit.ts';
import { commands } from '../../store/commands/registry.ts';
import { selectionLines } from '../../components/selection/selection-lines.ts';
import { choiceIn } from '../../src/domain/choice.ts';
import { OrchestraError } from '../../src/domain/errors.ts';
import type { EventBody } from '../../src/domain/event.ts';
import { setSession } from '../../store/create-store.ts';
import { discoveryRows, selectionRows } from '../../store/rows.ts';
import { type FakeOptions, pastDeployments } from '../harness/fake-orchestrator.ts';
import { discoveryOf, feature, shopFeatures } from '../harness/features.ts';
import { counts, JournalBuilder, sample } from '../harness/journal.ts';
import { openScreen, type Screen, stillClock } from '../harness/screen.tsx';

let end: (() => void) | undefined;
afterEach(() => end?.());

function open(options: FakeOptions = {}): Screen {
  const screen = openScreen(options, undefined, stillClock);
  end = screen.close;
  return screen;
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
    await s.sees(/\[\+\] feat\(cart\): baskets with a lifetime .* ← #801 cart\.ts:88/);
    await s.sees('riskiest pr-812 0.93 (0.82–0.97, n=23)');
  });

  it('D6 shows both directions of a dependency and the commits by name, opened in place', async () => {
    const s = open();
    await s.sees('5 features');
    s.press('2jj\r');
    await s.sees('[+] Comes along: pr-801 needs it: cart.ts:88 was written there');
    await s.sees('NEEDED BY');
    s.press(']');
    await s.sees('subject of aaaa');
  });

  it('S2 lists what the base holds last, and says why it cannot be taken', async () => {
    const held = feature('pr-700', { title: 'fix: shipped before', onBase: true, bucket: 'optional' });
    const s = open({ discovery: discoveryOf([held, ...shopFeatures()]) });
    await s.sees('5 features');
    s.press('2');
    await s.sees('ON THE BASE ALREADY (1)');
    s.press('G ');
    await s.sees('Not now: pr-700 is on the base already: selecting it adds nothing.');
    expect(s.store.getState().selection.closed?.selected).not.toContain('pr-700');
  });

  it('D8 shows the maximum, and says when more than that is selected', async () => {
    const discovery = discoveryOf(shopFeatures());
    const s = open({
      discovery: { ...discovery, deployment: { ...discovery.deployment, maxFeatures: 2 } },
    });
    await s.sees('5 features');
    s.press('2');
    await s.sees('3 of 5 · max 2');
    await s.sees('! 3 features, over the maximum of 2 for one deployment; 1 must may exceed it');
  });

  it('S2 counts and marks what is new since the person chose, and finds it by that word', async () => {
    const features = shopFeatures().map((f, i) => ({ ...f, commits: [String(i).repeat(40)] }));
    const before = choiceIn(discoveryOf(features.slice(0, 3)), 'recommended', ['pr-812', 'pr-801']);
    const s = open({
      discovery: discoveryOf(features),
      saved: { schema: 'orchestra/selection@1', selected: ['pr-812'], added: [], choice: before },
    });
    await s.sees('5 features');
    s.press('2');
    await s.sees('2 new since you chose');
    await s.sees('[ ] new feat(cart): share a basket');
    s.press('/new\r');
    await vi.waitFor(() =>
      expect(selectionRows(s.store.getState()).map((f) => f.id)).toEqual(['pr-803', 'pr-820']),
    );
  });

  it('S2 filters by author, path, bucket and flag, and goes round its orders', async () => {
    const s = open();
    await s.sees('5 features');
    s.press('2');
    const found = (text: string) => {
      setSession(s.store, { filter: { view: 'selection', text, typing: false } });
      return selectionRows(s.store.getState()).map((f) => f.id);
    };
    expect(found('ada cart')).toEqual(['pr-801', 'pr-799', 'pr-803']);
    expect(found('src/pr-820')).toEqual(['pr-820']);
    expect(found('not recommended')).toEqual(['pr-820']);
    expect(found('schema')).toEqual(['pr-801']);
    expect(found('')).toHaveLength(5);
    setSession(s.store, { sort: 'largest' });
    expect(
      discoveryRows(s.store.getState())
        .map((f) => f.id)
        .slice(0, 2),
    ).toEqual(['pr-801', 'pr-812']);
    setSession(s.store, { sort: 'riskiest' });
    expect(discoveryRows(s.store.getState())[0]?.id).toBe('pr-820');
  });

  it.each([
    [80, 24],
    [100, 40],
  ])(
    'W2 keeps its columns with five thousand features and hostile titles at %i × %i',
    async (columns, rows) => {
      const many = Array.from({ length: 5000 }, (_, i) =>
        feature(`pr-${i + 1}`, {
          title: i % 3 === 0 ? `日本語 \u001b[2Jnumber ${i}` : `feat: \u202ereversed 👩‍👩‍👧 ${i}`,
          dependsOn: i > 0 ? [{ id: `pr-${i}`, because: [{ kind: 'line', path: 'a.ts', line: 3 }] }] : [],
          bucket: i === 4000 ? 'recommended' : 'optional',
        }),
      );
      const s = open({ discovery: discoveryOf(many) });
      setSession(s.store, { size: { columns, rows } });
      await s.sees('5000 features');
      s.press('2');
      await s.sees('OPTIONAL (4999) · 4000 selected');
      s.press('jj');
      await s.sees('← #2 a.ts:3');
      for (const [width, height] of [
        [58, 20],
        [98, 36],
        [178, 56],
      ] as const)
        for (const line of selectionLines(s.store.getState(), discoveryOf(many), { width, height }).list)
          expect(line.reduce((sum, { text }) => sum + widthOf(text), 0)).toBeLessThanOrEqual(width);
      for (const line of s
        .frame()
        .split('\n')
        .filter((l) => l.startsWith('│'))) {
        expect(widthOf(line), line).toBe(columns);
        expect(line).not.toMatch(/\u202e|\u001b\[2J/);
      }
    },
  );

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
    await s.sees(/Deployment guide +│\n.*═{20}/);
  });

  it('S3 says where the papers are, also once the deployment is over', async () => {
    const journal = running().rollingOut(3);
    const s = open({ running: journal });
    await s.sees('Production');
    s.press('3');
    await s.sees('in deployment_memory/current/');
    journal.finished();
    s.fake.publish();
    await s.sees('in deployment_memory/history/');
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
    for (let i = 0; i === 0 || i < s.store.getState().session.scrollLimit; i += 1) {
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
    for (const { shown } of commands) expect(seen).toContain(shown);
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
