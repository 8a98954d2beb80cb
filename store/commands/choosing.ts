import { setSession } from '../create-store.ts';
import { isActive, whyNoChanges } from '../reasons.ts';
import { currentFeature } from '../rows.ts';
import { sorts, type UiState } from '../state.ts';
import type { UiCommand } from './command.ts';

/** Why the selection cannot be changed now. */
function whyNotChoose({ link, discovery, deployment, ...state }: UiState): string | undefined {
  if (!link) return 'still loading';
  if (discovery.status !== 'loaded') return whyNoChanges({ ...state, link, discovery, deployment });
  return isActive(deployment) ? `${deployment.id} is under way; its selection is frozen` : undefined;
}

/** What the base holds cannot be chosen: it would add nothing. */
function whyNotToggle(state: UiState): string | undefined {
  const why = whyNotChoose(state);
  if (why !== undefined) return why;
  const { id, onBase } = currentFeature(state) ?? {};
  return onBase === true ? `${id} is on the base already: selecting it adds nothing` : undefined;
}

/** Choosing what ships, and how it is listed. */
export const choosing: readonly UiCommand[] = [
  {
    id: 'toggle',
    keys: ['space', 'x'],
    shown: 'space',
    label: 'toggle',
    views: ['selection'],
    footer: 2,
    whyNot: whyNotToggle,
    run(_, state) {
      const feature = currentFeature(state);
      if (feature) state.link?.toggle(feature.id);
    },
  },
  {
    id: 'strategy',
    keys: ['s'],
    shown: 's',
    label: 'strategy',
    views: ['selection'],
    footer: 3,
    whyNot: whyNotChoose,
    run: (_, { link }) => link?.cycleStrategy(),
  },
  {
    id: 'filter',
    keys: ['/'],
    shown: '/',
    label: 'filter',
    views: ['discovery', 'selection', 'history', 'log'],
    footer: 6,
    run: (store, { session }) =>
      setSession(store, {
        filter: { view: session.view, text: '', typing: true },
        cursors: { ...session.cursors, [session.view]: 0 },
      }),
  },
  {
    id: 'sort',
    keys: ['o'],
    shown: 'o',
    label: ({ session }) => `order: ${session.sort} first`,
    views: ['discovery', 'selection'],
    run: (store, { session }) =>
      setSession(store, {
        sort: sorts[(sorts.indexOf(session.sort) + 1) % sorts.length] ?? 'oldest',
        cursors: { ...session.cursors, [session.view]: 0 },
      }),
  },
];
