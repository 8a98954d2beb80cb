import type { Action } from './actions.ts';
import { setSession, type UiStore } from './create-store.ts';
import { layoutOf } from './layout.ts';
import { disabledReason } from './reasons.ts';
import { countOf, currentFeature } from './rows.ts';
import { type Dialog, sorts, type UiState, type View, views } from './state.ts';

const clamp = (n: number, max: number) => Math.max(0, Math.min(n, max));

/** Opens a view, closing what stood open over the last one. */
export function showView(store: UiStore, view: View): void {
  setSession(store, { view, detail: undefined, scroll: 0, scrollLimit: 0, focus: 'main' });
}

/** Says something in the status line. */
export function tell(store: UiStore, text: string, tone: 'info' | 'warn' | 'error' = 'info'): void {
  setSession(store, { toast: { text, tone } });
}

function move(store: UiStore, by: number): void {
  const state = store.getState();
  const { session } = state;
  if (session.help || session.detail)
    return setSession(store, { scroll: clamp(session.scroll + by, session.scrollLimit) });
  if (session.focus === 'stages') {
    const at = views.indexOf(session.view);
    const view = views[clamp(at + Math.sign(by), views.length - 1)];
    if (view) {
      showView(store, view);
      setSession(store, { focus: 'stages' });
    }
    return;
  }
  const last = countOf(state, session.view) - 1;
  const at = clamp(session.cursors[session.view], last);
  setSession(store, { cursors: { ...session.cursors, [session.view]: clamp(at + by, last) } });
}

function back(store: UiStore): void {
  const { session } = store.getState();
  if (session.help) setSession(store, { help: false, scroll: 0 });
  else if (session.detail) setSession(store, { detail: undefined, scroll: 0 });
  else if (session.filter) setSession(store, { filter: undefined });
  else if (session.toast) setSession(store, { toast: undefined });
  else setSession(store, { focus: 'main' });
}

function open(store: UiStore, state: UiState): void {
  if (state.session.focus === 'stages') return setSession(store, { focus: 'main' });
  const feature = currentFeature(state);
  if (feature) setSession(store, { detail: { kind: 'feature', id: feature.id }, scroll: 0, scrollLimit: 0 });
  void state.link?.open();
}

/** Carries out one action, or says why it cannot be. Unknown to it are keys and drawing. */
export function perform(store: UiStore, action: Action): void {
  const state = store.getState();
  const { session, link } = state;
  const disabled = disabledReason(action, state);
  if (disabled) return tell(store, `Not now: ${disabled.replace(/\.$/, '')}.`, 'warn');
  const page = layoutOf(session.size).main.height - 4;
  switch (action) {
    case 'quit':
      return setSession(store, { quitting: true });
    case 'help':
      return setSession(store, { help: !session.help, scroll: 0, scrollLimit: 0 });
    case 'back':
      return back(store);
    case 'open':
      return open(store, state);
    case 'up':
      return move(store, -1);
    case 'down':
      return move(store, 1);
    case 'page-up':
      return move(store, -page);
    case 'page-down':
      return move(store, page);
    case 'top':
      return move(store, -1e9);
    case 'bottom':
      return move(store, 1e9);
    case 'left':
      return session.detail ? back(store) : setSession(store, { focus: 'stages' });
    case 'right':
      return session.focus === 'stages' ? setSession(store, { focus: 'main' }) : open(store, state);
    case 'other-pane':
      return setSession(store, { focus: session.focus === 'stages' ? 'main' : 'stages' });
    case 'view-discovery':
    case 'view-selection':
    case 'view-staging':
    case 'view-testing':
    case 'view-production':
    case 'view-learning':
    case 'view-history':
    case 'view-log': {
      const view = views.find((v) => action === `view-${v}`);
      return view ? showView(store, view) : undefined;
    }
    case 'filter':
      return setSession(store, {
        filter: { view: session.view, text: '', typing: true },
        cursors: { ...session.cursors, [session.view]: 0 },
      });
    case 'toggle': {
      const feature = currentFeature(state);
      return feature ? link?.toggle(feature.id) : undefined;
    }
    case 'strategy':
      return link?.cycleStrategy();
    case 'sort':
      return setSession(store, {
        sort: sorts[(sorts.indexOf(session.sort) + 1) % sorts.length] ?? 'oldest',
        cursors: { ...session.cursors, [session.view]: 0 },
      });
    case 'environment':
      return link?.cycleEnvironment();
    case 'next':
      if (session.view === 'discovery') return showView(store, 'selection');
      return void link?.next();
    case 'roll-back':
      return void link?.askRollBack();
    case 'abort':
      return link?.askAbort();
    case 'pause':
      return void link?.pauseOrResume();
    case 'promote':
      return void link?.promote();
    case 'unlock':
      return void link?.askUnlock();
    case 'retry':
      return void link?.retry();
    case 'refresh':
      return void link?.refresh();
    default:
      return action satisfies never;
  }
}

/** Takes a key while the filter is being typed; names are those of `keyNames`. */
export function typeIntoFilter(store: UiStore, key: string): void {
  const { filter, cursors } = store.getState().session;
  if (!filter) return;
  const top = { cursors: { ...cursors, [filter.view]: 0 } };
  if (key === 'enter' || key === 'down') {
    setSession(store, { filter: filter.text === '' ? undefined : { ...filter, typing: false } });
  } else if (key === 'esc') setSession(store, { filter: undefined });
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
  if (!dialog) return;
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
