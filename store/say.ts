import { safeText } from '../src/domain/safe-text.ts';
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

/** Says what a person must not miss, such as damage that was found: the first of it, until a key is pressed. */
export function warn(store: UiStore, warnings: readonly string[]): void {
  const [first, ...more] = warnings;
  if (first === undefined) return;
  const rest = more.length === 0 ? '' : ` · and ${more.length} more: \`orchestrate doctor\` names all of it`;
  setSession(store, { toast: { tone: 'warn', stays: true, text: safeText(first) + rest } });
}

/** Says that something failed, as a card over the keys: what, why, and the next step. `what` must be safe to draw. */
export function fail(store: UiStore, problem: Problem, what?: string): void {
  const text = what === undefined ? problem.message : `${what}: ${problem.message}`;
  setSession(store, { toast: { tone: 'error', text, problem } });
}
