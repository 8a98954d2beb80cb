import { safeText } from '../src/domain/safe-text.ts';
import { setSession, type UiStore } from './create-store.ts';
import type { Found, Picker, PickerOption, Rank } from './state.ts';

/** Characters of a label that are looked at. */
const longestLabel = 200;

/** How many picks are remembered, the newest first. */
const mostRecent = 20;

function byWords(options: readonly PickerOption[], text: string): readonly Found[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return options
    .filter(({ label, hint = '' }) => words.every((word) => `${label} ${hint}`.toLowerCase().includes(word)))
    .map((option) => ({ option, marks: [] }));
}

/** What was found last: several parts of the screen ask for the same at every key. */
let last:
  | { options: readonly PickerOption[]; text: string; rank: Rank | undefined; found: readonly Found[] }
  | undefined;

/**
 * The options that fit what was typed, best first; all as they were given where nothing was. Without `rank`, which is
 * loaded after the first frame, and where it finds nothing, those that hold every word.
 */
export function matching(
  { options, text }: Pick<Picker, 'options' | 'text'>,
  rank: Rank | undefined,
): readonly Found[] {
  if (last?.options !== options || last.text !== text || last.rank !== rank)
    last = { options, text, rank, found: find(options, text, rank) };
  return last.found;
}

function find(options: readonly PickerOption[], text: string, rank: Rank | undefined): readonly Found[] {
  const typed = text.trim();
  if (typed === '') return options.map((option) => ({ option, marks: [] }));
  const ranked = rank?.(options, typed) ?? [];
  return ranked.length > 0 ? ranked : byWords(options, typed);
}

/** Opens a list to pick one from; typing narrows it. */
export function openPicker(
  store: UiStore,
  { title, options, at = 0 }: Pick<Picker, 'title' | 'options'> & { at?: number },
): void {
  const safe = options.map((option) => ({ ...option, label: safeText(option.label, longestLabel) }));
  setSession(store, { picker: { title, options: safe, at, text: '' } });
}

/** Takes a key while a list to pick from stands open; names are those of `keyNames`. */
export function answerPicker(store: UiStore, key: string): void {
  const { session, rank } = store.getState();
  const { picker } = session;
  if (!picker) return;
  const shown = matching(picker, rank);
  const put = (part: Partial<Picker>) => setSession(store, { picker: { ...picker, ...part } });
  const at = Math.max(0, Math.min(picker.at, shown.length - 1));
  const move = (by: number) => put({ at: Math.max(0, Math.min(shown.length - 1, at + by)) });
  if (key === 'esc') setSession(store, { picker: undefined });
  else if (key === 'up' || key === 'shift+tab' || key === 'ctrl+p') move(-1);
  else if (key === 'down' || key === 'tab' || key === 'ctrl+n') move(1);
  else if (key === 'page-up') move(-10);
  else if (key === 'page-down') move(10);
  else if (key === 'ctrl+u') put({ text: '', at: 0 });
  else if (key === 'backspace') put({ text: [...picker.text].slice(0, -1).join(''), at: 0 });
  else if (key === 'enter') pick(store, shown[at]?.option);
  else {
    const character = key === 'space' ? ' ' : key;
    if ([...character].length === 1 && picker.text.length < 80) put({ text: picker.text + character, at: 0 });
  }
}

/** Does what an option stands for; one that cannot be taken leaves the list open, with its reason in sight. */
export function pick(store: UiStore, option: PickerOption | undefined): void {
  if (!option || option.whyNot !== undefined) return;
  const { id } = option;
  const { recent } = store.getState().session;
  setSession(store, {
    picker: undefined,
    help: false,
    ...(id === undefined
      ? {}
      : { recent: [id, ...recent.filter((before) => before !== id)].slice(0, mostRecent) }),
  });
  option.run(store);
}
