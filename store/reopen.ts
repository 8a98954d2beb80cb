import type { UiStore } from './create-store.ts';

/** How long the cursor must rest before what it stands on is read, milliseconds: a held key reads nothing. */
const restMs = 120;

const waiting = new WeakMap<UiStore, NodeJS.Timeout>();

/** Opens what the cursor stands on once it rests, beside the list; not when it was closed or left meanwhile. */
export function reopenSoon(store: UiStore): void {
  clearTimeout(waiting.get(store));
  const { view } = store.getState().session;
  const look = () => {
    waiting.delete(store);
    const { session, busy, link } = store.getState();
    if (!session.detail || session.view !== view) return;
    if (busy === undefined) void link?.open();
    else wait();
  };
  const wait = () => waiting.set(store, setTimeout(look, restMs).unref());
  wait();
}
