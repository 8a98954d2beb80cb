import type { Deployment } from '../src/domain/deployment.ts';
import { failingWords, testsHold } from '../src/domain/testing-verdict.ts';
import type { HistoryRow } from '../src/domain/memory.ts';
import { remember } from './remember.ts';
import type { UiState } from './state.ts';
import { inSentences } from '../src/domain/in-sentences.ts';

/** Whether a deployment still holds its environment. */
export function isActive(deployment: Deployment | undefined): deployment is Deployment {
  return deployment !== undefined && deployment.status.kind !== 'finished';
}

/** Whether its rollout waits for a window, the end of a freeze, or the moment it was asked for. */
export function waitsForTime({ status }: Deployment): boolean {
  return status.kind === 'waiting' && status.until !== undefined;
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

/** Why nothing can be chosen from. */
export function whyNoChanges({ discovery }: UiState): string | undefined {
  if (discovery.status === 'loaded') return undefined;
  return discovery.status === 'failed' ? discovery.problem.message : 'the changes are still being read';
}

/** Why the view does not go on to the next stage; undefined when it does. */
export function whyNotNext(state: UiState): string | undefined {
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
      if (deployment.status.kind === 'waiting' && testsHold(deployment))
        return `${failingWords(deployment)}. R runs a suite again, a abandons the candidate`;
      if (deployment.status.kind === 'waiting') return undefined;
      return deployment.stages.testing.status === 'active' ? 'the suites are still running' : undefined;
    case 'production':
      if (!deployment) return 'nothing is rolled out: stage and test a candidate first';
      if (isActive(deployment) && waitsForTime(deployment)) return undefined;
      return isActive(deployment) && deployment.status.kind !== 'concluding'
        ? isRollingOut(deployment)
          ? 'the rollout is under way: P finishes the phase now, p pauses'
          : 'nothing is rolled out yet'
        : undefined;
    case 'learning':
      return isActive(deployment) ? 'the deployment is not finished' : undefined;
    case 'history':
    case 'analysis':
    case 'environments':
    case 'log':
      return 'open a stage first: 1 to 6';
    default:
      return state.session.view satisfies never;
  }
}

/** How many versions were ever deployed to an environment; asked for every frame, of thousands of rows. */
const versionsOf = remember(
  (rows: readonly HistoryRow[], environment: string | undefined) =>
    new Set(
      rows.filter((h) => h.environment === environment && h.outcome === 'succeeded').map((h) => h.version),
    ).size,
);

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
  return versionsOf(state.history.rows, environment) < 2
    ? 'only one version was ever deployed: there is none to return to'
    : undefined;
}
