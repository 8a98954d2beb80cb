import type { Deployment } from './deployment.ts';
import type { EventBody, Outcome } from './event.ts';
import { goesThrough } from './next-effect.ts';

type PhaseDecision = Extract<EventBody, { type: 'phase.decided' }>['decision'];

/**
 * The phase under way is decided and phase `next`, if there is one, begins. Where that needs an approval, it is asked
 * for, and the phase under way goes on being watched until there is an answer.
 */
export function continued(d: Deployment, decision: PhaseDecision, next = d.phase + 1): EventBody[] {
  return needsApproval(d, next) ? requestApproval(d, next) : decideAndStart(d, decision, next);
}

/** The phase under way is decided and phase `next` begins, approved or not. */
export function decideAndStart(d: Deployment, decision: PhaseDecision, next: number): EventBody[] {
  return [{ type: 'phase.decided', phase: d.phase, decision }, ...startPhase(d, next)];
}

/** The phase with this index begins, or its approval is asked for. */
export function enterPhase(d: Deployment, index: number): EventBody[] {
  return needsApproval(d, index) ? requestApproval(d, index) : startPhase(d, index);
}

/** The phase with this index begins; nothing when the plan has no such phase. */
export function startPhase(d: Deployment, index: number): EventBody[] {
  const phase = d.phases[index];
  return phase ? [{ type: 'phase.started', phase: index, name: phase.name, weight: phase.weight }] : [];
}

/** Whether a phase waits for people's yes: the one that gives all traffic, or the first (REQUIREMENTS T3). */
export function isApproved({ plan, phases }: Pick<Deployment, 'plan' | 'phases'>, index: number): boolean {
  if (plan.approval === undefined) return false;
  return plan.approval.before === 'rollout' ? index === 0 : phases[index]?.weight === 100;
}

/** Whether a yes is missing before this phase; what was given early counts. */
function needsApproval(d: Deployment, index: number): boolean {
  if (!isApproved(d, index) || d.approval?.kind === 'given') return false;
  return (d.yeses?.length ?? 0) < (d.plan.approval?.count ?? 1);
}

function requestApproval(d: Deployment, phase: number): EventBody[] {
  const what = d.plan.approval?.before === 'rollout' ? 'the rollout' : 'all traffic';
  return [
    { type: 'approval.requested', phase },
    { type: 'deployment.paused', reason: `${what} needs an approval` },
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
