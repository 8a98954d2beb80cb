import { describe, expect, it, vi } from 'vitest';
import { widthOf } from '../../components/fit.ts';
import { statusLines } from '../../components/status-lines.ts';
import { titleOf } from '../../components/TitleLine.tsx';
import { OrchestraError } from '../../src/domain/errors.ts';
import { attach } from '../../store/attach.ts';
import { createUiStore, setSession, type UiStore } from '../../store/create-store.ts';
import { problemOf } from '../../store/problem.ts';
import { fail, tell } from '../../store/say.ts';
import { FakeOrchestrator } from '../harness/fake-orchestrator.ts';
import { JournalBuilder } from '../harness/journal.ts';

const opened = () => createUiStore({ columns: 80, rows: 24 }, 1000);

const drawn = (store: UiStore, width = 78) =>
  statusLines(store.getState(), width).map((line) => line.map(({ text }) => text).join(''));

describe('the status line', () => {
  it('says what a view is for while there is nothing else to say', () => {
    expect(drawn(opened())).toEqual([' What waits to be shipped, and what speaks for and against it.']);
  });

  it('wraps what is longer than a row to three at most, none wider than the screen', () => {
    const store = opened();
    tell(store, 'Not now: the selection does not apply, pr-801 and pr-803 both change src/cart.ts.', 'warn');
    expect(drawn(store, 50)).toEqual([
      ' ! Not now: the selection does not apply, pr-801',
      '   and pr-803 both change src/cart.ts.',
    ]);
    tell(store, 'word '.repeat(200).trim(), 'warn');
    expect(drawn(store)).toHaveLength(3);
    expect(drawn(store)[2]).toMatch(/…$/);
    for (const line of drawn(store)) expect(widthOf(line)).toBeLessThanOrEqual(78);
  });

  it('shows a failure with its hint and the key that gets on, where that key works now', () => {
    const store = opened();
    const problem = problemOf(
      new OrchestraError('not-proved', 'The selection does not apply.', { hint: 'Leave out pr-803.' }),
    );
    fail(store, problem);
    expect(drawn(store)).toEqual([
      ' ✖ The selection does not apply.',
      ' → Leave out pr-803.   2 Selection · esc closes',
    ]);
    fail(store, problemOf(new Error('broken')), 'The history cannot be read');
    // Looking again needs the engine, which is not there yet.
    expect(drawn(store)).toEqual([
      ' ✖ The history cannot be read: broken',
      ' → Press u to try again; ORCHESTRA_DEBUG=1 orchestrate status shows more.',
      '   esc closes',
    ]);
  });

  it('says since when one waits, from the first second on', async () => {
    const store = opened();
    let now = 1000;
    let found = () => {};
    const fake = new FakeOrchestrator();
    const discovery = await fake.discover();
    vi.spyOn(fake, 'discover').mockImplementation(
      () => new Promise((resolve) => (found = () => resolve(discovery))),
    );
    attach(store, fake, { actor: { name: 'Ada', face: 'ui' }, now: () => now });
    expect(drawn(store)[0]).toContain('What waits');
    now = 4500;
    await vi.waitFor(() => expect(drawn(store)).toEqual([' what waits is being read  3 s']), 5000);
    found();
    await vi.waitFor(() => expect(store.getState().session.workSince).toBeUndefined());
    store.setState({ busy: 'the candidate is being requested' });
    expect(drawn(store)).toEqual([' … the candidate is being requested']);
    now = 6600;
    await vi.waitFor(() => expect(drawn(store)).toEqual([' the candidate is being requested  2 s']), 5000);
    store.getState().link?.detach();
  });

  it('says how long a deployment under way is in its stage, and where that is to who looks at something else', async () => {
    const store = opened();
    const running = new JournalBuilder()
      .requested()
      .staged()
      .advance('testing')
      .tested()
      .advance('learning')
      .rollingOut(1);
    attach(store, new FakeOrchestrator({ running }), { actor: { name: 'Ada', face: 'ui' }, now: () => 1000 });
    await vi.waitFor(() => expect(store.getState().discovery.status).toBe('loaded'));
    await vi.waitFor(() => expect(store.getState().session.view).toBe('production'));
    setSession(store, { view: 'history', toast: undefined });
    const { stages } = store.getState().deployment ?? {};
    const began = stages?.production.status === 'active' ? Date.parse(stages.production.startedAt) : 0;
    setSession(store, { now: began + 42_000 });
    expect(drawn(store)).toEqual([' ● 20261121_101500 is in production, for 42 s now: 5 shows it.']);
    setSession(store, { view: 'production' });
    expect(drawn(store)).toEqual([' ● 20261121_101500 is in production, for 42 s now.']);
    store.getState().link?.detach();
  });
});

describe('the title', () => {
  const title = (store: UiStore, width: number) =>
    titleOf(store.getState(), width)
      .map(({ text }) => text)
      .join('');

  it('says at its right where one is, by the number or letter that leads there', () => {
    const store = opened();
    expect(title(store, 60)).toMatch(/^┌ orchestra ─+ 1 Discovery ─┐$/u);
    setSession(store, { view: 'history', detail: { kind: 'text', title: 'guide.md', lines: [] } });
    expect(title(store, 60)).toMatch(/ H History ▸ guide\.md ─┐$/u);
    expect(title(store, 30)).toMatch(/^┌ orchestra ─+┐$/u);
    for (const width of [20, 40, 60, 250]) expect(widthOf(title(store, width))).toBe(width);
  });
});
