import type { Deployment } from '../src/domain/deployment.ts';
import { stageViews, type View } from './state.ts';

/** The deployment to show first: one in the environment that is looked at, else the newest; undefined without any. */
export function chooseDeployment(
  active: readonly Deployment[],
  environment: string | undefined,
): Deployment | undefined {
  return active.findLast((d) => d.environment === environment) ?? active.at(-1);
}

/** The view of the stage a deployment is in: the one under way, else the last that ended. */
export function viewOf(deployment: Deployment): View {
  const under = stageViews.find((stage) => deployment.stages[stage].status === 'active');
  if (under) return under;
  const ended = stageViews.filter((stage) => ['passed', 'failed'].includes(deployment.stages[stage].status));
  const last = ended.at(-1);
  return last === undefined || last === 'discovery' || last === 'selection' ? 'staging' : last;
}
