import { render } from 'ink';
import type { UiStore } from '../store/create-store.ts';
import { StoreContext } from '../store/hooks.ts';
import { App } from './App.tsx';
import { pace } from './drawing/pace.ts';
import type { Terminal } from './terminal.ts';

export interface MountOptions {
  store: UiStore;
  terminal: Terminal;
}

/** Draws the app; the first frame is written when this returns. `failed` rejects when a component throws. */
export function mount({ store, terminal }: MountOptions): {
  unmount: () => void;
  failed: Promise<unknown>;
} {
  const instance = render(
    <StoreContext.Provider value={store}>
      <App onSuspend={() => terminal.suspend()} />
    </StoreContext.Provider>,
    {
      stdout: terminal.output,
      stdin: terminal.input,
      exitOnCtrlC: false,
      patchConsole: false,
      isScreenReaderEnabled: false,
      maxFps: 30,
    },
  );
  store.subscribe(() => pace.changed());
  return { unmount: () => instance.unmount(), failed: instance.waitUntilExit() };
}
