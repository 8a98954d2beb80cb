import { counted } from './counted.ts';
import { inPhase, rollBack } from './course.ts';
import type { Deployment } from './deployment.ts';
import { formatDuration } from './duration.ts';
import type { EventBody } from './event.ts';
import type { MeasurePlan, MeasureReading, MeasureState } from './measure.ts';
import { stateOf, takeReading } from './measure-state.ts';
import { judgeReading } from './measure-verdict.ts';
import type { Decision, Verdict } from './verdict.ts';

/**
 * What a look at a measure means for the phase it belongs to (REQUIREMENTS G4): journaled with its verdict; then a breach that
 * lasts rolls back, the first breach of a business measure pauses, and so do too many errors or looks without data in a
 * row. A dry run decides nothing. Nothing follows when that phase is over.
 */
export function measureRead(d: Deployment, phase: number, reading: MeasureReading): EventBody[] {
  if (phase !== d.phase || !inPhase(d)) return [];
  const plan = d.plan.measures?.find((measure) => measure.name === reading.measure);
  if (!plan) return [];
  if (reading.baseline) return [{ type: 'measure.read', phase, reading }];
  const verdict = judgeReading(plan, reading, stateOf(d.measures, plan.name).baseline);
  const event: EventBody = {
    type: 'measure.read',
    phase,
    reading,
    ...(plan.dryRun ? { dryRun: true } : {}),
    verdict,
  };
  const current = d.phases[phase];
  if (plan.dryRun || current?.judged !== true || current.weightAt === undefined) return [event];
  const decision = decideMeasure(
    plan,
    stateOf(takeReading(d.measures, phase, reading, verdict), plan.name),
    verdict,
  );
  const decided: EventBody = { type: 'phase.decided', phase, decision };
  switch (decision.kind) {
    case 'roll_back':
      return [event, decided, rollBack('rule', decision.verdict.reason)];
    case 'pause':
      return d.status.kind === 'paused'
        ? [event]
        : [event, decided, { type: 'deployment.paused', reason: decision.verdict.reason }];
    case 'wait':
    case 'continue':
      return [event];
    default:
      return decision.kind satisfies never;
  }
}

/** What follows from a measure's newest verdict, its rows so far counted in. Pure. */
function decideMeasure(plan: MeasurePlan, state: MeasureState, verdict: Verdict): Decision {
  const because = (kind: Decision['kind'], reason: string): Decision => ({
    kind,
    verdict: { ...verdict, reason },
  });
  switch (verdict.kind) {
    case 'failed': {
      const at = state.last?.reading.at;
      const lasts =
        at === undefined || state.failingSince === undefined
          ? 0
          : Date.parse(at) - Date.parse(state.failingSince);
      if (lasts >= plan.forMs)
        return because(
          'roll_back',
          plan.forMs === 0 ? verdict.reason : `${verdict.reason}, for ${formatDuration(lasts)}`,
        );
      return because(plan.business ? 'pause' : 'wait', verdict.reason);
    }
    case 'error':
      return state.errorsInRow >= plan.errorLimit
        ? because(
            'pause',
            `${plan.name} could not be measured ${counted(state.errorsInRow, 'time')} in a row: ${verdict.reason}`,
          )
        : because('wait', verdict.reason);
    case 'inconclusive':
      return plan.inconclusiveLimit !== undefined && state.inconclusiveInRow >= plan.inconclusiveLimit
        ? because('pause', `${verdict.reason}, ${counted(state.inconclusiveInRow, 'time')} in a row`)
        : because('wait', verdict.reason);
    case 'passed':
      return because('wait', verdict.reason);
    default:
      return verdict.kind satisfies never;
  }
}

/**
 * The measures' say at the end of a phase whose other numbers are good: undefined lets it end. Else it waits for the first
 * that has not passed in this phase, and pauses for a person when the phase's extension is over too. Missing data never
 * passes.
 */
export function heldBack(d: Deployment, at: string): Decision | undefined {
  const phase = d.phases[d.phase];
  if (phase?.judged !== true || phase.weightAt === undefined) return undefined;
  const since = Date.parse(phase.weightAt);
  for (const plan of deciding(d)) {
    const { last } = stateOf(d.measures, plan.name);
    const known = last && last.phase === d.phase && Date.parse(last.reading.at) >= since ? last : undefined;
    const age = known ? Date.parse(at) - Date.parse(known.reading.at) : 0;
    // A source that went silent must not pass on its last word: two looks may be missed, a third may not.
    const stale = age > 3 * plan.intervalMs + 2 * plan.timeoutMs;
    if (known?.verdict.kind === 'passed' && !stale) continue;
    const verdict: Verdict =
      known && !stale
        ? known.verdict
        : {
            kind: 'inconclusive',
            rule: `measure:${plan.name}`,
            reason: stale
              ? `${plan.name}: not read for ${formatDuration(age)}`
              : `${plan.name}: not read yet in this phase`,
            data: {},
          };
    return { kind: Date.parse(at) - since >= phase.extendToMs ? 'pause' : 'wait', verdict };
  }
  return undefined;
}

/** A decision to go on, with the measures that agreed to it. */
export function agreed(d: Deployment, decision: Decision): Decision {
  const plans = d.phases[d.phase]?.judged === true ? deciding(d) : [];
  if (plans.length === 0) return decision;
  const reasons = plans.map((plan) => stateOf(d.measures, plan.name).last?.verdict.reason ?? plan.name);
  const reason = [decision.verdict.reason, ...reasons].join('; ');
  return { ...decision, verdict: { ...decision.verdict, reason } };
}

/** The measures that decide. */
function deciding(d: Deployment): MeasurePlan[] {
  return (d.plan.measures ?? []).filter((plan) => !plan.dryRun);
}
