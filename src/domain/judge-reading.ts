import { continued, inPhase, rollBack, rollingBack } from './course.ts';
import type { Deployment } from './deployment.ts';
import type { EventBody } from './event.ts';
import { agreed, heldBack } from './judge-measure.ts';
import { resultFor } from './phase-result.ts';
import { judge } from './judge.ts';
import { betweenPhases, isInPlace } from './next-effect.ts';
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
  const current = d.phases[phase];
  if (phase !== d.phase || !current || rollingBack(d)) return [];
  const key = place ?? firstPlace(d.plan);
  const before = numbersOf(d, key);
  const after = { samples: [...before.samples, sample], compared: comparedWith(d, before, sample) };
  const event: EventBody = { type: 'measured', phase, ...(place === undefined ? {} : { place }), sample };
  if (betweenPhases(d) || !isInPlace(current)) return measuredMeanwhile(d, key, after, event);
  if (!inPhase(d)) return [];
  const judged = judgePlace(d, key, after);
  if (!judged) return [];
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

type Numbers = Pick<PlaceNumbers, 'samples' | 'compared'>;

/** A place's numbers, judged; its name stands before the reason where there are several. Undefined before it has traffic. */
function judgePlace(
  d: Deployment,
  key: string,
  { samples, compared }: Numbers,
  phase = phaseIn(d, key),
): Decision | undefined {
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

/** Never over: a phase that is only kept, while something else is done. */
const unendingMs = 1e12;

/**
 * While an action runs or copies are brought up or down, nothing can pass; what would take the candidate back does so all the
 * same. Copies that start or end say nothing about health; what users meet counts at any time.
 */
function measuredMeanwhile(
  d: Deployment,
  key: string,
  numbers: Numbers,
  event: Extract<EventBody, { type: 'measured' }>,
): EventBody[] {
  const current = d.phases[d.phase];
  const here = phaseIn(d, key);
  if (!current || !here) return [];
  // Until a phase has its weight, the traffic is still that of the one before; one that was skipped came with the present one.
  const moved = d.phases.slice(0, d.phase + 1).filter((p) => p.places?.includes(key) ?? true);
  const weightAt = moved.findLast((p) => p.weightAt !== undefined)?.weightAt ?? here.weightAt;
  const kept = { ...here, weightAt, bakeMs: unendingMs, extendToMs: unendingMs };
  const decision = judgePlace(d, key, numbers, kept);
  if (!decision) return [];
  const starting = decision.verdict.rule === 'health' && current.scale !== undefined && !isInPlace(current);
  return decision.kind === 'roll_back' && !starting
    ? [event, { type: 'phase.decided', phase: d.phase, decision }, rollBack('rule', decision.verdict.reason)]
    : [event];
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
