import type { Deployment } from './deployment.ts';
import type { EventBody, Outcome } from './event.ts';
import { goesThrough } from './next-effect.ts';

type PhaseDecision = Extract<EventBody, { type: 'phase.decided' }>['decision'];

/**
 * The phase under way is decided and phase `next`, if there is one, begins. Where that needs an approval, it is asked
 * for, and the phase under way goes on being watched until there is an answer.
 */
export function continued(d: Deployment, decision: PhaseDecision, next = d.phase + 1): EventBody[] {
  return needsApproval(d, next) ? requestApproval(next) : decideAndStart(d, decision, next);
}

/** The phase under way is decided and phase `next` begins, approved or not. */
export function decideAndStart(d: Deployment, decision: PhaseDecision, next: number): EventBody[] {
  return [{ type: 'phase.decided', phase: d.phase, decision }, ...startPhase(d, next)];
}

/** The phase with this index begins, or its approval is asked for. */
export function enterPhase(d: Deployment, index: number): EventBody[] {
  return needsApproval(d, index) ? requestApproval(index) : startPhase(d, index);
}

/** The phase with this index begins; nothing when the plan has no such phase. */
export function startPhase(d: Deployment, index: number): EventBody[] {
  const phase = d.phases[index];
  return phase ? [{ type: 'phase.started', phase: index, name: phase.name, weight: phase.weight }] : [];
}

/** Whether a person's yes is missing before this phase: the one that gives all traffic (REQUIREMENTS T3). */
function needsApproval(d: Deployment, index: number): boolean {
  return d.plan.approval !== undefined && d.phases[index]?.weight === 100 && d.approval?.kind !== 'given';
}

function requestApproval(phase: number): EventBody[] {
  return [
    { type: 'approval.requested', phase },
    { type: 'deployment.paused', reason: 'all traffic needs an approval' },
  ];
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

/** Stable serves again, and with that the deployment is over; where a flag was raised, what it is at now is said too. */
export function concludeRestored(d: Deployment): EventBody[] {
  if (d.status.kind !== 'rolling_back') return [];
  const { reason } = d.status;
  if (!d.stable || !d.plan.flag || !d.flag) return conclude(d, d.stable ? 'rolled_back' : 'failed', reason);
  return conclude(d, 'rolled_back', `${reason}; ${d.stable.name} serves again, ${flagOff(d)}`);
}

/** What the flag of a deployment that went back is at. */
export function flagOff(d: Deployment): string {
  return `${d.plan.flag?.flag} at 0 %`;
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
  if (!goesThrough(d, 'production') || d.stages.production.status === 'pending') return false;
  // Gates, checks and hooks before the rollout change nothing there.
  return (
    d.stableReady || (d.effect !== undefined && d.effect.kind !== 'act' && d.effect.kind !== 'check-gates')
  );
}
