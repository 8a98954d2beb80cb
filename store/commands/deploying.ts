import { whyNotApprove } from '../../src/domain/approvals.ts';
import { isActive, isRollingOut, showsEnded, waitsForTime, whyNotNext, whyNotRollBack } from '../reasons.ts';
import { currentEnvironment } from '../rows.ts';
import { showView } from '../say.ts';
import type { UiState } from '../state.ts';
import type { UiCommand } from './command.ts';

function nextLabel(state: UiState): string {
  const { session } = state;
  if (showsEnded(state)) return 'lessons';
  switch (session.view) {
    case 'discovery':
      return 'select';
    case 'selection':
      return 'build';
    case 'staging':
      return isActive(state.deployment) && state.deployment.stages.testing.status !== 'pending'
        ? 'to its tests'
        : 'run tests';
    case 'testing':
      return 'roll out';
    case 'production':
      return 'lessons';
    case 'learning':
      return 'start over';
    case 'history':
    case 'analysis':
    case 'environments':
    case 'log':
      return 'next stage';
    default:
      return session.view satisfies never;
  }
}

function whyNotPromote({ deployment, link }: UiState): string | undefined {
  if (!isActive(deployment)) return 'no deployment is under way';
  // What waits for its time may be approved already.
  if (waitsForTime(deployment) && deployment.plan.approval && link)
    return whyNotApprove(deployment, link.actor, new Date());
  if (!isRollingOut(deployment) || !['running', 'paused'].includes(deployment.status.kind))
    return 'no phase is under way';
  return deployment.approval?.kind === 'requested' && link
    ? whyNotApprove(deployment, link.actor, new Date())
    : undefined;
}

function whyNotPause({ deployment }: UiState): string | undefined {
  if (!isActive(deployment)) return 'no deployment is under way';
  if (deployment.approval?.kind === 'requested') return 'it waits for an approval';
  if (deployment.status.kind === 'paused')
    return deployment.held ? 'a check failed: t tries it again, P goes on without it' : undefined;
  return deployment.status.kind === 'running' && isRollingOut(deployment)
    ? undefined
    : 'only a rollout can be paused';
}

function whyNotRetry({ deployment }: UiState): string | undefined {
  if (!isActive(deployment)) return 'no deployment is under way';
  if (deployment.approval?.kind === 'requested' && deployment.status.kind === 'paused')
    return 'it waits for an approval';
  return deployment.status.kind === 'paused' ? undefined : 'nothing waits to be tried again';
}

/** Among environments, what ends or takes back is done where the cursor stands, or not at all. */
function whyNotThere(state: UiState): string | undefined {
  const { session, deployment, environment } = state;
  if (session.view !== 'environments') return undefined;
  const here = currentEnvironment(state)?.name;
  const there = isActive(deployment) ? deployment.environment : environment;
  return here === undefined || there === undefined || here === there
    ? undefined
    : `the views work on ${there}, not on ${here}: space changes that`;
}

function whyNotAbort(state: UiState): string | undefined {
  const { deployment } = state;
  if (!isActive(deployment)) return 'no deployment is under way';
  const elsewhere = whyNotThere(state);
  if (elsewhere !== undefined) return elsewhere;
  if (deployment.status.kind === 'rolling_back') return 'it is being rolled back already';
  return deployment.status.kind === 'concluding' ? 'the outcome is sure already' : undefined;
}

/** Taking a deployment from stage to stage, through its rollout and back. */
export const deploying: readonly UiCommand[] = [
  {
    id: 'next',
    keys: ['n'],
    shown: 'n',
    label: nextLabel,
    footer: 1,
    whyNot: (state) =>
      state.busy ?? (!state.link && state.session.view !== 'discovery' ? 'still loading' : whyNotNext(state)),
    run(store, { session, link }) {
      if (session.view === 'discovery') showView(store, 'selection');
      else void link?.next();
    },
  },
  {
    id: 'roll-back',
    keys: ['r'],
    shown: 'r',
    label: 'roll back',
    footer: 2,
    whyNot: (state) =>
      state.link ? (state.busy ?? whyNotThere(state) ?? whyNotRollBack(state)) : 'still loading',
    run: (_, { link }) => void link?.askRollBack(),
  },
  {
    id: 'promote',
    keys: ['P'],
    shown: 'P',
    label: ({ deployment }) =>
      deployment?.approval?.kind === 'requested' || (deployment && waitsForTime(deployment))
        ? 'approve'
        : deployment?.held && deployment.status.kind === 'paused'
          ? 'go on without it'
          : 'finish phase',
    views: ['production', 'testing'],
    footer: 6,
    whyNot: whyNotPromote,
    run: (_, { link }) => void link?.promote(),
  },
  {
    id: 'emergency',
    keys: ['!'],
    shown: '!',
    label: 'start now, an emergency',
    views: ['testing', 'production'],
    footer: 5,
    whyNot: ({ deployment, busy, link }) =>
      !link
        ? 'still loading'
        : (busy ??
          (isActive(deployment) && waitsForTime(deployment)
            ? undefined
            : 'nothing waits for its window or its time')),
    run: (_, { link }) => link?.askEmergency(),
  },
  {
    id: 'pause',
    keys: ['p'],
    shown: 'p',
    label: ({ deployment }) => (deployment?.status.kind === 'paused' ? 'resume' : 'pause'),
    views: ['production'],
    footer: 5,
    whyNot: whyNotPause,
    run: (_, { link }) => void link?.pauseOrResume(),
  },
  {
    id: 'retry',
    keys: ['t'],
    shown: 't',
    label: 'try again',
    views: ['production'],
    footer: 5,
    whyNot: whyNotRetry,
    run: (_, { link }) => void link?.retry(),
  },
  {
    id: 'abort',
    keys: ['a'],
    shown: 'a',
    label: ({ deployment }) => (isActive(deployment) && isRollingOut(deployment) ? 'abort' : 'abandon'),
    footer: 7,
    whyNot: whyNotAbort,
    run: (_, { link }) => link?.askAbort(),
  },
  {
    id: 'unlock',
    keys: ['U'],
    shown: 'U',
    label: 'unlock the environment',
    views: ['production', 'environments'],
    whyNot: ({ link, busy, environment }) =>
      link ? (busy ?? (environment ? undefined : 'the environments are still being read')) : 'still loading',
    run: (_, state) =>
      void state.link?.askUnlock(
        state.session.view === 'environments' ? currentEnvironment(state)?.name : undefined,
      ),
  },
];
