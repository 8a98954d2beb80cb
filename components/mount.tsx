import { render } from 'ink';
import type { UiStore } from '../store/create-store.ts';
import { StoreContext } from '../store/hooks.ts';
import { App } from './App.tsx';
import { pace } from './drawing/pace.ts';

export interface MountOptions {
  store: UiStore;
  stdout: NodeJS.WriteStream;
  suspend: () => void;
}

/** Draws the app; the first frame is written when this returns. `failed` rejects when a component throws. */
export function mount({ store, stdout, suspend }: MountOptions): {
  unmount: () => void;
  failed: Promise<unknown>;
} {
  const instance = render(
    <StoreContext.Provider value={store}>
      <App onSuspend={suspend} />
    </StoreContext.Provider>,
    { stdout, exitOnCtrlC: false, patchConsole: false, maxFps: 30 },
  );
  store.subscribe(() => pace.changed());
  return { unmount: () => instance.unmount(), failed: instance.waitUntilExit() };
}
