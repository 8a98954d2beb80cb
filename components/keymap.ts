import type { Action } from '../store/actions.ts';
import { isActive, isRollingOut, showsEnded } from '../store/reasons.ts';
import type { UiState, View } from '../store/state.ts';

export interface Binding {
  action: Action;
  /** Key names, as `keyNames` gives them. */
  keys: readonly string[];
  /** The keys as people read them. */
  shown: string;
  label: string | ((state: UiState) => string);
  /** Where it works; everywhere when left out. */
  views?: readonly View[];
  /** Its place in the footer, 1 first to stay when it gets narrow; only under `?` when left out. */
  footer?: number;
}

const lists: readonly View[] = ['discovery', 'selection', 'staging', 'testing', 'history'];

function nextLabel(state: UiState): string {
  const { session } = state;
  if (showsEnded(state)) return 'lessons';
  switch (session.view) {
    case 'discovery':
      return 'select';
    case 'selection':
      return 'build';
    case 'staging':
      return 'run tests';
    case 'testing':
      return 'roll out';
    case 'production':
      return 'lessons';
    case 'learning':
      return 'start over';
    case 'history':
    case 'log':
      return 'next stage';
    default:
      return session.view satisfies never;
  }
}

/** Every key of the program, in the order the help lists them. Footer and help are drawn from this. */
export const keymap: readonly Binding[] = [
  {
    action: 'toggle',
    keys: ['space', 'x'],
    shown: 'space',
    label: 'toggle',
    views: ['selection'],
    footer: 2,
  },
  {
    action: 'open',
    keys: ['enter'],
    shown: 'enter',
    label: 'open',
    views: lists,
    footer: 4,
  },
  { action: 'next', keys: ['n'], shown: 'n', label: nextLabel, footer: 1 },
  { action: 'roll-back', keys: ['r'], shown: 'r', label: 'roll back', footer: 2 },
  {
    action: 'promote',
    keys: ['P'],
    shown: 'P',
    label: ({ deployment }) =>
      deployment?.approval?.kind === 'requested'
        ? 'approve'
        : deployment?.held && deployment.status.kind === 'paused'
          ? 'go on without it'
          : 'finish phase',
    views: ['production'],
    footer: 6,
  },
  {
    action: 'pause',
    keys: ['p'],
    shown: 'p',
    label: ({ deployment }) => (deployment?.status.kind === 'paused' ? 'resume' : 'pause'),
    views: ['production'],
    footer: 5,
  },
  { action: 'retry', keys: ['t'], shown: 't', label: 'try again', views: ['production'], footer: 5 },
  {
    action: 'abort',
    keys: ['a'],
    shown: 'a',
    label: ({ deployment }) => (isActive(deployment) && isRollingOut(deployment) ? 'abort' : 'abandon'),
    footer: 7,
  },
  { action: 'strategy', keys: ['s'], shown: 's', label: 'strategy', views: ['selection'], footer: 3 },
  {
    action: 'filter',
    keys: ['/'],
    shown: '/',
    label: 'filter',
    views: ['discovery', 'selection', 'history'],
    footer: 6,
  },
  {
    action: 'sort',
    keys: ['o'],
    shown: 'o',
    label: ({ session }) => `order: ${session.sort} first`,
    views: ['discovery', 'selection'],
  },
  { action: 'unlock', keys: ['U'], shown: 'U', label: 'unlock the environment', views: ['production'] },
  { action: 'environment', keys: ['e'], shown: 'e', label: 'environment' },
  { action: 'refresh', keys: ['u'], shown: 'u', label: 'look again' },
  { action: 'up', keys: ['up', 'k'], shown: '↑ k', label: 'up' },
  { action: 'down', keys: ['down', 'j'], shown: '↓ j', label: 'down' },
  { action: 'page-up', keys: ['page-up', 'ctrl+u', 'ctrl+b'], shown: 'PgUp ctrl-u', label: 'page up' },
  { action: 'page-down', keys: ['page-down', 'ctrl+d', 'ctrl+f'], shown: 'PgDn ctrl-d', label: 'page down' },
  { action: 'top', keys: ['g', 'home'], shown: 'g', label: 'top' },
  { action: 'bottom', keys: ['G', 'end'], shown: 'G', label: 'bottom' },
  { action: 'left', keys: ['left', 'h'], shown: '← h', label: 'to the stages, or close' },
  { action: 'right', keys: ['right', 'l'], shown: '→ l', label: 'into the list, or open' },
  { action: 'other-pane', keys: ['tab', 'shift+tab'], shown: 'tab', label: 'other pane' },
  { action: 'back', keys: ['esc'], shown: 'esc', label: 'back' },
  { action: 'view-discovery', keys: ['1'], shown: '1', label: 'Discovery' },
  { action: 'view-selection', keys: ['2'], shown: '2', label: 'Selection' },
  { action: 'view-staging', keys: ['3'], shown: '3', label: 'Staging' },
  { action: 'view-testing', keys: ['4'], shown: '4', label: 'Testing' },
  { action: 'view-production', keys: ['5'], shown: '5', label: 'Production' },
  { action: 'view-learning', keys: ['6'], shown: '6', label: 'Learning' },
  { action: 'view-history', keys: ['H'], shown: 'H', label: 'History' },
  { action: 'view-log', keys: ['L'], shown: 'L', label: 'Log of events' },
  { action: 'help', keys: ['?'], shown: '?', label: 'help', footer: 1 },
  { action: 'quit', keys: ['q', 'ctrl+c'], shown: 'q', label: 'quit; what runs goes on', footer: 1 },
];

/** The binding of a key in a view; undefined when it has none there. */
export function bindingOf(key: string, view: View): Binding | undefined {
  return keymap.find((b) => b.keys.includes(key) && (!b.views || b.views.includes(view)));
}

/** What a binding does, in the present state. */
export function labelOf(binding: Binding, state: UiState): string {
  return typeof binding.label === 'string' ? binding.label : binding.label(state);
}
