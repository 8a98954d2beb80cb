import { showView } from '../say.ts';
import type { View } from '../state.ts';
import type { UiCommand } from './command.ts';

const keyed = [
  ['1', 'discovery', 'Discovery'],
  ['2', 'selection', 'Selection'],
  ['3', 'staging', 'Staging'],
  ['4', 'testing', 'Testing'],
  ['5', 'production', 'Production'],
  ['6', 'learning', 'Learning'],
  ['H', 'history', 'History'],
  ['A', 'analysis', 'Analysis'],
  ['E', 'environments', 'Environments'],
  ['L', 'log', 'Log of events'],
] as const satisfies readonly (readonly [key: string, view: View, label: string])[];

/** A key for every view. */
export const showing: readonly UiCommand[] = keyed.map(([key, view, label]) => ({
  id: `view-${view}`,
  keys: [key],
  shown: key,
  label,
  run: (store) => showView(store, view),
}));
