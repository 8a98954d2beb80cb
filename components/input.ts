import type { UiStore } from '../store/create-store.ts';
import { setSession } from '../store/create-store.ts';
import { answerDialog, perform, tell, typeIntoFilter } from '../store/perform.ts';
import { bindingOf, keymap } from './keymap.ts';

/** Takes one key: into the filter or the dialog where one is open, else to the action it is bound to. */
export function handleKey(store: UiStore, key: string): void {
  const { session } = store.getState();
  if (key === 'ctrl+c') return perform(store, 'quit');
  if (session.filter?.typing) return typeIntoFilter(store, key);
  if (session.dialog) return answerDialog(store, key);
  if (session.help && (key === 'q' || key === 'enter')) return perform(store, 'back');
  if (session.toast) setSession(store, { toast: undefined });
  const binding = bindingOf(key, session.view);
  if (binding) return perform(store, binding.action);
  const elsewhere = keymap.find((b) => b.keys.includes(key));
  tell(
    store,
    elsewhere
      ? `${elsewhere.shown} works in ${(elsewhere.views ?? []).join(', ')}.`
      : `No key ${key.length === 1 ? `“${key}”` : key}: ? lists them all.`,
    'warn',
  );
}
