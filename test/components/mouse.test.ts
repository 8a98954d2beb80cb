import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { actOnMouse } from '../../components/mouse/act.ts';
import { MouseReports } from '../../components/screen/mouse-reports.ts';
import { attach } from '../../store/attach.ts';
import { createUiStore, setSession, type UiStore } from '../../store/create-store.ts';
import { type DrawnApp, drawApp } from '../harness/drawn-app.tsx';
import { FakeOrchestrator, pastDeployments } from '../harness/fake-orchestrator.ts';

describe('what the mouse reports', () => {
  it('is told from keys: a click, the wheel; letting go and other buttons mean nothing', () => {
    const mouse = new MouseReports();
    expect(
      mouse.push('a\u001b[<0;10;5Mb\u001b[<0;10;5m\u001b[<64;1;2M\u001b[<65;3;4M\u001b[<2;1;1Mc'),
    ).toEqual({
      keys: 'abc',
      reports: [
        { kind: 'press', x: 9, y: 4 },
        { kind: 'wheel-up', x: 0, y: 1 },
        { kind: 'wheel-down', x: 2, y: 3 },
      ],
    });
  });

  it('never becomes a key, wherever the input is cut', () => {
    const pieces = fc.array(
      fc.oneof(
        fc.constantFrom('j', '2', '\r', ' ', '\u001b[A', '[', 'M', '<'),
        fc
          .record({
            b: fc.constantFrom(0, 2, 35, 64, 65),
            x: fc.integer({ min: 1, max: 300 }),
            end: fc.constantFrom('M', 'm'),
          })
          .map(({ b, x, end }) => `\u001b[<${b};${x};7${end}`),
      ),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(pieces, fc.array(fc.nat({ max: 200 }), { maxLength: 8 }), (parts, cuts) => {
        const whole = parts.join('');
        // Right behind ESC nobody can tell a report from the key that was pressed just before: see below.
        const at = [...new Set(cuts)]
          .filter(
            (i) => i < whole.length && whole[i - 1] !== '\u001b' && !whole.slice(0, i).endsWith('\u001b['),
          )
          .sort((a, b) => a - b);
        const mouse = new MouseReports();
        const read = [0, ...at].map((from, i) => mouse.push(whole.slice(from, at[i] ?? whole.length)));
        const plain = new MouseReports().push(whole);
        expect(read.map(({ keys }) => keys).join('')).toBe(plain.keys);
        expect(read.flatMap(({ reports }) => reports)).toEqual(plain.reports);
        expect(plain.keys).toBe(parts.filter((part) => !part.startsWith('\u001b[<')).join(''));
      }),
    );
  });

  it('is still one where its first byte came alone', () => {
    const mouse = new MouseReports();
    expect(mouse.push('\u001b')).toEqual({ keys: '\u001b', reports: [] });
    expect(mouse.push('[<0;3;4Mj')).toEqual({ keys: 'j', reports: [{ kind: 'press', x: 2, y: 3 }] });
    expect(mouse.push('[').keys).toBe('[');
    expect(['\u001b', '[', '<', '0;3', ';4', 'M', 'j'].map((piece) => mouse.push(piece))).toEqual([
      { keys: '\u001b', reports: [] },
      { keys: '[', reports: [] },
      { keys: '', reports: [] },
      { keys: '', reports: [] },
      { keys: '', reports: [] },
      { keys: '', reports: [{ kind: 'press', x: 2, y: 3 }] },
      { keys: 'j', reports: [] },
    ]);
  });
});

let end: (() => void) | undefined;
afterEach(() => end?.());

async function open(
  columns = 100,
): Promise<{ store: UiStore; app: DrawnApp; sees: (text: string | RegExp) => Promise<void> }> {
  const store = createUiStore({ columns, rows: 30 }, 0);
  setSession(store, { mouse: true });
  const app = drawApp(store);
  attach(store, new FakeOrchestrator({ rows: pastDeployments(40) }), {
    actor: { name: 'Ada', face: 'ui' },
    now: () => 0,
  });
  end = () => {
    store.getState().link?.detach();
    app.end();
  };
  const sees = (text: string | RegExp) =>
    vi.waitFor(() => expect(app.lines().join('\n')).toMatch(text), 20_000);
  await sees(/5 features · /);
  await vi.waitFor(() => expect(store.getState().selection.proof.kind).toBe('proved'));
  return { store, app, sees };
}

/** Where a text stands on the screen, from 0. */
function cellOf(app: DrawnApp, text: string): { x: number; y: number } {
  const lines = app.lines();
  const y = lines.findIndex((line) => line.includes(text));
  const x = lines[y]?.indexOf(text) ?? -1;
  if (x === -1) throw new Error(`“${text}” is not on the screen:\n${lines.join('\n')}`);
  return { x, y };
}

const click = async (store: UiStore, app: DrawnApp, text: string) => {
  actOnMouse(store, { kind: 'press', ...cellOf(app, text) });
  for (let i = 0; i < 3; i += 1) await setImmediate();
};

describe('the mouse', () => {
  it('opens the stage or view it clicks', async () => {
    const { store, app, sees } = await open();
    await click(store, app, 'History');
    expect(store.getState().session.view).toBe('history');
    await click(store, app, '2 ● Selection');
    await sees(/Selection · all recommended/);
  });

  it('moves the cursor to the row it clicks, over the headings between, and opens it with a second click', async () => {
    const { store, app, sees } = await open();
    setSession(store, { view: 'selection' });
    await sees(/NOT RECOMMENDED/);
    await click(store, app, 'share a basket');
    const at = store.getState().session.cursors.selection;
    await sees(/▸ \[ \] feat\(cart\): share a basket/u);
    expect(at).toBeGreaterThan(1);
    await click(store, app, 'refuse expired');
    expect(store.getState().session.cursors.selection).toBe(0);
    await sees(/▸ \[x\] fix\(auth\)/u);
    expect(store.getState().session.detail).toBeUndefined();
    await click(store, app, 'refuse expired');
    expect(store.getState().session.detail).toMatchObject({ kind: 'feature', id: 'pr-812' });
  });

  it('moves in the table of the history as in any list', async () => {
    const { store, app, sees } = await open();
    setSession(store, { view: 'history' });
    await sees(/1 of 40/);
    await click(store, app, '20260101_000036');
    await sees(/5 of 40/);
    await click(store, app, '20260101_000036');
    await vi.waitFor(() =>
      expect(store.getState().session.detail).toMatchObject({ row: { id: '20260101_000036' } }),
    );
  });

  it('does what a hint below says', async () => {
    const { store, app } = await open();
    await click(store, app, 'help');
    expect(store.getState().session.help).toBe(true);
    await click(store, app, 'esc back');
    expect(store.getState().session.help).toBe(false);
  });

  it('scrolls what is under it: the list, or what stands open beside it', async () => {
    const { store, app, sees } = await open(160);
    setSession(store, {
      view: 'selection',
      detail: { kind: 'text', title: 'log', lines: Array.from({ length: 90 }, (_, i) => `row ${i}`) },
    });
    await sees(/row 0/);
    await vi.waitFor(() => expect(store.getState().session.scrollLimit).toBeGreaterThan(10));
    const over = cellOf(app, 'row 4');
    actOnMouse(store, { kind: 'wheel-down', ...over });
    expect(store.getState().session.scroll).toBe(3);
    expect(store.getState().session.cursors.selection).toBe(0);
    setSession(store, { focus: 'drawer' });
    actOnMouse(store, { kind: 'wheel-down', ...cellOf(app, 'fix(auth)') });
    expect(store.getState().session.cursors.selection).toBe(3);
    expect(store.getState().session.focus).toBe('drawer');
  });

  it('picks from a list, and says nothing while a question is asked', async () => {
    const { store, app, sees } = await open();
    app.press(':');
    await sees(/Find a command/);
    app.press('go to');
    await sees(/▸ go to /u);
    await click(store, app, 'go to Analysis');
    await sees(/▸ go to Analysis/u);
    await click(store, app, 'go to Analysis');
    expect(store.getState().session.view).toBe('analysis');
    const dialog = {
      title: 'Sure?',
      rows: [],
      effect: [],
      yes: 'Go on',
      chosen: 'no',
      intent: { kind: 'abort', id: 'x' },
    } as const;
    setSession(store, { dialog });
    await sees(/Sure\?/);
    await click(store, app, 'yes');
    expect(store.getState().session.dialog).toBe(dialog);
  });

  it('does nothing unless it is wanted', async () => {
    const { store, app } = await open();
    setSession(store, { mouse: false });
    await click(store, app, 'History');
    expect(store.getState().session.view).toBe('discovery');
  });
});
