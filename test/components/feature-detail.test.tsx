import { afterEach, describe, expect, it, vi } from 'vitest';
import { indexOf, rowLines } from '../../components/details/feature-diff.ts';
import { filesLines } from '../../components/details/feature-files.ts';
import { tabLine } from '../../components/details/FeatureDetail.tsx';
import { widthOf } from '../../components/fit.ts';
import type { DiffRow } from '../../src/domain/feature-diff.ts';
import { setSession } from '../../store/create-store.ts';
import { discoveryOf, feature, shopDiff, shopFeatures } from '../harness/features.ts';
import type { FakeOptions } from '../harness/fake-orchestrator.ts';
import { openScreen, type Screen } from '../harness/screen.tsx';

let screen: Screen | undefined;
afterEach(() => screen?.close());

async function opened(options: FakeOptions = {}, size?: { columns: number; rows: number }): Promise<Screen> {
  const s = openScreen(options, size);
  screen = s;
  await s.sees(/\d features?/);
  s.press('\r');
  await s.sees('[overview]');
  return s;
}

const files = [
  { path: 'src/cart.ts', status: 'modified' as const, additions: 300, deletions: 12 },
  { path: 'src/basket.ts', status: 'renamed' as const, additions: 0, deletions: 0 },
  { path: 'package-lock.json', status: 'modified' as const, additions: 10, deletions: 10, generated: true },
];

const withFiles = () => discoveryOf([feature('pr-801', { title: 'feat(cart): saved baskets', files })]);

describe('an open feature', () => {
  it('S1 goes round its tabs with ] and [, and says so in the footer', async () => {
    const s = await opened();
    expect(s.frame()).toMatch(/commits 1 .* files 1 .* diff/);
    expect(s.frame()).toContain('] next tab');
    s.press(']');
    await s.sees('[commits 1]');
    await s.sees('subject of aaaa');
    await s.sees('Why it was done.');
    await s.sees('2026-11-20 09:30  Ada');
    s.press(']');
    await s.sees('[files 1]');
    s.press(']');
    await s.sees('[diff]');
    s.press(']');
    await s.sees('[overview]');
    s.press('[');
    await s.sees('[diff]');
  });

  it('S1 lists every file with what happened to it, its lines and a bar', async () => {
    const s = await opened({ discovery: withFiles() });
    s.press(']]');
    await s.sees(/3 files +\+12 −3 +1 of 3/);
    await s.sees(/▸ modified +\+300 −12 +\+{7}− src\/cart\.ts/);
    expect(s.frame()).toMatch(/renamed +\+0 −0 +src\/basket\.ts/);
    expect(s.frame()).toMatch(/package-lock\.json generated/);
  });

  it('S1 shows the diff in hunks with line numbers, under its commit and its files', async () => {
    const s = await opened();
    s.press('[');
    await s.sees('── aaaaaaaa subject of aaaa · Ada');
    await s.sees('modified src/cart.ts');
    expect(s.frame()).toContain('@@ -86,3 +86,4 @@ export class Cart {');
    expect(s.frame()).toMatch(/ 87 − {3}total = 0;/);
    expect(s.frame()).toMatch(/ 88 \+ {3}private savedAt/);
    expect(s.frame()).toMatch(/renamed +src\/bag\.ts → src\/basket\.ts/);
  });

  it('S1 goes from the files to that file in the diff, and from file to file there', async () => {
    const many: DiffRow[] = [
      ...shopDiff.slice(0, 3),
      ...Array.from({ length: 60 }, (_, i): DiffRow => ({ kind: 'added', new: i + 1, text: `line ${i}` })),
      { kind: 'file', path: 'src/basket.ts', status: 'modified' },
      ...Array.from({ length: 60 }, (_, i): DiffRow => ({ kind: 'added', new: i + 1, text: `more ${i}` })),
      { kind: 'file', path: 'package-lock.json', status: 'modified' },
      ...Array.from({ length: 60 }, (_, i): DiffRow => ({ kind: 'added', new: i + 1, text: `lock ${i}` })),
    ];
    const s = await opened({ discovery: withFiles(), diff: () => [many.slice(0, 30), many.slice(30)] });
    s.press(']]j');
    await s.sees('2 of 3');
    s.press('\r');
    await s.sees('[diff]');
    await s.sees(/src\/basket\.ts +2 of 3/);
    await s.sees('more 0');
    s.press('}');
    await s.sees(/package-lock\.json +3 of 3/);
    s.press('{{');
    await s.sees(/src\/cart\.ts +1 of 3/);
    s.press('G');
    await s.sees('lock 59');
  });

  it('says why there is no file to go to', async () => {
    const s = await opened({ discovery: withFiles(), diff: () => [shopDiff] });
    s.press('[');
    await s.sees('[diff]');
    await s.sees('src/cart.ts');
    s.press('{');
    await s.sees('It is the first file.');
    s.press('}');
    await s.sees('All of the diff is on the screen.');
  });

  it('says why a key of its tabs does nothing elsewhere', async () => {
    const s = await opened();
    s.press('}');
    await s.sees('Not now: only its diff has files to go to.');
    s.press('\u001b');
    await s.sees('1 of 5');
    s.press(']');
    await s.sees('] works in an open feature, record.');
  });

  it('reads a diff only when it is looked at, shows that it does, and calls it off when it is left', async () => {
    let go = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      go = resolve;
    });
    const s = await opened({
      diff: async function* () {
        yield shopDiff.slice(0, 5);
        await held;
        yield shopDiff.slice(5);
      },
    });
    expect(s.fake.diffed).toEqual([]);
    s.press('[');
    await s.sees('reading the diff');
    await s.sees(/src\/cart\.ts +1 of 1 so far/);
    s.press('\u001b');
    await s.sees('1 of 5');
    await vi.waitFor(() => expect(s.fake.diffed).toEqual([expect.objectContaining({ calledOff: true })]));
    go();
    s.press('\r');
    await s.sees('renamed');
    expect(s.fake.diffed).toHaveLength(2);
    s.press(']');
    await s.sees('[overview]');
    s.press('[');
    await s.sees('renamed');
    expect(s.fake.diffed).toHaveLength(2);
  });

  it('says how much a long diff leaves out, and what shows the rest', async () => {
    const left: DiffRow = {
      kind: 'left',
      lines: 40_002,
      files: 5,
      more: false,
      commands: ['git show --diff-merges=first-parent -p aaaaaaaaaaaa'],
    };
    const s = await opened({ diff: () => [[...shopDiff, left]] });
    s.press('[');
    await s.sees('! 40002 more lines, 5 files of them whole. All of it:');
    await s.sees('git show --diff-merges=first-parent -p aaaaaaaaaaaa');
  });

  it('keeps to its width at any size, with wide and hostile text in every line', async () => {
    const rows: DiffRow[] = [
      ...shopDiff,
      { kind: 'added', new: 123_456, text: '日本語👩‍👩‍👧'.repeat(40) },
      { kind: 'removed', old: 7, text: 'x'.repeat(999) },
      { kind: 'file', path: `日本語/${'long/'.repeat(60)}end.ts`, status: 'added' },
    ];
    const long = [
      {
        path: `${'deep/'.repeat(40)}日本語.ts`,
        status: 'added' as const,
        additions: 1_000_000,
        deletions: 9,
      },
    ];
    const s = await opened({
      discovery: discoveryOf([feature('pr-1', { files: long, title: '日本語 '.repeat(60) })]),
      diff: () => [rows],
    });
    for (const [columns, height] of [
      [62, 20],
      [80, 24],
      [100, 40],
    ] as const) {
      setSession(s.store, { size: { columns, rows: height } });
      for (const tab of ['overview', 'commits', 'files', 'diff'] as const) {
        setSession(s.store, { tab, scroll: 0 });
        await s.sees(`[${tab}`);
        const lines = s.frame().split('\n');
        expect(lines).toHaveLength(height - 1);
        for (const line of lines.filter((l) => l.startsWith('│'))) expect(widthOf(line), line).toBe(columns);
      }
    }
  });

  it('draws no line wider than it may at any width from 40 cells on', () => {
    const rows: DiffRow[] = [
      ...shopDiff,
      { kind: 'hunk', text: `@@ -1,1 +1,1 @@ ${'日本'.repeat(40)}` },
      { kind: 'added', new: 123_456, text: '日本語👩‍👩‍👧'.repeat(40) },
      { kind: 'file', path: 'a/'.repeat(90), from: '日本/'.repeat(90), status: 'renamed' },
      { kind: 'left', lines: 1, files: 1, more: true, commands: ['git show '.repeat(30)] },
    ];
    const one = feature('pr-1', { files });
    for (const width of [40, 58, 90, 178]) {
      const context = { notes: [], digits: indexOf(rows).digits, width };
      const lines = [
        ...rows.flatMap((row) => rowLines(row, context)),
        ...filesLines(one, 0, { width, height: 20 }).lines,
        tabLine(one, 'files', width),
      ];
      for (const line of lines)
        expect(line.reduce((n, { text }) => n + widthOf(text), 0)).toBeLessThanOrEqual(width);
    }
  });

  it('shows the end of a diff with wrapped lines, and pages through all of it', async () => {
    const rows: DiffRow[] = Array.from({ length: 200 }, (_, i) => ({
      kind: 'added',
      new: i + 1,
      text: `mark-${i}. ${i % 3 === 0 ? 'wide '.repeat(60) : ''}`,
    }));
    const s = await opened({ diff: () => [[...shopDiff.slice(0, 3), ...rows]] }, { columns: 80, rows: 24 });
    s.press('[');
    await s.sees('mark-1.');
    const seen = new Set<string>();
    for (let last = ''; s.frame() !== last;) {
      last = s.frame();
      for (const [mark] of last.matchAll(/mark-\d+\./g)) seen.add(mark);
      const { scroll } = s.store.getState().session;
      s.press('\u0004');
      await vi
        .waitFor(() => expect(s.store.getState().session.scroll).not.toBe(scroll), 100)
        .catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    expect(seen.size).toBe(200);
  });

  it('says it of a feature that waits no more, whatever tab was open', async () => {
    const s = await opened();
    setSession(s.store, { tab: 'diff', detail: { kind: 'feature', id: 'pr-gone' } });
    await s.sees('It no longer waits');
    expect(shopFeatures().map(({ id }) => id)).not.toContain('pr-gone');
  });
});
