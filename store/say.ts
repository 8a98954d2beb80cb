import { setSession, type UiStore } from './create-store.ts';
import type { View } from './state.ts';

/** Opens a view, closing what stood open over the last one. */
export function showView(store: UiStore, view: View): void {
  setSession(store, { view, detail: undefined, scroll: 0, scrollLimit: 0, focus: 'main' });
}

/** Says something in the status line. */
export function tell(store: UiStore, text: string, tone: 'info' | 'warn' | 'error' = 'info'): void {
  setSession(store, { toast: { text, tone } });
}
