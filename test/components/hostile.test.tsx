import { render } from 'ink-testing-library';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { App } from '../../components/App.tsx';
import { widthOf } from '../../components/fit.ts';
import { handleKey } from '../../components/input.ts';
import { clip } from '../../components/Lines.tsx';
import { span } from '../../components/theme.ts';
import { attach } from '../../store/attach.ts';
import { createUiStore } from '../../store/create-store.ts';
import { StoreContext } from '../../store/hooks.ts';
import { views } from '../../store/state.ts';
import { dealt, foreignIn, hostileTexts, poisonedEngine } from '../harness/hostile.ts';
import { journals, type StoryName, tell } from '../harness/stories.ts';
import { uiTerminals } from '../harness/ui-terminal.ts';

const isStory = (name: string): name is StoryName => name in journals;
const stories = Object.keys(journals).filter(isStory);

/** How often the hostile texts are dealt to the fields of each story anew; `ORCHESTRA_TURNS` raises it. */
const turns = Number(process.env['ORCHESTRA_TURNS'] ?? 2);

/** What leads through everything a story shows: each view, what it opens, the help, the dialogs. */
const tour: readonly (readonly string[])[] = [
  ...[...'123456HAEL'].flatMap((key) => [[key], ['down', 'enter'], ['esc', 'esc']]),
  ['5', 'r'],
  ['esc', 'a'],
  ['esc', '?'],
  ['esc', '2', 'space'],
  ['1', '/'],
  ['esc'],
];

/** Every frame of the tour through a story whose every text is hostile. */
async function* frames(story: StoryName, choose: (text: string) => string) {
  const store = createUiStore({ columns: 100, rows: 40 }, Date.parse('2026-11-21T10:16:00.000Z'));
  const screen = render(
    <StoreContext.Provider value={store}>
      <App onSuspend={() => undefined} />
    </StoreContext.Provider>,
  );
  try {
    attach(store, poisonedEngine(tell(story), choose), {
      actor: { name: `${choose('Ada')}Ada`, face: 'ui' },
      now: () => Date.parse('2026-11-21T10:16:00.000Z'),
    });
    await sleep(5);
    for (const keys of tour) {
      for (const key of keys) handleKey(store, key);
      await sleep(0);
      yield { keys, frame: screen.lastFrame() ?? '', state: store.getState() };
    }
  } finally {
    store.getState().link?.detach();
    screen.unmount();
    screen.cleanup();
  }
}

describe('hostile text in every field', () => {
  it('there are at least a hundred of them, and each would be noticed', () => {
    expect(hostileTexts.length).toBeGreaterThanOrEqual(100);
    for (const text of ['\u001b]0;x\u0007', '\u009b31m', '\u202e', '\r', '\0', '\u001b[5n', '\u2028'])
      expect(foreignIn(`a ${text} b`), JSON.stringify(text)).toBeDefined();
    expect(foreignIn('\u001b[31mred\u001b[39m\n\u001b[?2026h│\u001b[5G✔')).toBeUndefined();
  });

  it('is stopped at the last door, each of them, at any width', () => {
    for (const text of hostileTexts)
      for (const width of [1, 2, 7, 40, 200]) {
        const drawn = clip([span(text), span(` ${text} `, 'bad')], width)
          .map((s) => s.text)
          .join('');
        expect(foreignIn(drawn), JSON.stringify(text.slice(0, 40))).toBeUndefined();
        expect(widthOf(drawn), JSON.stringify(text.slice(0, 40))).toBe(width);
      }
  });

  it.each(stories)(
    'never gets onto the screen, in any view: %s',
    async (story) => {
      const seen = new Set<string>();
      for (let turn = 0; turn < turns; turn += 1)
        for await (const { keys, frame, state } of frames(story, dealt(turn))) {
          seen.add(state.session.view);
          const where = `turn ${turn}, after ${keys.join(' ')}`;
          expect(foreignIn(frame), where).toBeUndefined();
          // Nor does it move a column: the frame's rules stand where they belong.
          for (const line of frame.split('\n').slice(1, -1)) {
            expect(line.startsWith('│') && line.endsWith('│'), `${where}: ${line}`).toBe(true);
            expect(widthOf(line), `${where}: ${line}`).toBe(100);
          }
        }
      expect([...seen].toSorted()).toEqual([...views].toSorted());
    },
    240_000,
  );
});

describe('a real terminal', () => {
  const open = uiTerminals();

  it.each([
    ['none', 1],
    ['blocked', 2],
    ['rolling', 3],
    ['rolledBack', 4],
  ] as const)(
    'keeps its title, clipboard, cursor, modes and links through %s (texts dealt %i)',
    async (story, turn) => {
      const t = open([story, 'poisoned', String(turn)], { cols: 120, rows: 40 });
      await t.waitFor(/└ .*quit/u);
      const modes = t.modes();
      for (const keys of tour)
        for (const key of keys) {
          t.press(key);
          await sleep(key === 'esc' ? 60 : 15);
        }
      t.press('\u001b');
      await sleep(60);
      t.press('\u001b');
      await sleep(60);
      t.press('1');
      await t.waitFor(/[▸▶]1/);
      expect(foreignIn(t.raw)).toBeUndefined();
      expect(t.meddling).toEqual([]);
      expect(t.modes()).toEqual(modes);
      expect(t.cursorShown).toBe(false);
      expect(t.cursor()).toEqual({ x: 0, y: 39 });
      for (const line of t.lines().slice(1, -2)) expect(line).toMatch(/^│.*│$/u);
      t.press('q');
      expect(await t.exited).toBe(0);
      expect(t.buffer()).toBe('normal');
    },
  );
});
