import { render } from 'ink-testing-library';
import { expect, vi } from 'vitest';
import { App } from '../../components/App.tsx';
import { attach } from '../../store/attach.ts';
import { createUiStore, type UiStore } from '../../store/create-store.ts';
import { StoreContext } from '../../store/hooks.ts';
import type { Size } from '../../store/state.ts';
import { FakeOrchestrator, type FakeOptions } from './fake-orchestrator.ts';

/** How long a screen may take to show what a test waits for, milliseconds. */
const patienceMs = 8000;

export interface Screen {
  store: UiStore;
  fake: FakeOrchestrator;
  frame: () => string;
  /** Keys as a terminal sends them. */
  press: (keys: string) => void;
  sees: (text: string | RegExp) => Promise<void>;
  /** Waits until the text is not on the screen. */
  misses: (text: string) => Promise<void>;
  close: () => void;
}

/** When the screen was opened and what time it is, in milliseconds since the epoch. */
export interface ScreenClock {
  opened: number;
  now: () => number;
}

const opened = Date.parse('2026-11-21T10:15:20.000Z');

/** Five seconds after the screen was opened, for ever. */
export const stillClock: ScreenClock = { opened, now: () => opened + 5000 };

function runningClock(): ScreenClock {
  const began = Date.now();
  return { opened, now: () => opened + 5000 + Date.now() - began };
}

/** The whole screen over an engine that plays what a test gives it. */
export function openScreen(
  options: FakeOptions = {},
  size: Size = { columns: 100, rows: 30 },
  clock: ScreenClock = runningClock(),
): Screen {
  const fake = new FakeOrchestrator(options);
  const store = createUiStore(size, clock.opened);
  const screen = render(
    <StoreContext.Provider value={store}>
      <App onSuspend={() => undefined} />
    </StoreContext.Provider>,
  );
  attach(store, fake, { actor: { name: 'Ada', face: 'ui' }, now: clock.now });
  const frame = () => screen.lastFrame() ?? '';
  return {
    store,
    fake,
    frame,
    press: (keys) => screen.stdin.write(keys),
    sees: (text) =>
      vi.waitFor(
        () => (typeof text === 'string' ? expect(frame()).toContain(text) : expect(frame()).toMatch(text)),
        patienceMs,
      ),
    misses: (text) => vi.waitFor(() => expect(frame()).not.toContain(text), patienceMs),
    close: () => {
      store.getState().link?.detach();
      screen.unmount();
    },
  };
}
