import { typeIntoFilter } from './asking.ts';
import type { UiStore } from './create-store.ts';
import { answerPicker } from './picker.ts';
import { tell } from './say.ts';

/** More than a line of input is no use in a filter, in characters. */
const most = 80;

/**
 * Takes text that was pasted: into the filter or a list to pick from, as one line, while one is typed into. It is never
 * taken as keys: what a clipboard holds may begin nothing and answer nothing, not even where a word is to be typed.
 */
export function takePaste(store: UiStore, text: string): void {
  const { session } = store.getState();
  const into = session.filter?.typing
    ? typeIntoFilter
    : session.picker && !session.dialog
      ? answerPicker
      : undefined;
  if (!into) return tell(store, 'Pasted text is not taken as keys.', 'warn');
  const line = text.replaceAll(/\s+/gu, ' ').replaceAll(/\p{C}/gu, '').trim();
  for (const character of [...line].slice(0, most)) into(store, character);
}
