import { isActive } from '../reasons.ts';
import { currentEnvironment, currentReport } from '../rows.ts';
import type { UiState } from '../state.ts';
import type { UiCommand } from './command.ts';

function whyNotUse(state: UiState): string | undefined {
  const { deployment, link } = state;
  const row = currentEnvironment(state);
  if (!link) return 'still loading';
  if (!row) return 'the environments are still being read';
  if (row.name === state.environment) return `the views work on ${row.name} already`;
  // A deployment under way there is what one wants to see; else the one that is seen is not lost sight of.
  return isActive(deployment) && row.active === undefined
    ? `${deployment.id} is under way in ${deployment.environment}`
    : undefined;
}

function whyNotApprove(state: UiState): string | undefined {
  const { link, busy } = state;
  if (!link) return 'still loading';
  if (busy !== undefined) return busy;
  const row = currentEnvironment(state);
  if (!row) return 'the environments are still being read';
  const waits = currentReport(state)?.underWay?.approval;
  if (!waits) return `${row.name} waits for no approval`;
  return waits.notBy === link.actor.name
    ? `another person has to approve it: ${waits.notBy} asked for it`
    : undefined;
}

/** What can be done with the environment under the cursor. */
export const places: readonly UiCommand[] = [
  {
    id: 'use-environment',
    keys: ['space'],
    shown: 'space',
    label: 'work on it',
    views: ['environments'],
    footer: 2,
    whyNot: whyNotUse,
    run(_, state) {
      const row = currentEnvironment(state);
      if (row) state.link?.useEnvironment(row.name);
    },
  },
  {
    id: 'compare-environments',
    keys: ['v'],
    shown: 'v',
    label: ({ session }) =>
      session.markedPlace === undefined ? 'mark to compare' : `compare with ${session.markedPlace}`,
    views: ['environments'],
    footer: 3,
    whyNot: ({ link, environments }) =>
      link ? (environments.length < 2 ? 'there is only one environment' : undefined) : 'still loading',
    run: (_, { link }) => void link?.markOrCompare(),
  },
  {
    id: 'approve',
    keys: ['P'],
    shown: 'P',
    label: 'approve',
    views: ['environments'],
    footer: 1,
    whyNot: whyNotApprove,
    run: (_, { link }) => void link?.askApprove(),
  },
];
