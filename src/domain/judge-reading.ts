import { continued, inPhase, rollBack, rollingBack } from './course.ts';
import type { Deployment, PhaseState } from './deployment.ts';
import type { EventBody } from './event.ts';
import { agreed, heldBack } from './judge-measure.ts';
import { resultFor } from './phase-result.ts';
import { judge } from './judge.ts';
import { betweenPhases, isInPlace } from './next-effect.ts';
import type { Sample } from './sample.ts';
import { compare } from './side-by-side.ts';
import type { Decision } from './verdict.ts';

/** Readings that may fail in a row before the rollout pauses: at one a second, ten seconds without numbers. */
export const toleratedMeasurementFailures = 10;

/** What a reading of both sides means for the phase it belongs to; nothing when that phase is over. */
export function measured(d: Deployment, phase: number, sample: Sample): EventBody[] {
  const current = d.phases[phase];
  if (phase !== d.phase || !current || rollingBack(d)) return [];
  if (betweenPhases(d) || !isInPlace(current)) return measuredMeanwhile(d, phase, sample);
  if (!inPhase(d) || current.weightAt === undefined) return [];
  const event: EventBody = { type: 'measured', phase, sample };
  const decision = judgedWith(d, { ...current, weightAt: current.weightAt }, sample);
  switch (decision.kind) {
    case 'wait':
      return [event];
    case 'continue':
      return d.status.kind === 'paused' ? [event] : [event, ...ended(d, decision, sample)];
    case 'pause':
      return d.status.kind === 'paused'
        ? [event]
        : [
            event,
            { type: 'phase.decided', phase, decision },
            { type: 'deployment.paused', reason: decision.verdict.reason },
          ];
    case 'roll_back':
      return [event, { type: 'phase.decided', phase, decision }, rollBack('rule', decision.verdict.reason)];
    default:
      return decision.kind satisfies never;
  }
}

/** The judge's word on a phase with one more reading. */
function judgedWith(d: Deployment, phase: PhaseState & { weightAt: string }, sample: Sample): Decision {
  return judge({
    phase,
    weightAt: phase.weightAt,
    triggers: d.plan.triggers,
    samples: [...d.samples, sample],
    ...((phase.flag ?? 0) > 0 && d.flag?.baseline ? { baseline: d.flag.baseline } : {}),
    compared: compare(d.compared, d.samples.at(-1), sample, d.plan.triggers),
  });
}

/** Never over: a phase that is only kept, while something else is done. */
const unendingMs = 1e12;

/**
 * While an action runs or copies are brought up or down, nothing can pass; what would take the candidate back does so all the
 * same. Copies that start or end say nothing about health; what users meet counts at any time.
 */
function measuredMeanwhile(d: Deployment, phase: number, sample: Sample): EventBody[] {
  const current = d.phases[phase];
  // Until a phase has its weight, the traffic is still that of the one before.
  const weightAt = d.phases.slice(0, phase + 1).findLast((p) => p.weightAt !== undefined)?.weightAt;
  if (!current || weightAt === undefined) return [];
  const kept = { ...current, bakeMs: unendingMs, extendToMs: unendingMs };
  const decision = judgedWith(d, { ...kept, weightAt }, sample);
  const event: EventBody = { type: 'measured', phase, sample };
  const starting = decision.verdict.rule === 'health' && current.scale !== undefined && !isInPlace(current);
  return decision.kind === 'roll_back' && !starting
    ? [event, { type: 'phase.decided', phase, decision }, rollBack('rule', decision.verdict.reason)]
    : [event];
}

/** The phase may end as far as the router's numbers go; the measures have their say too. */
function ended(d: Deployment, decision: ReturnType<typeof judge>, sample: Sample): EventBody[] {
  const asks = d.phases[d.phase]?.asks === true;
  const held = heldBack(d, sample.at) ?? (asks ? resultFor(d, decision, sample) : undefined);
  if (!held) return continued(d, agreed(d, decision));
  if (held.kind !== 'pause') return [];
  return [
    { type: 'phase.decided', phase: d.phase, decision: held },
    { type: 'deployment.paused', reason: held.verdict.reason },
  ];
}

/** What a reading that failed means: missing data never passes, and too much of it pauses the phase. */
export function unmeasured(d: Deployment, phase: number, reason: string): EventBody[] {
  if (phase !== d.phase || !inPhase(d)) return [];
  const event: EventBody = { type: 'measurement.failed', phase, reason };
  if (d.status.kind === 'paused' || d.measurementFailures + 1 < toleratedMeasurementFailures) return [event];
  const why = `the candidate could not be measured ${toleratedMeasurementFailures} times in a row: ${reason}`;
  const verdict = { kind: 'error', rule: 'measurement', reason: why, data: {} } as const;
  return [
    event,
    { type: 'phase.decided', phase, decision: { kind: 'pause', verdict } },
    { type: 'deployment.paused', reason: why },
  ];
}
