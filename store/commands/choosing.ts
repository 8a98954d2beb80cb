import { inSentences } from '../../src/domain/in-sentences.ts';
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

/** Why the way to roll out cannot be changed now. */
function whyNotRollout(state: UiState): string | undefined {
  if (state.config.status === 'failed') return inSentences(state.config.problem);
  return (
    whyNotChoose(state) ??
    state.busy ??
    (state.environment ? undefined : 'the environments are still being read')
  );
}

/** What the base holds cannot be chosen: it would add nothing. */
function whyNotToggle(state: UiState): string | undefined {
  const why = whyNotChoose(state);
  if (why !== undefined) return why;
  const { id, onBase } = currentFeature(state) ?? {};
  return onBase === true ? `${id} is on the base already: selecting it adds nothing` : undefined;
}

function notesOf({ discovery }: UiState): readonly string[] {
  return discovery.status === 'loaded' ? discovery.discovery.notes : [];
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
    run: (_, { link }) => link?.askStrategy(),
  },
  {
    id: 'rollout-strategy',
    keys: ['S'],
    shown: 'S',
    label: 'rollout strategy',
    views: ['selection'],
    footer: 5,
    whyNot: whyNotRollout,
    run: (_, { link }) => void link?.askRollout(),
  },
  {
    id: 'filter',
    keys: ['/'],
    shown: '/',
    label: 'filter',
    views: ['discovery', 'selection', 'history', 'log'],
    footer: 4,
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
    footer: 8,
    run: (store, { session }) =>
      setSession(store, {
        sort: sorts[(sorts.indexOf(session.sort) + 1) % sorts.length] ?? 'oldest',
        cursors: { ...session.cursors, [session.view]: 0 },
      }),
  },
  {
    id: 'notes',
    keys: ['N'],
    shown: 'N',
    label: 'read the notes',
    views: ['discovery'],
    whyNot: (state) => whyNoChanges(state) ?? (notesOf(state).length > 0 ? undefined : 'there are none'),
    run: (store, state) =>
      setSession(store, {
        detail: { kind: 'text', title: 'Notes', lines: notesOf(state).flatMap((note) => [`! ${note}`, '']) },
        scroll: 0,
        scrollLimit: 0,
      }),
  },
];
