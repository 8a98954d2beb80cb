import { endFilter } from '../asking.ts';
import { setSession, type UiStore } from '../create-store.ts';
import { focusOf, nextFocus } from '../focus.ts';
import { hasDrawer, layoutOf } from '../layout.ts';
import { currentEvent, movedInLog } from '../log.ts';
import { reopenSoon } from '../reopen.ts';
import { moveFile, readsDiff, walksFiles } from '../feature-tabs.ts';
import { countOf, currentEnvironment, currentFeature } from '../rows.ts';
import { endSearch, moveReading } from '../reading.ts';
import { showView } from '../say.ts';
import { pinnedAt, testingAt } from '../testing-rows.ts';
import { type Detail, type UiState, type View, views } from '../state.ts';
import type { UiCommand } from './command.ts';

const clamp = (n: number, max: number) => Math.max(0, Math.min(n, max));

/** Further than any list is long. */
const far = 1e9;

const lists: readonly View[] = [
  'discovery',
  'selection',
  'staging',
  'testing',
  'history',
  'environments',
  'log',
];

/** Goes `by` rows down in the part that has the keys, up where it is negative. */
export function move(store: UiStore, by: number): void {
  const state = store.getState();
  const { session } = state;
  const focus = focusOf(session);
  if (walksFiles(session)) return moveFile(store, by);
  if (!session.help && focus === 'drawer' && moveReading(store, by)) return;
  if (session.help || focus === 'drawer')
    return setSession(store, { scroll: clamp(session.scroll + by, session.scrollLimit) });
  if (focus === 'stages') {
    const at = views.indexOf(session.view);
    const view = views[clamp(at + Math.sign(by), views.length - 1)];
    if (view) {
      showView(store, view);
      setSession(store, { focus: 'stages' });
    }
    return;
  }
  if (session.view === 'log') {
    store.setState({ log: movedInLog(state, by) });
    if (session.detail) showMoved(store);
    return;
  }
  const last = countOf(state, session.view) - 1;
  const testing = session.view === 'testing';
  const at = testing ? testingAt(state) : clamp(session.cursors[session.view], last);
  const to = clamp(at + by, last);
  if (testing) setSession(store, { pinned: pinnedAt(state, to) });
  setSession(store, { cursors: { ...session.cursors, [session.view]: to } });
  if (session.detail && to !== at) showMoved(store);
}

/** What stands open beside the list follows the cursor: a feature at once, what must be read first a little later. */
function showMoved(store: UiStore): void {
  const state = store.getState();
  const feature = currentFeature(state);
  const detail = feature ? ({ kind: 'feature', id: feature.id } as const) : detailUnderCursor(state);
  if (detail) setSession(store, { detail, scroll: 0, scrollLimit: 0 });
  reopenSoon(store);
}

/** Closes what stands open last, one at a time. */
export function back(store: UiStore): void {
  const { session, link } = store.getState();
  link?.leaveText();
  if (session.help) setSession(store, { help: false, scroll: 0 });
  else if (endSearch(store)) return;
  else if (session.detail) setSession(store, { detail: undefined, scroll: 0 });
  else if (session.filter) endFilter(store);
  else if (session.toast) setSession(store, { toast: undefined });
  else setSession(store, { focus: 'main' });
}

function open(store: UiStore, state: UiState): void {
  const focus = focusOf(state.session);
  if (focus === 'stages') return setSession(store, { focus: 'main' });
  if (focus === 'drawer') return;
  if (state.session.detail) return setSession(store, { focus: 'drawer' });
  const feature = currentFeature(state);
  const detail = feature ? ({ kind: 'feature', id: feature.id } as const) : detailUnderCursor(state);
  if (detail) setSession(store, { detail, scroll: 0, scrollLimit: 0 });
  void state.link?.open();
}

/** Keys open what the cursor stands on; an empty list has nothing. */
function whyNotOpen(state: UiState): string | undefined {
  const { session } = state;
  if (session.detail || focusOf(session) !== 'main') return undefined;
  return countOf(state, session.view) > 0 ? undefined : 'nothing is listed here';
}

/** What can be shown of the row under the cursor without asking the engine. */
function detailUnderCursor(state: UiState): Detail | undefined {
  if (state.session.view === 'environments') {
    const row = currentEnvironment(state);
    return row && { kind: 'environment', name: row.name };
  }
  const event = state.session.view === 'log' ? currentEvent(state) : undefined;
  return event && { kind: 'event', event };
}

const pageOf = ({ session }: UiState) =>
  (readsDiff(session) ? session.page : undefined) ?? layoutOf(session.size).main.height - 4;

/** Going about in a list, between the panes, in and back. */
export const moving: readonly UiCommand[] = [
  {
    id: 'open',
    keys: ['enter'],
    shown: 'enter',
    label: 'open',
    views: lists,
    footer: 4,
    whyNot: whyNotOpen,
    run: open,
  },
  { id: 'up', keys: ['up', 'k'], shown: '↑ k', label: 'up', run: (store) => move(store, -1) },
  { id: 'down', keys: ['down', 'j'], shown: '↓ j', label: 'down', run: (store) => move(store, 1) },
  {
    id: 'page-up',
    keys: ['page-up', 'ctrl+u', 'ctrl+b'],
    shown: 'PgUp ctrl-u',
    label: 'page up',
    run: (store, state) => move(store, -pageOf(state)),
  },
  {
    id: 'page-down',
    keys: ['page-down', 'ctrl+d', 'ctrl+f'],
    shown: 'PgDn ctrl-d',
    label: 'page down',
    run: (store, state) => move(store, pageOf(state)),
  },
  { id: 'top', keys: ['g', 'home'], shown: 'g', label: 'top', run: (store) => move(store, -far) },
  { id: 'bottom', keys: ['G', 'end'], shown: 'G', label: 'bottom', run: (store) => move(store, far) },
  {
    id: 'left',
    keys: ['left', 'h'],
    shown: '← h',
    label: 'to the stages, or close',
    run: (store, { session }) =>
      focusOf(session) !== 'drawer'
        ? setSession(store, { focus: 'stages' })
        : hasDrawer(session.size)
          ? setSession(store, { focus: 'main' })
          : back(store),
  },
  { id: 'right', keys: ['right', 'l'], shown: '→ l', label: 'into the list, or open', run: open },
  {
    id: 'other-pane',
    keys: ['tab'],
    shown: 'tab',
    label: 'next part: stages, list, what is open',
    run: (store, { session }) => setSession(store, { focus: nextFocus(session, 1) }),
  },
  {
    id: 'other-pane-back',
    keys: ['shift+tab'],
    shown: 'shift-tab',
    label: 'the part before',
    run: (store, { session }) => setSession(store, { focus: nextFocus(session, -1) }),
  },
  { id: 'back', keys: ['esc'], shown: 'esc', label: 'back', run: back },
];
