import type { Deployment, PhaseState } from './deployment.ts';
import { dueAction } from './due-action.ts';
import { type Step, withId } from './effect-id.ts';
import type { Effect } from './effect.ts';
import { flagMustGo, wayBack } from './flag-progress.ts';
import { mostCopies } from './place-copies.ts';
import { stages, type ScaleStep, type Stage } from './plan.ts';
import { runsOf } from './suite-run.ts';
import { testsHold } from './testing-verdict.ts';
import { wantedSuites } from './suites-under-way.ts';

/**
 * The one thing to do now, or undefined when the deployment waits for a person or is over. A pure function of the
 * fold, so that a restarted conductor finds its place, and a running effect that is no longer wanted can be told.
 */
export function nextEffect(d: Deployment): Effect | undefined {
  return nextEffects(d)[0];
}

/** The same with all that may be done beside it: only suites run side by side. */
export function nextEffects(d: Deployment): Effect[] {
  const step = nextStep(d);
  if (!step) return [];
  return (step.kind === 'run-suite' ? wantedSuites(d) : [step]).map((one) => withId(d, one));
}

function nextStep(d: Deployment): Step | undefined {
  switch (d.status.kind) {
    case 'finished':
    case 'waiting':
      return undefined;
    case 'concluding':
      return d.lessons ? undefined : { kind: 'learn' };
    case 'rolling_back':
      return back(d);
    case 'paused':
      // A paused phase keeps its traffic, so it is watched on.
      return (
        reviving(d) ?? (underWay(d) || betweenPhases(d) ? { kind: 'observe', phase: d.phase } : undefined)
      );
    case 'running':
      return forward(d);
    default:
      return d.status satisfies never;
  }
}

/** The checklist of a deployment that goes well, in order. */
function forward(d: Deployment): Step | undefined {
  if (d.candidate.kind === 'none') return { kind: 'build-candidate' };
  if (!d.papers) return { kind: 'write-papers' };
  if (!goesThrough(d, 'testing')) return undefined;
  if (d.stages.testing.status === 'pending' || d.stages.testing.status === 'active') {
    return wantedSuites(d)[0] ?? reporting(d);
  }
  // A failure blocks production, whoever asked to go on (REQUIREMENTS S4); only an override in the plan lets it pass.
  if (testsHold(d)) return undefined;
  if (!goesThrough(d, 'production')) return undefined;
  if (needsGates(d, 'before')) return { kind: 'check-gates', when: 'before' };
  const first = reviving(d) ?? acting(d);
  if (first) return first;
  if (!d.stableReady) return { kind: 'ready-stable' };
  if (d.phases[0]?.scale) {
    if (!d.prepared) return { kind: 'prepare-candidate' };
  } else if (d.candidate.kind === 'built') return { kind: 'start-candidate' };
  const phase = d.phases[d.phase];
  if (phase && !phase.finishedAt) return withinPhase(d, phase);
  if (!d.verified) return { kind: 'verify' };
  if (needsGates(d, 'after')) return { kind: 'check-gates', when: 'after' };
  if (d.candidate.kind !== 'promoted') return { kind: 'promote' };
  return d.cleaned ? undefined : { kind: 'clean-up' };
}

/** Whether the gates of a time were not looked at yet; plans of before there were gates have none. */
function needsGates({ plan, gates }: Deployment, when: 'before' | 'after'): boolean {
  return plan.gates !== undefined && gates?.[when] === undefined;
}

/** The report is written anew after each run. */
function reporting({ suites }: Deployment): Step {
  const run = 1 + suites.reduce((sum, state) => sum + runsOf(state) - 1, 0);
  return { kind: 'report-tests', ...(run > 1 && { run }) };
}

/** The parts of a phase, in order: its copies and its traffic, then the watch. */
function withinPhase(d: Deployment, phase: PhaseState): Step {
  const { scale, scaled = [] } = phase;
  const part = (step: ScaleStep): Step => ({ kind: 'scale', phase: d.phase, step });
  if (scale && !scaled.includes('make-room') && needsRoom(d, scale)) return part('make-room');
  if (d.candidate.kind === 'built') return { kind: 'start-candidate' };
  if (scale && d.phase > 0 && !scaled.includes('grow')) return part('grow');
  if (!phase.weightAt)
    return raiseFlag(d, phase) ?? { kind: 'set-weight', phase: d.phase, weight: phase.weight };
  if (!isInPlace(phase)) return part('shrink');
  return { kind: 'observe', phase: d.phase };
}

/** Whether a phase has its traffic and its copies, so that its watch can end it. */
export function isInPlace({ weightAt, scale, scaled = [] }: PhaseState): boolean {
  const tooMany = scale !== undefined && scale.stable < scale.stableMeanwhile && !scaled.includes('shrink');
  return weightAt !== undefined && !tooMany;
}

/**
 * Whether stable has to give way before the candidate's copies start. Not where a person skipped phases: then the new copies
 * start beside the old ones, so that nobody is left without.
 */
function needsRoom(d: Deployment, scale: NonNullable<PhaseState['scale']>): boolean {
  if (d.phase === 0) return scale.stableMeanwhile < mostCopies(d.plan);
  const before = d.phases[d.phase - 1];
  return before?.startedAt !== undefined && scale.stableMeanwhile < (before.scale?.stable ?? 0);
}

/** How often stable is started again before that is left to a person. */
const reviveAttempts = 5;

/** Users who are still with stable come before everything that brings the candidate further. */
function reviving(d: Deployment): Step | undefined {
  return d.stableLost && failures(d, 'revive-stable') < reviveAttempts
    ? { kind: 'revive-stable' }
    : undefined;
}

function acting(d: Deployment): Step | undefined {
  const due = dueAction(d);
  return due && { kind: 'act', ...due };
}

/**
 * Whether the candidate has traffic while no phase is being watched: an action is under way, or a person is asked about
 * one. What is read then can only take the candidate back.
 */
export function betweenPhases(d: Deployment): boolean {
  return d.candidate.kind === 'running' && d.weight.actual > 0 && d.phase >= 0 && !underWay(d);
}

/** A phase's flag comes before its traffic: what it hides is never seen by more people than the phase says. */
function raiseFlag(d: Deployment, phase: PhaseState): Step | undefined {
  const { flag } = d.plan;
  if (!flag || phase.flag === undefined || d.flag?.phase === d.phase) return undefined;
  return { kind: 'set-flag', phase: d.phase, flag: flag.flag, percent: phase.flag, why: phase.name };
}

/**
 * The way back. A raised flag goes to 0 % first, which is instant; if its service does not answer, traffic does not wait
 * for it. Then stable is restored, unless the plan keeps a candidate that did well while the flag was at 0 %.
 */
function back(d: Deployment): Step | undefined {
  const { flag } = d.plan;
  if (flag && flagMustGo(d) && (d.restored || failures(d, 'flag-off') === 0))
    return { kind: 'set-flag', phase: wayBack, flag: flag.flag, percent: 0, why: 'rollback' };
  if (!keepsCandidate(d)) return d.restored ? acting(d) : { kind: 'restore-stable' };
  return d.verified ? { kind: 'promote' } : { kind: 'verify' };
}

/** Whether the new version may stay, its flag at 0 %: it was its feature that failed, not the version or the machine. */
function keepsCandidate(d: Deployment): boolean {
  if (d.status.kind !== 'rolling_back' || d.plan.flag?.rollback !== 'keep') return false;
  if (d.flag?.phase !== wayBack || d.flag.percent !== 0) return false;
  const { trigger } = d.status;
  if (trigger !== 'rule' && trigger !== 'person' && trigger !== 'timeout') return false;
  return failures(d, 'verify') === 0 && failures(d, 'promote') === 0;
}

/** How often an effect of production failed, by its subject. */
export function failures(d: Deployment, subject: string): number {
  return d.attempts[`${d.id}/production/${subject}`] ?? 0;
}

/** Whether the deployment was asked to go as far as `stage`. */
export function goesThrough(d: Deployment, stage: Stage): boolean {
  return stages.indexOf(d.through) >= stages.indexOf(stage);
}

function underWay(d: Deployment): boolean {
  const phase = d.phases[d.phase];
  return phase?.weightAt !== undefined && phase.finishedAt === undefined;
}
