import { setSession, type UiStore } from './create-store.ts';
import type { Problem, View } from './state.ts';

/** Opens a view, closing what stood open over the last one. */
export function showView(store: UiStore, view: View): void {
  setSession(store, {
    view,
    help: false,
    tour: undefined,
    detail: undefined,
    scroll: 0,
    scrollLimit: 0,
    focus: 'main',
  });
}

/** Says something in the status line. */
export function tell(store: UiStore, text: string, tone: 'info' | 'warn' | 'error' = 'info'): void {
  setSession(store, { toast: { text, tone } });
}

/** Says that something failed, as a card over the keys: what, why, and the next step. `what` must be safe to draw. */
export function fail(store: UiStore, problem: Problem, what?: string): void {
  const text = what === undefined ? problem.message : `${what}: ${problem.message}`;
  setSession(store, { toast: { tone: 'error', text, problem } });
}
