import {
  type ActionPlan,
  type ActionPoint,
  type ActionResult,
  type DueAction,
  isResultOf,
} from './action.ts';
import type { Deployment } from './deployment.ts';

/** The action of the plan whose turn it is now, or undefined when none is left at this point. */
export function dueAction(d: Deployment): DueAction | undefined {
  return actionsHere(d).find((due) => !d.actions.some((result) => isResultOf(result, due)));
}

/** Whether `result` is the last that is missing of those that come after a rollback. */
export function endsRollback(d: Deployment, result: ActionResult): boolean {
  return at(d, 'after-rollback').every(
    (due) => isResultOf(result, due) || d.actions.some((done) => isResultOf(done, due)),
  );
}

/** What the plan says of the action that gave this result; undefined for one that the plan does not know. */
export function planOf(d: Deployment, result: ActionResult): ActionPlan | undefined {
  return d.plan.actions?.find((a) => a.kind === result.kind && a.name === result.name);
}

/** Every action that has to be done before the deployment may go on from where it is, in order. */
function actionsHere(d: Deployment): DueAction[] {
  if (d.status.kind === 'rolling_back') return d.restored ? at(d, 'after-rollback') : [];
  if (!d.stableReady) return at(d, 'before-deployment');
  const phase = d.phases[d.phase];
  if (d.candidate.kind === 'promoted') return at(d, 'after-promotion');
  if (d.candidate.kind !== 'running' || !phase) return [];
  const ended = d.phases.flatMap((p, i) => (p.finishedAt === undefined ? [] : at(d, 'after-phase', i)));
  if (phase.finishedAt !== undefined) return d.verified ? [...ended, ...at(d, 'after-rollout')] : ended;
  if (phase.weightAt !== undefined) return [];
  return [...at(d, 'before-traffic'), ...ended, ...at(d, 'before-phase', d.phase)];
}

function at(d: Deployment, point: ActionPoint, phase?: number): DueAction[] {
  return (d.plan.actions ?? [])
    .filter((action) => action.at.includes(point))
    .map((action) => ({ action, point, ...(phase === undefined ? {} : { phase }) }));
}
