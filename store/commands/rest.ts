import type { HistoryRow } from '../../src/domain/memory.ts';
import { currentRow } from '../history-list.ts';
import { isActive } from '../reasons.ts';
import type { UiState } from '../state.ts';
import type { UiCommand } from './command.ts';

/** The past deployment in sight: under the cursor of the history, else the one shown, else the environment's newest. */
export function restRow(state: UiState): HistoryRow | undefined {
  const { session, history, deployment, environment } = state;
  if (session.view === 'history') return currentRow(state);
  const rows = history.status === 'loaded' ? history.rows : [];
  return rows.find(({ id, environment: of }) => (deployment ? id === deployment.id : of === environment));
}

function whyNot(state: UiState): string | undefined {
  const { link, busy, deployment } = state;
  if (!link) return 'still loading';
  if (busy !== undefined) return busy;
  if (isActive(deployment)) return `${deployment.id} is under way`;
  const row = restRow(state);
  if (!row) return 'no deployment has ended';
  const { id, kind, outcome, features } = row;
  if (kind === 'rollback' ? outcome !== 'succeeded' : outcome === 'succeeded' || outcome === 'halted')
    return `${id} took nothing back`;
  return kind === 'deploy' && features.length < 2
    ? `without its culprit nothing of ${id} is left`
    : undefined;
}

/** What was taken back, again, without whom it was taken back for. */
export const rest: UiCommand = {
  id: 'ship-rest',
  keys: ['w'],
  shown: 'w',
  label: 'ship the rest',
  views: ['production', 'learning', 'history'],
  footer: 2,
  whyNot,
  run: (_, { link }) => void link?.askRest(),
};
