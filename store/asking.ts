import { setSession, type UiStore } from './create-store.ts';
import { placeOfRow, rowNamed } from './rows.ts';
import { tell } from './say.ts';
import type { Dialog } from './state.ts';

/** Begins to type a filter of the view; the cursor stays where it is until something is typed. */
export function beginFilter(store: UiStore): void {
  const state = store.getState();
  const { view } = state.session;
  setSession(store, { filter: { view, text: '', typing: true, from: rowNamed(state, view) } });
}

/** Shows all rows again, the cursor on the row it stood on, or where nothing was listed on the one before the filter. */
export function endFilter(store: UiStore): void {
  const state = store.getState();
  const { filter } = state.session;
  if (!filter) return;
  const row = rowNamed(state, filter.view) ?? filter.from;
  setSession(store, { filter: undefined });
  const all = store.getState();
  const at = row === undefined ? -1 : placeOfRow(all, filter.view, row);
  if (at >= 0) setSession(store, { cursors: { ...all.session.cursors, [filter.view]: at } });
}

/** Questions that were asked a moment ago, and that nobody can have read. */
const unread = new WeakSet<Dialog>();

/**
 * Asks a question. Keys that came together with the one that led to it are no answer: what was typed ahead, or pasted
 * where the terminal does not tell pasting from typing, says yes to nothing; esc still closes it.
 */
export function ask(store: UiStore, dialog: Dialog): void {
  unread.add(dialog);
  setSession(store, { dialog });
  setImmediate(() => unread.delete(dialog));
}

/**
 * Asks a question that took a while to prepare. Whoever types into something else by now would answer it with letters
 * meant for that, so it is only said that `what` can be asked for again.
 */
export function askLate(store: UiStore, dialog: Dialog, what: string): void {
  const { filter, picker, detail, dialog: other } = store.getState().session;
  const reading = detail?.kind === 'paper' || detail?.kind === 'output' ? detail : undefined;
  if (filter?.typing || picker || other || reading?.search?.typing)
    tell(store, `Not asked while you type: ${what}.`, 'warn');
  else ask(store, dialog);
}

/** Takes a key while the filter is being typed; names are those of `keyNames`. */
export function typeIntoFilter(store: UiStore, key: string): void {
  const { filter, cursors } = store.getState().session;
  if (!filter) return;
  const top = { cursors: { ...cursors, [filter.view]: 0 } };
  if (key === 'enter' || key === 'down') {
    if (filter.text === '') endFilter(store);
    else setSession(store, { filter: { ...filter, typing: false } });
  } else if (key === 'esc') endFilter(store);
  else if (key === 'backspace')
    setSession(store, { filter: { ...filter, text: [...filter.text].slice(0, -1).join('') }, ...top });
  else {
    const character = key === 'space' ? ' ' : key;
    if ([...character].length === 1)
      setSession(store, { filter: { ...filter, text: filter.text + character }, ...top });
  }
}

/** Takes a key while a dialog asks; anything but a clear yes leaves things as they are. */
export function answerDialog(store: UiStore, key: string): void {
  const state = store.getState();
  const { dialog } = state.session;
  if (!dialog || (unread.has(dialog) && key !== 'esc')) return;
  if (dialog.reason) return answerWithReason(store, dialog, key);
  const yes =
    dialog.word === undefined ? saysYes(dialog, key) : key === 'enter' && dialog.typed === dialog.word;
  if (yes) {
    setSession(store, { dialog: undefined });
    void state.link?.confirm(dialog.intent);
  } else if (dialog.word !== undefined) typeWord(store, dialog, key);
  else if (['n', 'esc', 'q', 'enter'].includes(key)) setSession(store, { dialog: undefined });
  else if (['left', 'right', 'tab', 'h', 'l'].includes(key))
    setSession(store, { dialog: { ...dialog, chosen: dialog.chosen === 'yes' ? 'no' : 'yes' } });
}

/** Characters of a reason that is typed. */
const longestReason = 300;

/** Takes a key of a reason: enter says yes once there is one. */
function answerWithReason(store: UiStore, dialog: Dialog, key: string): void {
  const typed = dialog.typed ?? '';
  const { intent } = dialog;
  const why = typed.trim();
  if (key === 'esc') setSession(store, { dialog: undefined });
  else if (key === 'enter' && why !== '' && intent.kind === 'roll-out') {
    setSession(store, { dialog: undefined });
    void store.getState().link?.confirm({ ...intent, why });
  } else if (key === 'backspace')
    setSession(store, { dialog: { ...dialog, typed: [...typed].slice(0, -1).join('') } });
  else {
    const character = key === 'space' ? ' ' : key;
    if ([...character].length === 1 && typed.length < longestReason)
      setSession(store, { dialog: { ...dialog, typed: typed + character } });
  }
}

function saysYes(dialog: Dialog, key: string): boolean {
  return key === 'y' || (key === 'enter' && dialog.chosen === 'yes');
}

/** Takes a key of the word that a dialog asks for: every key writes, so none can mean yes by chance. */
function typeWord(store: UiStore, dialog: Dialog, key: string): void {
  const typed = dialog.typed ?? '';
  if (key === 'esc') setSession(store, { dialog: undefined });
  else if (key === 'backspace') setSession(store, { dialog: { ...dialog, typed: typed.slice(0, -1) } });
  else if ([...key].length === 1 && typed.length < 40)
    setSession(store, { dialog: { ...dialog, typed: typed + key } });
}
