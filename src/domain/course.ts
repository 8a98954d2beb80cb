import type { Deployment } from './deployment.ts';
import type { EventBody, Outcome } from './event.ts';
import { goesThrough } from './next-effect.ts';

/** The phase under way is decided and the next one, if there is one, begins. */
export function continued(
  d: Deployment,
  decision: Extract<EventBody, { type: 'phase.decided' }>['decision'],
): EventBody[] {
  const decided: EventBody = { type: 'phase.decided', phase: d.phase, decision };
  return [decided, ...enterPhase(d, d.phase + 1)];
}

/** The phase with this index begins; nothing when the plan has no such phase. */
export function enterPhase(d: Deployment, index: number): EventBody[] {
  const phase = d.phases[index];
  return phase ? [{ type: 'phase.started', phase: index, name: phase.name, weight: phase.weight }] : [];
}

/** Ends the stage under way and settles the outcome. */
export function conclude(
  d: Deployment,
  outcome: Outcome,
  reason: string,
  status: 'passed' | 'failed' = 'failed',
): EventBody[] {
  const open = (['staging', 'testing', 'production'] as const).find((s) => d.stages[s].status === 'active');
  const ended: EventBody[] = open ? [{ type: 'stage.finished', stage: open, status, reason }] : [];
  return [...ended, { type: 'deployment.concluding', outcome, reason }];
}

/** Everything goes back to stable, and why. */
export function rollBack(
  trigger: Extract<EventBody, { type: 'rollback.started' }>['trigger'],
  reason: string,
): EventBody {
  return { type: 'rollback.started', trigger, reason };
}

/** Whether the outcome is settled, or stable is being restored: nothing goes forward any more. */
export function rollingBack(d: Deployment): boolean {
  return d.status.kind === 'rolling_back' || d.status.kind === 'concluding';
}

/** Whether a phase of the rollout is under way. */
export function inPhase(d: Deployment): boolean {
  const phase = d.phases[d.phase];
  return phase !== undefined && phase.finishedAt === undefined && !rollingBack(d);
}

/** Whether anything in production may have changed, so that it must be restored rather than left. */
export function touchedProduction(d: Deployment): boolean {
  return goesThrough(d, 'production') && d.stages.production.status !== 'pending';
}
