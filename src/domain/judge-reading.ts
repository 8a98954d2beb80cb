import { continued, inPhase, rollBack } from './course.ts';
import type { Deployment } from './deployment.ts';
import type { EventBody } from './event.ts';
import { agreed, heldBack } from './judge-measure.ts';
import { resultFor } from './phase-result.ts';
import { judge } from './judge.ts';
import { comparedWith, numbersOf, phaseIn, type PlaceNumbers } from './place-state.ts';
import { firstPlace, placesMoved, placesOf, saidOf } from './places.ts';
import type { Sample } from './sample.ts';
import type { Decision } from './verdict.ts';

/** Readings that may fail in a row before the rollout pauses: at one a second, ten seconds without numbers. */
export const toleratedMeasurementFailures = 10;

/** How old the other places' newest readings may be for a phase to end with them, in milliseconds. */
const freshMs = 10_000;

/** One place's reading, as the engine gives it and as the journal has it; without a place it is the first one's. */
type Reading = Pick<Extract<EventBody, { type: 'measured' }>, 'phase' | 'place' | 'sample'>;
type Failed = Pick<Extract<EventBody, { type: 'measurement.failed' }>, 'phase' | 'place' | 'reason'>;

/**
 * What a reading of both sides means for the phase it belongs to; nothing when that phase is over. Each place is judged by its
 * own numbers: the first that must go back takes all back, and a phase goes on only when all its places agree.
 */
export function measured(d: Deployment, { phase, place, sample }: Reading): EventBody[] {
  if (phase !== d.phase || !inPhase(d)) return [];
  const key = place ?? firstPlace(d.plan);
  const before = numbersOf(d, key);
  const after = { samples: [...before.samples, sample], compared: comparedWith(d, before, sample) };
  const judged = judgePlace(d, key, after);
  if (!judged) return [];
  const event: EventBody = { type: 'measured', phase, ...(place === undefined ? {} : { place }), sample };
  const moved = placesMoved(d.plan, phase);
  const decision = moved.includes(key) ? judged : onlyBack(judged);
  switch (decision.kind) {
    case 'wait':
      return [event];
    case 'continue': {
      if (d.status.kind === 'paused') return [event];
      const all = together(d, moved, { key, decision, at: sample.at });
      return all
        ? [event, ...ended(d, all, key === firstPlace(d.plan) ? sample : (d.samples.at(-1) ?? sample))]
        : [event];
    }
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

/** A place's numbers, judged; its name stands before the reason where there are several. Undefined before it has traffic. */
function judgePlace(
  d: Deployment,
  key: string,
  { samples, compared }: Pick<PlaceNumbers, 'samples' | 'compared'>,
): Decision | undefined {
  const phase = phaseIn(d, key);
  if (!phase?.weightAt) return undefined;
  const fresh = placesOf(d.plan).find((place) => place.key === key)?.fresh === true;
  const { kind, verdict } = judge({
    phase: fresh ? { ...phase, judged: false } : phase,
    weightAt: phase.weightAt,
    triggers: d.plan.triggers,
    samples,
    // What was before the flag was kept of the first place only; the others are judged by the limits.
    ...((phase.flag ?? 0) > 0 && d.flag?.baseline && key === firstPlace(d.plan)
      ? { baseline: d.flag.baseline }
      : {}),
    compared,
  });
  return { kind, verdict: { ...verdict, reason: saidOf(d.plan, key, verdict.reason) } };
}

/** What the newest readings say of the phase under way: of the first place that holds it, else of its first. */
export function judgedNow(d: Deployment): Decision | undefined {
  const decisions = placesMoved(d.plan, d.phase).map((key) => judgePlace(d, key, numbersOf(d, key)));
  return decisions.find((decision) => decision?.kind !== 'continue') ?? decisions[0];
}

/** A place whose phases are over is still watched: it can take everything back, and no more. */
function onlyBack(decision: Decision): Decision {
  return decision.kind === 'roll_back' ? decision : { ...decision, kind: 'wait' };
}

/** The decision to go on, where every place of the phase agrees by a reading that is not old. */
function together(
  d: Deployment,
  moved: readonly string[],
  own: { key: string; decision: Decision; at: string },
): Decision | undefined {
  const reasons: string[] = [];
  for (const key of moved) {
    if (key === own.key) {
      reasons.push(own.decision.verdict.reason);
      continue;
    }
    const numbers = numbersOf(d, key);
    const last = numbers.samples.at(-1);
    if (!last || Date.parse(own.at) - Date.parse(last.at) > freshMs + 2 * d.plan.measureEveryMs)
      return undefined;
    const decision = judgePlace(d, key, numbers);
    if (decision?.kind !== 'continue') return undefined;
    reasons.push(decision.verdict.reason);
  }
  const { verdict } = own.decision;
  return { kind: 'continue', verdict: { ...verdict, reason: reasons.join('; ') } };
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
export function unmeasured(d: Deployment, { phase, place, reason }: Failed): EventBody[] {
  if (phase !== d.phase || !inPhase(d)) return [];
  const key = place ?? firstPlace(d.plan);
  const event: EventBody = {
    type: 'measurement.failed',
    phase,
    ...(place === undefined ? {} : { place }),
    reason,
  };
  const failures = numbersOf(d, key).measurementFailures + 1;
  if (d.status.kind === 'paused' || failures < toleratedMeasurementFailures) return [event];
  const why = saidOf(
    d.plan,
    key,
    `the candidate could not be measured ${toleratedMeasurementFailures} times in a row: ${reason}`,
  );
  const verdict = { kind: 'error', rule: 'measurement', reason: why, data: {} } as const;
  return [
    event,
    { type: 'phase.decided', phase, decision: { kind: 'pause', verdict } },
    { type: 'deployment.paused', reason: why },
  ];
}
