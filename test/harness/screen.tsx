import { render } from 'ink-testing-library';
import { expect, vi } from 'vitest';
import { App } from '../../components/App.tsx';
import { attach } from '../../store/attach.ts';
import { createUiStore, type UiStore } from '../../store/create-store.ts';
import { StoreContext } from '../../store/hooks.ts';
import type { Size } from '../../store/state.ts';
import { FakeOrchestrator, type FakeOptions } from './fake-orchestrator.ts';

export interface Screen {
  store: UiStore;
  fake: FakeOrchestrator;
  frame: () => string;
  /** Keys as a terminal sends them. */
  press: (keys: string) => void;
  sees: (text: string | RegExp) => Promise<void>;
  close: () => void;
}

/** The whole screen over an engine that plays what a test gives it. */
export function openScreen(options: FakeOptions = {}, size: Size = { columns: 100, rows: 30 }): Screen {
  const fake = new FakeOrchestrator(options);
  const store = createUiStore(size, Date.parse('2026-11-21T10:15:20.000Z'));
  const screen = render(
    <StoreContext.Provider value={store}>
      <App onSuspend={() => undefined} />
    </StoreContext.Provider>,
  );
  const opened = Date.now();
  attach(store, fake, {
    actor: { name: 'Ada', face: 'ui' },
    now: () => Date.parse('2026-11-21T10:15:25.000Z') + Date.now() - opened,
  });
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
    close: () => {
      store.getState().link?.detach();
      screen.unmount();
    },
  };
}
