import { setTimeout as sleep } from 'node:timers/promises';
import { render } from 'ink-testing-library';
import { describe, expect, it } from 'vitest';
import { App } from '../../components/App.tsx';
import { handleKey } from '../../components/input.ts';
import type { Command } from '../../src/domain/command.ts';
import { attach } from '../../store/attach.ts';
import { createUiStore, setSession, type UiStore } from '../../store/create-store.ts';
import { StoreContext } from '../../store/hooks.ts';
import { takePaste } from '../../store/paste.ts';
import type { Dialog, Intent } from '../../store/state.ts';
import type { FakeOrchestrator } from '../harness/fake-orchestrator.ts';
import { randomFrom } from '../harness/random.ts';
import { journals, type StoryName, tell } from '../harness/stories.ts';

/** How many keys are pressed in all; `ORCHESTRA_KEYS` raises it. */
const keysInAll = Number(process.env['ORCHESTRA_KEYS'] ?? 10_000);
const seed = Number(process.env['ORCHESTRA_SEED'] ?? 20_261_121);

const isStory = (name: string): name is StoryName => name in journals;
const stories = Object.keys(journals).filter(isStory);

const named = [
  'up',
  'down',
  'left',
  'right',
  'enter',
  'esc',
  'tab',
  'shift+tab',
  'space',
  'backspace',
  'home',
  'end',
  'page-up',
  'page-down',
  'ctrl+u',
  'ctrl+d',
  'ctrl+f',
  'ctrl+b',
  'ctrl+l',
  'ctrl+a',
];
const typed = [...'123456789HAELTUPRSGgjklhnrspatuexyoN?/: []zäß日🔎'];
/** `q` and ctrl-c leave; everything else may be pressed. */
const keys = [...named, ...named, ...typed, ...typed];

const pasted = ['y', '\r', 'yes\ry\r', 'destructive\r', 'nnn\ry', '\u0003', 'cart', '日本語', '\u001b[A'];
const mouse = ['[<0;10;5M', '[<65;10;5M', '[M   '];

/** Whether `key` is a clear yes to `dialog`. */
function isYes(dialog: Dialog | undefined, key: string): boolean {
  if (!dialog) return false;
  return dialog.word === undefined
    ? key === 'y' || (key === 'enter' && dialog.chosen === 'yes')
    : key === 'enter' && dialog.typed === dialog.word;
}

/** What the engine was asked for that changes what users get, or ends a deployment. */
function asks(fake: FakeOrchestrator, commands: readonly Command[]): string[] {
  return [
    ...fake.deployed.filter((request) => request.through !== 'staging').map(() => 'deploy'),
    ...fake.rolledBack.map(() => 'roll-back'),
    ...fake.unlocked.map(() => 'unlock'),
    ...commands.flatMap((command) =>
      command.kind === 'abort'
        ? ['abort']
        : command.kind === 'advance' && command.through === 'learning'
          ? ['roll-out']
          : [],
    ),
  ];
}

/** Notes each intent that the store hands to the engine. */
function listen(store: UiStore, confirmed: Intent[]): void {
  const { link } = store.getState();
  if (!link) throw new Error('the engine is not attached');
  store.setState({
    link: {
      ...link,
      confirm: async (intent) => {
        confirmed.push(intent);
        await link.confirm(intent);
      },
    },
  });
}

describe('random keys', () => {
  it.each(stories)(
    `never crash it, and start, end or undo nothing without a dialog that was answered yes: %s (seed ${seed})`,
    async (story) => {
      const random = randomFrom(seed + stories.indexOf(story));
      const pick = <T,>(from: readonly T[]): T => from[Math.floor(random() * from.length)] ?? from[0]!;
      const commands: Command[] = [];
      const fake = tell(story, { onCommand: (command) => commands.push(command) });
      const store = createUiStore({ columns: 100, rows: 40 }, Date.parse('2026-11-21T10:16:00.000Z'));
      const draw = () =>
        render(
          <StoreContext.Provider value={store}>
            <App onSuspend={() => undefined} />
          </StoreContext.Provider>,
        );
      let screen = draw();
      const look = (where: string) => {
        const frame = screen.lastFrame() ?? '';
        expect(frame, where).toMatch(/^┌ orchestra/u);
        expect(frame.split('\n'), where).toHaveLength(39);
      };
      try {
        attach(store, fake, {
          actor: { name: 'Ada', face: 'ui' },
          now: () => Date.parse('2026-11-21T10:16:00Z'),
        });
        await sleep(5);
        const confirmed: Intent[] = [];
        listen(store, confirmed);
        let yes = 0;
        const pressed: string[] = [];
        for (let i = 0; i < Math.ceil(keysInAll / stories.length); i += 1) {
          const { dialog } = store.getState().session;
          const dice = random();
          // Often enough a dialog is answered as a person would, so that what comes after it is walked too.
          const key = dialog && dice < 0.2 ? pick(['y', 'enter', 'left', 'esc']) : pick(keys);
          const before = confirmed.length;
          if (dice > 0.995) takePaste(store, pick(pasted));
          else if (dice > 0.99) for (const character of pick(mouse)) handleKey(store, character);
          else if (dice > 0.985)
            setSession(store, {
              size: { columns: Math.floor(random() * 250), rows: Math.floor(random() * 70) },
            });
          else {
            pressed.push(key);
            if (isYes(dialog, key)) yes += 1;
            handleKey(store, key);
          }
          const where = `after ${pressed.slice(-20).join(' ')}`;
          if (confirmed.length > before) expect(isYes(dialog, key), where).toBe(true);
          if (i % 7 === 0) await Promise.resolve();
          if (i % 40 === 0) await sleep(0);
          expect(asks(fake, commands).length, where).toBeLessThanOrEqual(yes);
          // It is drawn a tenth of the time; what a pane measures while it is, the store keeps.
          if (i % 200 === 180) screen = draw();
          if (i % 200 === 0) {
            setSession(store, { size: { columns: 100, rows: 40 } });
            await sleep(0);
            look(where);
            screen.unmount();
            screen.cleanup();
          }
        }
        await sleep(20);
        expect(asks(fake, commands).length).toBeLessThanOrEqual(confirmed.length);
        expect(store.getState().session.quitting).toBe(false);
      } finally {
        store.getState().link?.detach();
        screen.unmount();
        screen.cleanup();
      }
    },
    120_000,
  );
});
