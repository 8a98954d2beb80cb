import { afterEach, describe, expect, it, vi } from 'vitest';
import { discoveryLines } from '../../components/discovery/discovery-lines.ts';
import { loadingLines } from '../../components/discovery/loading.ts';
import { flagLegend } from '../../components/feature-text.ts';
import { widthOf } from '../../components/fit.ts';
import { changeLine } from '../../components/selection/change-line.ts';
import { listedUnderHeads } from '../../components/selection/list.ts';
import { selectionLines } from '../../components/selection/selection-lines.ts';
import type { Line } from '../../components/theme.ts';
import type { Risk } from '../../src/domain/feature.ts';
import { initialState, type UiState } from '../../store/state.ts';
import type { FakeOptions } from '../harness/fake-orchestrator.ts';
import { discoveryOf, feature, shopFeatures } from '../harness/features.ts';
import { openScreen, type Screen } from '../harness/screen.tsx';

let screen: Screen | undefined;
afterEach(() => {
  screen?.close();
  screen = undefined;
});

async function inSelection(options: FakeOptions = {}): Promise<Screen> {
  const s = openScreen(options);
  screen = s;
  await s.sees(/\d features/);
  s.press('2');
  await s.sees('Selection ·');
  return s;
}

const textOf = (line: Line) => line.map(({ text }) => text).join('');

function loaded(discovery = discoveryOf(shopFeatures())): UiState {
  return { ...initialState({ columns: 120, rows: 40 }, 0), discovery: { status: 'loaded', discovery } };
}

const risk = (probability: number, level: Risk['level']): Risk => ({
  level,
  probability,
  interval: [0.5, 1],
  n: 9,
  factors: [],
});

describe('choosing what ships', () => {
  it('S2 shows the strategies in a list with what each comes to, and takes one', async () => {
    const s = await inSelection();
    await s.sees('Selection · all recommended · canary');
    s.press('s');
    await s.sees('What to ship');
    await s.sees(/▸ all recommended \(now\) +3 features · \+363 −32/);
    s.press('every\r');
    await s.sees('Selection · everything');
    await s.sees('5 of 5');
  });

  it('T1 shows the rollout strategies, and the one that was picked in the heading', async () => {
    const s = await inSelection();
    s.press('S');
    await s.sees('How to roll out to production');
    await s.sees(/canary +5 → 25 → 50 → 100 %, 40 s at least/);
    await s.sees(/feature-flag +not now: production names no flag: add one/);
    s.press('blue\r');
    await s.sees('Selection · all recommended · blue-green (picked)');
  });

  it('S2 tells what the last toggle changed', async () => {
    const s = await inSelection();
    expect(s.frame()).not.toContain('last change');
    s.press('G ');
    await s.sees('last change');
    await s.sees('+1 feature  +12 −3');
    s.press(' ');
    await s.sees('−1 feature  without +12 −3');
  });

  it('S2 words a change of chance, level and size', () => {
    const none = { features: 1, commits: 1, files: 1, additions: 10, deletions: 5, lowest: undefined };
    const more = { ...none, features: 3, additions: 320, deletions: 27 };
    const word = (...change: Parameters<typeof changeLine>) => textOf(changeLine(...change));
    expect(word({ risk: [risk(0.91, 'low'), risk(0.88, 'low')], was: none, is: more })).toBe(
      'last change  success 0.91 → 0.88  +2 features  +310 −22',
    );
    expect(word({ risk: [risk(0.91, 'medium'), risk(0.6, 'high')], was: more, is: none })).toBe(
      'last change  success 0.91 → 0.60  MEDIUM → HIGH RISK  −2 features  without +310 −22',
    );
    expect(
      word({ risk: [undefined, risk(0.9, 'low')], was: none, is: { ...none, additions: 20, deletions: 1 } }),
    ).toBe('last change  success 0.90  +10 −5 → +20 −1');
  });

  it('S2 keeps features, lines and the rollout in its heading however narrow it is', () => {
    const state = loaded();
    const [narrow, wide] = [46, 178].map((width) =>
      textOf(selectionLines(state, discoveryOf(shopFeatures()), { width, height: 30 }).top[0] ?? []),
    );
    expect(narrow).toMatch(/^Selection · all recommended +0 of 5 · \+0 −0$/);
    expect(wide).toMatch(/0 of 5 · 0 commits · 0 files · \+0 −0$/);
    expect(widthOf(narrow ?? '')).toBeLessThanOrEqual(46);
  });

  it('S2 finds every row under its heading, wherever the window stands', () => {
    const rows = (['must', 'recommended', 'recommended', 'optional'] as const).map((bucket, i) =>
      feature(`pr-${i}`, { bucket }),
    );
    const listed = listedUnderHeads([...rows, feature('pr-9', { onBase: true })], new Set(['pr-1']));
    const all = listed.items(0, listed.count);
    expect(all).toEqual([
      { head: 'MUST INCLUDE (1)' },
      { at: 0 },
      { head: 'RECOMMENDED (2) · 1 selected' },
      { at: 1 },
      { at: 2 },
      { head: 'OPTIONAL (1)' },
      { at: 3 },
      { head: 'ON THE BASE ALREADY (1)' },
      { at: 4 },
    ]);
    expect(all.map((item, place) => 'head' in item || listed.placeOf(item.at) === place)).not.toContain(
      false,
    );
    for (let from = 0; from < all.length; from += 1)
      for (let to = from; to <= all.length; to += 1)
        expect(listed.items(from, to)).toEqual(all.slice(from, to));
  });

  it('D6 counts the sentences that are not made', () => {
    const state = loaded();
    const told = { ...state.selection, told: ['one', 'two', 'three', 'four', 'five'], untold: 995 };
    const { below } = selectionLines({ ...state, selection: told }, discoveryOf(shopFeatures()), {
      width: 98,
      height: 36,
    });
    expect(below.map(textOf)).toContain('› … and 996 more');
  });

  it('explains the letters of the flags where there is room', () => {
    const state = loaded();
    const pane = { width: 98, height: 36 };
    const discovery = discoveryOf(shopFeatures());
    expect(discoveryLines(state, discovery, pane).lines.map(textOf).join('\n')).toContain(flagLegend);
    expect(selectionLines(state, discovery, pane).below.map(textOf)[0]).toContain(flagLegend);
    const narrow = discoveryLines(state, discovery, { width: 58, height: 20 }).lines;
    for (const line of narrow) expect(widthOf(textOf(line))).toBeLessThanOrEqual(200);
    expect(narrow.map(textOf).join('\n')).not.toContain(flagLegend);
  });
});

describe('what waits', () => {
  it('S1 says how many commits are read, once that takes longer than a second', async () => {
    let go = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    const s = openScreen({
      discovering: async (progress) => {
        progress(1280, 10_000);
        await held;
      },
    });
    screen = s;
    await s.sees('Looking at what waits to be shipped');
    await s.sees(/1280 of 10000 commits read · \d+ s/);
    go();
    await s.sees('5 features');
  });

  it('S1 says how long it takes where nothing else is known', () => {
    const texts = (...asked: Parameters<typeof loadingLines>) => loadingLines(...asked).map(textOf);
    expect(texts({ status: 'loading' }, 0, 60)).toEqual([' Looking at what waits to be shipped …']);
    expect(texts({ status: 'loading' }, 3, 60).at(-1)).toBe('  3 s');
    expect(texts({ status: 'loading', read: { done: 50, of: 50 } }, 4, 60).at(-1)).toBe(
      '  50 of 50 commits read; now what belongs together · 4 s',
    );
  });

  it('D10 shows the first notes, says that there are more, and reads them all out', async () => {
    const notes = [
      'The clone is shallow.',
      'The work tree has changes.',
      'A third thing.',
      'A fourth thing.',
    ];
    const s = openScreen({ discovery: discoveryOf(shopFeatures(), notes) }, { columns: 100, rows: 24 });
    screen = s;
    await s.sees('! The clone is shallow.');
    await s.sees('! 3 more notes: N reads them all');
    s.press('N');
    await s.sees('! A fourth thing.');
  });

  it('D10 says what to do when a filter leaves nothing', async () => {
    const s = openScreen();
    screen = s;
    await s.sees('5 features');
    s.press('/zzz\r');
    await s.sees('No feature contains that. esc shows all.');
    await vi.waitFor(() => expect(s.frame()).toContain('0 features of 5'));
  });

  it('S2 says it where something that must ship is left out', async () => {
    const s = await inSelection();
    expect(s.frame()).not.toContain('left out');
    s.press(' ');
    await s.sees('! left out, though it must ship: fix(auth)');
  });

  it('keeps a long title apart from the name of its commit', () => {
    const [first] = shopFeatures();
    if (!first) throw new TypeError('the shop has features');
    const { pullRequest: _, ...rest } = first;
    const long = { ...rest, title: 'a very long title '.repeat(20), commits: ['abcdef0123'] };
    const { list } = selectionLines(loaded(discoveryOf([long])), discoveryOf([long]), {
      width: 98,
      height: 30,
    });
    expect(list.map(textOf).join('\n')).toContain('… abcdef ');
  });

  it('S2 says that a filter finds nothing, also while something is chosen', async () => {
    const s = await inSelection();
    s.press('/zzz');
    await s.sees('No feature contains that. esc shows all.');
    await s.sees('Selection · all recommended');
  });

  it('tells why once: beside the list, or below it where nothing stands open', async () => {
    const s = openScreen({}, { columns: 200, rows: 50 });
    screen = s;
    await s.sees('5 features');
    s.press('2');
    await s.sees('why ─');
    s.press('\r');
    await s.sees('[overview]');
    expect(s.frame()).not.toContain('why ─');
    s.press('\u001b');
    await s.sees('why ─');
  });

  it('offers to open nothing where nothing is listed, and says why the key does nothing', async () => {
    const s = await inSelection();
    await s.sees('enter open');
    s.press('3');
    await s.sees('No candidate yet');
    expect(s.frame()).not.toContain('enter open');
    s.press('\r');
    await s.sees('Not now: nothing is listed here.');
  });

  it('keeps the cursor on the row it stands on when a filter ends, and where it was when the filter finds nothing', async () => {
    const s = await inSelection();
    s.press('G');
    const last = await s.sees(/▸ \[.\] .*/).then(() => /▸ \[.\] (\S+ \S+)/.exec(s.frame())?.[1] ?? 'none');
    s.press('/');
    await s.sees(`▸ [ ] ${last}`);
    s.press('nothing has this name');
    await vi.waitFor(() => expect(s.frame()).not.toContain('▸ ['));
    s.press('\u001B');
    await s.sees(`▸ [ ] ${last}`);
    s.press('gg');
    s.press(`/${last}\r`);
    await s.sees('esc shows all');
    s.press('\u001B');
    await s.sees('What ships:');
    await s.sees(`▸ [ ] ${last}`);
  });

  it('counts what the filter leaves of all, and says the order', async () => {
    const s = openScreen();
    screen = s;
    await s.sees('oldest first · 5 features');
    s.press('/cart\r');
    await s.sees('3 features of 5');
    s.press('oo');
    await s.sees('riskiest first · 3 features of 5');
  });
});
