import { continued, inPhase, rollBack } from './course.ts';
import type { Deployment } from './deployment.ts';
import type { EventBody } from './event.ts';
import { agreed, heldBack } from './judge-measure.ts';
import { resultFor } from './phase-result.ts';
import { judge } from './judge.ts';
import type { Sample } from './sample.ts';
import { compare } from './side-by-side.ts';

/** Readings that may fail in a row before the rollout pauses: at one a second, ten seconds without numbers. */
export const toleratedMeasurementFailures = 10;

/** What a reading of both sides means for the phase it belongs to; nothing when that phase is over. */
export function measured(d: Deployment, phase: number, sample: Sample): EventBody[] {
  if (phase !== d.phase || !inPhase(d)) return [];
  const current = d.phases[phase];
  if (!current?.weightAt) return [];
  const event: EventBody = { type: 'measured', phase, sample };
  const decision = judge({
    phase: current,
    weightAt: current.weightAt,
    triggers: d.plan.triggers,
    samples: [...d.samples, sample],
    ...((current.flag ?? 0) > 0 && d.flag?.baseline ? { baseline: d.flag.baseline } : {}),
    compared: compare(d.compared, d.samples.at(-1), sample, d.plan.triggers),
  });
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
