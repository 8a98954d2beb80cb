import { setSession, type UiStore } from './create-store.ts';
import type { PickerOption, Picker } from './state.ts';

/** The options that hold every word of what was typed, best first as they were given; all where nothing was. */
export function matching({ options, text }: Pick<Picker, 'options' | 'text'>): readonly PickerOption[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return options.filter(({ label, hint = '' }) =>
    words.every((word) => `${label} ${hint}`.toLowerCase().includes(word)),
  );
}

/** Opens a list to pick one from; typing narrows it. */
export function openPicker(
  store: UiStore,
  picker: Pick<Picker, 'title' | 'options'> & { at?: number },
): void {
  setSession(store, { picker: { at: 0, text: '', ...picker } });
}

/** Takes a key while a list to pick from stands open; names are those of `keyNames`. */
export function answerPicker(store: UiStore, key: string): void {
  const { picker } = store.getState().session;
  if (!picker) return;
  const shown = matching(picker);
  const put = (part: Partial<Picker>) => setSession(store, { picker: { ...picker, ...part } });
  const at = Math.max(0, Math.min(picker.at, shown.length - 1));
  if (key === 'esc') setSession(store, { picker: undefined });
  else if (key === 'up' || key === 'shift+tab') put({ at: Math.max(0, at - 1) });
  else if (key === 'down' || key === 'tab') put({ at: Math.min(shown.length - 1, at + 1) });
  else if (key === 'backspace') put({ text: [...picker.text].slice(0, -1).join(''), at: 0 });
  else if (key === 'enter') {
    const option = shown[at];
    if (!option || option.whyNot !== undefined) return;
    setSession(store, { picker: undefined });
    option.run(store);
  } else {
    const character = key === 'space' ? ' ' : key;
    if ([...character].length === 1 && picker.text.length < 80) put({ text: picker.text + character, at: 0 });
  }
}
