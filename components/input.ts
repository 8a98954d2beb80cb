import { answerDialog, typeIntoFilter } from '../store/asking.ts';
import { commandAt, commands, perform } from '../store/commands/registry.ts';
import { setSession, type UiStore } from '../store/create-store.ts';
import { isTooSmall } from '../store/layout.ts';
import { answerPicker } from '../store/picker.ts';
import { typeIntoSearch } from '../store/reading.ts';
import { tell } from '../store/say.ts';
import { answerTour, endTour } from '../store/tour.ts';

/** Takes one key: into the filter, the list or the dialog where one is open, else to the command it is bound to. */
export function handleKey(store: UiStore, key: string): void {
  const { session } = store.getState();
  if (session.tour !== undefined && key === 'ctrl+c') endTour(store);
  if (key === 'ctrl+c') return perform(store, 'quit');
  // Nobody acts on what cannot be seen.
  if (isTooSmall(session.size)) return key === 'q' ? perform(store, 'quit') : undefined;
  if (session.filter?.typing) return typeIntoFilter(store, key);
  if (session.dialog) return answerDialog(store, key);
  if (session.picker) return answerPicker(store, key);
  if (!session.help && typeIntoSearch(store, key)) return;
  if (session.tour !== undefined && answerTour(store, session.tour, key)) return;
  if (session.help && (key === 'q' || key === 'enter')) return perform(store, 'back');
  if (session.toast) setSession(store, { toast: undefined });
  const command = commandAt(key, session);
  if (command) return perform(store, command.id);
  const elsewhere = commands.find((c) => c.keys.includes(key));
  tell(
    store,
    elsewhere
      ? `${elsewhere.shown} works in ${(elsewhere.views ?? [`an open ${(elsewhere.details ?? []).join(', ')}`]).join(', ')}.`
      : `No key ${key.length === 1 ? `“${key}”` : key}: ? lists them all.`,
    'warn',
  );
}
