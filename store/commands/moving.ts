import { setSession, type UiStore } from '../create-store.ts';
import { layoutOf } from '../layout.ts';
import { countOf, currentFeature } from '../rows.ts';
import { endSearch, moveReading } from '../reading.ts';
import { showView } from '../say.ts';
import { pinnedAt, testingAt } from '../testing-rows.ts';
import { type UiState, type View, views } from '../state.ts';
import type { UiCommand } from './command.ts';

const clamp = (n: number, max: number) => Math.max(0, Math.min(n, max));

/** Further than any list is long. */
const far = 1e9;

const lists: readonly View[] = ['discovery', 'selection', 'staging', 'testing', 'history'];

function move(store: UiStore, by: number): void {
  const state = store.getState();
  const { session } = state;
  if (!session.help && moveReading(store, by)) return;
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
  const testing = session.view === 'testing';
  const at = testing ? testingAt(state) : clamp(session.cursors[session.view], last);
  if (testing) setSession(store, { pinned: pinnedAt(state, clamp(at + by, last)) });
  setSession(store, { cursors: { ...session.cursors, [session.view]: clamp(at + by, last) } });
}

/** Closes what stands open last, one at a time. */
export function back(store: UiStore): void {
  const { session } = store.getState();
  if (session.help) setSession(store, { help: false, scroll: 0 });
  else if (endSearch(store)) return;
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

const pageOf = ({ session }: UiState) => layoutOf(session.size).main.height - 4;

/** Going about in a list, between the panes, in and back. */
export const moving: readonly UiCommand[] = [
  { id: 'open', keys: ['enter'], shown: 'enter', label: 'open', views: lists, footer: 4, run: open },
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
    run: (store, { session }) => (session.detail ? back(store) : setSession(store, { focus: 'stages' })),
  },
  {
    id: 'right',
    keys: ['right', 'l'],
    shown: '→ l',
    label: 'into the list, or open',
    run: (store, state) =>
      state.session.focus === 'stages' ? setSession(store, { focus: 'main' }) : open(store, state),
  },
  {
    id: 'other-pane',
    keys: ['tab', 'shift+tab'],
    shown: 'tab',
    label: 'other pane',
    run: (store, { session }) => setSession(store, { focus: session.focus === 'stages' ? 'main' : 'stages' }),
  },
  { id: 'back', keys: ['esc'], shown: 'esc', label: 'back', run: back },
];
