import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { widthOf } from '../../components/fit.ts';
import { viewRows } from '../../components/StageList.tsx';
import { attach } from '../../store/attach.ts';
import { createUiStore, setSession, type UiStore } from '../../store/create-store.ts';
import { openPicker } from '../../store/picker.ts';
import { type Session, type Size, views } from '../../store/state.ts';
import { type DrawnApp, drawApp } from '../harness/drawn-app.tsx';
import { FakeOrchestrator, pastDeployments } from '../harness/fake-orchestrator.ts';
import { JournalBuilder } from '../harness/journal.ts';

let end: (() => void) | undefined;
afterEach(() => end?.());

const running = () =>
  new JournalBuilder().requested().staged().advance('testing').tested().advance('learning').rollingOut(1);

async function open(size: Size, fake: FakeOrchestrator): Promise<{ store: UiStore; app: DrawnApp }> {
  const store = createUiStore(size, Date.parse('2026-11-21T10:15:20.000Z'));
  const app = drawApp(store);
  attach(store, fake, { actor: { name: 'Ada', face: 'ui' }, now: () => Date.now() });
  end = () => {
    store.getState().link?.detach();
    app.end();
  };
  await vi.waitFor(() => {
    expect(store.getState().discovery.status).toBe('loaded');
    expect(store.getState().history.status).toBe('loaded');
    expect(app.lines().join('\n')).toContain('5 features');
  }, 10_000);
  return { store, app };
}

/** Waits until everything that is being drawn has been. */
async function settle(): Promise<void> {
  for (let i = 0; i < 4; i += 1) await setImmediate();
}

async function resize(store: UiStore, app: DrawnApp, size: Size, part: Partial<Session> = {}): Promise<void> {
  app.widen(size.columns);
  setSession(store, { ...part, size });
  await settle();
}

/** Fails unless the frame fills the screen but for its last row, with its frame whole. */
function expectWhole(app: DrawnApp, { columns, rows }: Size, what: string): void {
  const lines = app.lines();
  const told = `${what} at ${columns} × ${rows}\n${lines.join('\n')}`;
  expect(lines.length, told).toBe(rows - 1);
  for (const line of lines) expect(widthOf(line), `${told}\n${line}`).toBe(columns);
  expect(lines[0], told).toMatch(/^┌ .*┐$/u);
  expect(lines.at(-1), told).toMatch(/^└ .*┘$/u);
  for (const line of lines.slice(1, -1)) expect(line, told).toMatch(/^│.*│$/u);
}

const long = 'A sentence that goes on, 日本語 and all, until it is longer than one row. '.repeat(6);

const overlays: Readonly<Record<string, (store: UiStore) => Partial<Session>>> = {
  nothing: () => ({}),
  help: () => ({ help: true }),
  tour: () => ({ tour: 1 }),
  toast: () => ({ toast: { tone: 'warn', text: long } }),
  failure: () => ({
    toast: { tone: 'error', text: long, problem: { code: 'io', message: long, hint: long } },
  }),
  text: () => ({ detail: { kind: 'text', title: long, lines: [long, long, '', long] } }),
  feature: () => ({ detail: { kind: 'feature', id: 'pr-801' } }),
  'text beside the list': () => ({
    detail: { kind: 'text', title: 'guide', lines: [long] },
    focus: 'main',
  }),
  stages: () => ({ focus: 'stages' }),
  typing: () => ({ filter: { view: 'discovery', text: long, typing: true } }),
};

const nothingOpen: Partial<Session> = {
  tour: undefined,
  help: false,
  toast: undefined,
  detail: undefined,
  dialog: undefined,
  picker: undefined,
  filter: undefined,
  focus: 'main',
};

const sizes = fc.record({
  columns: fc.oneof(fc.integer({ min: 40, max: 250 }), fc.constantFrom(40, 59, 60, 80, 139, 140, 179, 250)),
  rows: fc.oneof(fc.integer({ min: 10, max: 70 }), fc.constantFrom(10, 16, 24, 70)),
});

describe('the frame', () => {
  it('is exact to the cell from 40 × 10 to 250 × 70, whatever stands in it', async () => {
    const { store, app } = await open(
      { columns: 100, rows: 30 },
      new FakeOrchestrator({ rows: pastDeployments(80), running: running() }),
    );
    await fc.assert(
      fc.asyncProperty(
        sizes,
        fc.constantFrom(...views),
        fc.constantFrom(...Object.keys(overlays)),
        async (size, view, overlay) => {
          await resize(store, app, size, { ...nothingOpen, view, ...overlays[overlay]?.(store) });
          expectWhole(app, size, `${view} with ${overlay}`);
        },
      ),
      { numRuns: 40 },
    );
  }, 180_000);

  it('is whole around a list to pick from and a question', async () => {
    const { store, app } = await open({ columns: 100, rows: 30 }, new FakeOrchestrator());
    const options = Array.from({ length: 60 }, (_, i) => ({
      label: `option ${i} 日本語`,
      hint: long,
      run: () => undefined,
    }));
    for (const size of [
      { columns: 40, rows: 10 },
      { columns: 80, rows: 24 },
      { columns: 250, rows: 70 },
    ]) {
      openPicker(store, { title: 'Commands', options });
      await resize(store, app, size);
      expectWhole(app, size, 'a list to pick from');
      const intent = { kind: 'abort', id: 'x' } as const;
      const dialog = {
        title: 'Roll back?',
        rows: [{ label: 'environment', value: 'production' }],
        effect: [long],
        yes: 'Roll back',
        chosen: 'no',
        intent,
      } as const;
      await resize(store, app, size, { picker: undefined, dialog });
      expectWhole(app, size, 'a question');
      setSession(store, nothingOpen);
    }
  });

  it('asks to be made larger where nothing sensible fits, and does nothing unseen', async () => {
    const fake = new FakeOrchestrator();
    const { store, app } = await open({ columns: 80, rows: 24 }, fake);
    for (const size of [
      { columns: 39, rows: 24 },
      { columns: 80, rows: 9 },
      { columns: 12, rows: 3 },
    ]) {
      await resize(store, app, size);
      expect(app.lines().length).toBeLessThan(size.rows);
      for (const line of app.lines()) expect(widthOf(line)).toBeLessThanOrEqual(size.columns);
      expect(app.lines().join(' ')).toContain('orchestra');
    }
    const before = store.getState().session;
    app.press('2');
    app.press('x');
    app.press('?');
    await settle();
    expect(store.getState().session).toEqual(before);
    app.press('q');
    await settle();
    expect(store.getState().session.quitting).toBe(true);
  });
});

describe('the column of stages', () => {
  it('keeps the open view in sight where it is too low for all', () => {
    for (let height = 1; height < 30; height += 1)
      for (const view of views) {
        const rows = viewRows(view, height);
        expect(rows.length).toBeLessThanOrEqual(height);
        expect(rows).toContain(view);
        if (height >= 11) expect(rows.filter((row) => row !== undefined)).toEqual(views);
      }
  });
});

describe('a wide screen', () => {
  const wide = { columns: 160, rows: 40 };

  it('keeps the list beside what stands open, and shows there what the cursor moves to', async () => {
    const { store, app } = await open(wide, new FakeOrchestrator());
    const sees = (text: string | RegExp) =>
      vi.waitFor(() => expect(app.lines().join('\n')).toMatch(text), 20_000);
    app.press('2');
    await sees(/Selection · all recommended/);
    app.press('\r');
    await sees(/MUST INCLUDE \(1\).* ┃ (.*\n)*/u);
    await sees(/ ┃ ▶ pr-812 /u);
    // The keys are in the drawer: down scrolls there, and the list stays where it is.
    app.press('j');
    await settle();
    expect(store.getState().session.cursors.selection).toBe(0);
    app.press('h');
    await sees(/ │ pr-812 /u);
    app.press('j');
    await sees(/ │ pr-801 /u);
    expect(store.getState().session.cursors.selection).toBe(1);
    app.press('l');
    await sees(/ ┃ ▶ pr-801 /u);
    app.press('\u001b');
    await vi.waitFor(() => expect(store.getState().session.detail).toBeUndefined());
    expect(store.getState().session.focus).toBe('main');
  });

  it('goes round with tab: stages, list, drawer; and back with shift-tab', async () => {
    const { store, app } = await open(wide, new FakeOrchestrator());
    app.press('\r');
    const round: string[] = [];
    for (const key of ['\t', '\t', '\t', '\u001b[Z', '\u001b[Z']) {
      app.press(key);
      await settle();
      round.push(store.getState().session.focus);
    }
    expect(round).toEqual(['stages', 'main', 'drawer', 'main', 'stages']);
  });

  it('reads what must be read first once the cursor rests on it', async () => {
    const fake = new FakeOrchestrator({ running: new JournalBuilder().requested().staged() });
    const read = vi.spyOn(fake, 'read').mockImplementation(async (_, what) => [JSON.stringify(what)]);
    const { store, app } = await open(wide, fake);
    await vi.waitFor(() => expect(store.getState().deployment?.papers?.length).toBeGreaterThan(1));
    setSession(store, { view: 'staging' });
    app.press('\r');
    await vi.waitFor(() => expect(store.getState().session.detail?.kind).toBe('paper'));
    app.press('h');
    await settle();
    const before = read.mock.calls.length;
    app.press('G');
    await vi.waitFor(() => expect(read.mock.calls.length).toBe(before + 1), 3000);
  });

  it('gives what stands open the list’s place where both have no room', async () => {
    const { app } = await open({ columns: 120, rows: 40 }, new FakeOrchestrator());
    app.press('\r');
    await vi.waitFor(() => expect(app.lines().join('\n')).toContain('esc closes'), 20_000);
    expect(app.lines().join('\n')).not.toContain('pr-799');
    expect(app.lines().join('\n')).not.toMatch(/[┃▶] pr/u);
  });
});
