import type { Deployment } from '../src/domain/deployment.ts';
import { whyNotOwnApproval } from '../src/domain/own-approval.ts';
import type { Action } from './actions.ts';
import { currentFeature } from './rows.ts';
import type { UiState } from './state.ts';
import { inSentences } from '../src/domain/in-sentences.ts';

/** Whether a deployment still holds its environment. */
export function isActive(deployment: Deployment | undefined): deployment is Deployment {
  return deployment !== undefined && deployment.status.kind !== 'finished';
}

/** Whether the candidate may have users, so that going back means restoring the stable version. */
export function isRollingOut(deployment: Deployment): boolean {
  return (
    isActive(deployment) &&
    (deployment.stages.production.status === 'active' || deployment.status.kind === 'rolling_back')
  );
}

/** Whether the view shows a stage of a deployment that has ended: from there it goes on to the lessons. */
export function showsEnded({ session, deployment }: UiState): boolean {
  return (
    deployment !== undefined &&
    !isActive(deployment) &&
    ['staging', 'testing', 'production'].includes(session.view)
  );
}

function whyNoChanges({ discovery }: UiState): string | undefined {
  if (discovery.status === 'loaded') return undefined;
  return discovery.status === 'failed' ? discovery.problem.message : 'the changes are still being read';
}

/** What the base holds cannot be chosen: it would add nothing. */
function whyNotToggle(state: UiState): string | undefined {
  const { id, onBase } = currentFeature(state) ?? {};
  return onBase === true ? `${id} is on the base already: selecting it adds nothing` : undefined;
}

function whyNotNext(state: UiState): string | undefined {
  const { deployment } = state;
  if (showsEnded(state)) return undefined;
  switch (state.session.view) {
    case 'discovery':
      return whyNoChanges(state);
    case 'selection':
      if (isActive(deployment)) return undefined;
      if (state.config.status === 'failed') return inSentences(state.config.problem);
      if (!state.environment) return 'the environments are still being read';
      if (!state.selection.closed?.selected.length) return 'nothing is selected: space takes a feature';
      if (state.selection.proof.kind === 'refused')
        return 'the selection does not apply: leave out what conflicts';
      return undefined;
    case 'staging':
      if (!isActive(deployment)) return 'no candidate is staged: build one from Selection';
      if (deployment.status.kind === 'waiting') return undefined;
      return deployment.stages.staging.status === 'active' ? 'the candidate is still being built' : undefined;
    case 'testing':
      if (!isActive(deployment)) return 'nothing is being tested: stage a candidate first';
      if (deployment.status.kind === 'waiting') return undefined;
      return deployment.stages.testing.status === 'active' ? 'the suites are still running' : undefined;
    case 'production':
      if (!deployment) return 'nothing is rolled out: stage and test a candidate first';
      return isActive(deployment) && deployment.status.kind !== 'concluding'
        ? 'the rollout is under way: P finishes the phase now, p pauses'
        : undefined;
    case 'learning':
      return isActive(deployment) ? 'the deployment is not finished' : undefined;
    case 'history':
    case 'log':
      return 'open a stage first: 1 to 6';
    default:
      return state.session.view satisfies never;
  }
}

/** Why `r` cannot roll back now; undefined when it can. */
export function whyNotRollBack(state: UiState): string | undefined {
  const { deployment, environment } = state;
  if (isActive(deployment)) {
    if (deployment.status.kind === 'rolling_back') return 'it is being rolled back already';
    if (deployment.status.kind === 'concluding')
      return 'the outcome is sure; wait until it has been learned from';
    if (deployment.kind === 'rollback') return 'a rollback is under way';
    if (!isRollingOut(deployment)) return 'nothing is rolled out yet: a abandons the candidate';
    return deployment.stable ? undefined : 'first deployment: there is no earlier version to return to';
  }
  if (state.config.status === 'failed') return inSentences(state.config.problem);
  const row = state.environments.find((e) => e.name === environment);
  if (!row) return 'the environments are still being read';
  if (!row.deployed) return `nothing is deployed to ${row.name} yet`;
  if (state.history.status !== 'loaded') return 'the history is still being read';
  const versions = new Set(
    state.history.rows
      .filter((h) => h.environment === environment && h.outcome === 'succeeded')
      .map((h) => h.version),
  );
  return versions.size < 2 ? 'only one version was ever deployed: there is none to return to' : undefined;
}

/** Why an action can do nothing now, for the footer, the help and the toast; undefined when it can. */
export function disabledReason(action: Action, state: UiState): string | undefined {
  const { deployment, link } = state;
  switch (action) {
    case 'toggle':
    case 'strategy':
      if (!link) return 'still loading';
      if (state.discovery.status !== 'loaded') return whyNoChanges(state);
      if (isActive(deployment)) return `${deployment.id} is under way; its selection is frozen`;
      return action === 'toggle' ? whyNotToggle(state) : undefined;
    case 'environment':
      if (isActive(deployment)) return `${deployment.id} is under way in ${deployment.environment}`;
      return state.environments.length < 2 ? 'there is only one environment' : undefined;
    case 'next':
      if (state.busy) return state.busy;
      if (!link && state.session.view !== 'discovery') return 'still loading';
      return whyNotNext(state);
    case 'roll-back':
      if (!link) return 'still loading';
      return state.busy ?? whyNotRollBack(state);
    case 'abort':
      if (!isActive(deployment)) return 'no deployment is under way';
      if (deployment.status.kind === 'rolling_back') return 'it is being rolled back already';
      return deployment.status.kind === 'concluding' ? 'the outcome is sure already' : undefined;
    case 'pause':
      if (!isActive(deployment)) return 'no deployment is under way';
      if (deployment.approval?.kind === 'requested') return 'it waits for an approval';
      if (deployment.status.kind === 'paused')
        return deployment.held ? 'a check failed: t tries it again, P goes on without it' : undefined;
      return deployment.status.kind === 'running' && isRollingOut(deployment)
        ? undefined
        : 'only a rollout can be paused';
    case 'unlock':
      if (!link) return 'still loading';
      return state.busy ?? (state.environment ? undefined : 'the environments are still being read');
    case 'retry':
      if (!isActive(deployment)) return 'no deployment is under way';
      if (deployment.approval?.kind === 'requested' && deployment.status.kind === 'paused')
        return 'it waits for an approval';
      return deployment.status.kind === 'paused' ? undefined : 'nothing waits to be tried again';
    case 'promote':
      if (!isActive(deployment)) return 'no deployment is under way';
      if (!isRollingOut(deployment) || !['running', 'paused'].includes(deployment.status.kind))
        return 'no phase is under way';
      return deployment.approval?.kind === 'requested' && link
        ? whyNotOwnApproval(deployment, link.actor.name)
        : undefined;
    case 'refresh':
      return link ? undefined : 'still loading';
    case 'quit':
    case 'help':
    case 'back':
    case 'open':
    case 'up':
    case 'down':
    case 'page-up':
    case 'page-down':
    case 'top':
    case 'bottom':
    case 'left':
    case 'right':
    case 'other-pane':
    case 'view-discovery':
    case 'view-selection':
    case 'view-staging':
    case 'view-testing':
    case 'view-production':
    case 'view-learning':
    case 'view-history':
    case 'view-log':
    case 'filter':
    case 'sort':
      return undefined;
    default:
      return action satisfies never;
  }
}
