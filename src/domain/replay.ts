import type { Deployment } from './deployment.ts';
import { formatDuration } from './duration.ts';
import type { Event, EventBody, Outcome } from './event.ts';
import { evolve } from './evolve.ts';
import { measureRead } from './judge-measure.ts';
import { measured, unmeasured } from './judge-reading.ts';
import type { MeasurePlan } from './measure.ts';
import type { Plan, Triggers } from './plan.ts';
import type { Verdict } from './verdict.ts';

/** What a deployment's readings are judged with. */
export interface ReplaySettings {
  triggers: Triggers;
  /** The measures and their limits; without them those that were. */
  measures: MeasurePlan[] | undefined;
}

/** A decision about a phase, and when it was or would have been made. */
export interface ReplayMoment {
  kind: 'continue' | 'pause' | 'roll_back';
  at: string;
  /** Milliseconds since the phase had its traffic. */
  afterMs: number;
  verdict: Verdict;
}

export interface ReplayPhase {
  name: string;
  weight: number;
  /** How long the phase's readings go on, in milliseconds since it had its traffic. */
  recordedMs: number;
  readings: number;
  was: ReplayMoment[];
  would: ReplayMoment[];
}

type Would = Extract<Outcome, 'succeeded' | 'rolled_back'> | 'paused' | 'undecided';

/** A deployment's record judged again; nothing was deployed for it. */
export interface Replay {
  schema: 'orchestra/replay@1';
  deployment: string;
  environment: string;
  /** How it ended. */
  was: { outcome: Outcome | null; at: string | null; reason: string };
  /** How far it would have come; `undecided` where its readings end too early to tell. */
  would: { outcome: Would; at: string | null; reason: string };
  /** Whether any phase would have been decided otherwise, or at another time. */
  differs: boolean;
  phases: ReplayPhase[];
  notes: string[];
}

/**
 * The recorded readings of a deployment, judged again reading by reading by the very functions that judge a running one.
 * Pure. What a person did stays as it was; a phase cannot be watched longer than it was recorded.
 */
export function replay(events: readonly Event[], settings: ReplaySettings): Replay {
  const [first] = events;
  if (first?.type !== 'deployment.requested') throw new TypeError('a journal begins with a request');
  const { plan, notes } = otherwise(first.plan, settings, events);
  let d = evolve(undefined, { ...first, plan });
  const phases: ReplayPhase[] = plan.phases.map(({ name, weight }) => ({
    name,
    weight,
    recordedMs: 0,
    readings: 0,
    was: [],
    would: [],
  }));
  /** Whether it would wait for a person now, who has not come. */
  let paused = false;
  for (const event of events.slice(1)) {
    const judged = judgedAgain(d, event);
    const since = Date.parse(d.phases[d.phase]?.weightAt ?? event.at);
    const afterMs = Math.max(0, Date.parse(event.at) - since);
    if (event.type === 'measured') {
      const phase = phases[event.phase];
      if (phase) {
        phase.readings += 1;
        phase.recordedMs = Math.max(phase.recordedMs, afterMs);
      }
    }
    if (event.type === 'deployment.resumed') paused = false;
    for (const moment of momentsOf([event], event.at, afterMs)) {
      phases[d.phase]?.was.push(moment);
      // A person's word is theirs, whatever the thresholds.
      if (moment.verdict.rule === 'person') take(phases[d.phase], moment, false);
    }
    for (const moment of momentsOf(judged, event.at, afterMs)) {
      take(phases[d.phase], moment, paused);
      if (moment.kind === 'pause') paused = true;
    }
    if (event.type === 'phase.started') paused = false;
    d = evolve(d, againIn(event, judged));
  }
  return {
    schema: 'orchestra/replay@1',
    deployment: first.deployment,
    environment: first.environment,
    was: outcomeOf(d),
    would: wouldBe(phases),
    differs: phases.some((phase) => essence(phase.was) !== essence(phase.would)),
    phases,
    notes,
  };
}

/** The plan with other triggers and measures, and what cannot be judged for want of readings. */
function otherwise(
  plan: Plan,
  { triggers, measures = plan.measures }: ReplaySettings,
  events: readonly Event[],
): { plan: Plan; notes: string[] } {
  const read = new Set(events.flatMap((e) => (e.type === 'measure.read' ? [e.reading.measure] : [])));
  const asked = new Map(
    (plan.measures ?? []).map((measure) => [measure.name, JSON.stringify(measure.source)]),
  );
  const known = (measures ?? []).filter(({ name }) => read.has(name));
  const notes = (measures ?? []).flatMap(({ name, source }) => {
    if (!read.has(name)) return [`${name} was not read in this deployment: it is left out`];
    return asked.get(name) === JSON.stringify(source)
      ? []
      : [`${name} asks something else now: its readings are those of what was asked then`];
  });
  const { measures: _, ...rest } = plan;
  return {
    plan: {
      ...rest,
      ...(known.length > 0 ? { measures: known } : {}),
      triggers,
      phases: plan.phases.map((phase) =>
        phase.judged ? { ...phase, minimumSample: triggers.minimumSample } : phase,
      ),
    },
    notes,
  };
}

/** What a reading would have led to, whatever state the deployment was in then. */
function judgedAgain(d: Deployment, event: Event): EventBody[] {
  if (d.status.kind !== 'running' && d.status.kind !== 'paused') return [];
  const running: Deployment = { ...d, status: { kind: 'running' } };
  if (event.type === 'measured') return measured(running, event);
  if (event.type === 'measurement.failed') return unmeasured(running, event);
  if (event.type === 'measure.read') return measureRead(running, event.phase, event.reading);
  return [];
}

/** The event as it is folded in: a measure's rows are those of its new verdicts. */
function againIn(event: Event, judged: readonly EventBody[]): Event {
  const again = judged.find((body) => body.type === 'measure.read');
  return event.type === 'measure.read' && again?.verdict ? { ...event, verdict: again.verdict } : event;
}

/** The decisions among events, but those to go on watching. */
function momentsOf(events: readonly EventBody[], at: string, afterMs: number): ReplayMoment[] {
  return events.flatMap((event) => {
    if (event.type !== 'phase.decided' || event.decision.kind === 'wait') return [];
    const { kind, verdict } = event.decision;
    return [{ kind, at, afterMs, verdict }];
  });
}

/** A phase is decided once; while it is paused, only a roll-back follows by itself. */
function take(phase: ReplayPhase | undefined, moment: ReplayMoment, paused: boolean): void {
  const last = phase?.would.at(-1)?.kind;
  if (last === 'continue' || last === 'roll_back') return;
  if (paused && moment.kind !== 'roll_back') return;
  phase?.would.push(moment);
}

function outcomeOf({ status }: Deployment): Replay['was'] {
  switch (status.kind) {
    case 'finished':
      return { outcome: status.outcome, at: status.at, reason: status.reason };
    case 'concluding':
      return { outcome: status.outcome, at: null, reason: status.reason };
    case 'running':
    case 'waiting':
    case 'paused':
    case 'rolling_back':
      return { outcome: null, at: null, reason: 'it has not ended' };
    default:
      return status satisfies never;
  }
}

function wouldBe(phases: readonly ReplayPhase[]): Replay['would'] {
  for (const { name, readings, recordedMs, would } of phases) {
    const last = would.at(-1);
    if (last?.kind === 'continue') continue;
    const where = `${name}, after ${formatDuration(last?.afterMs ?? recordedMs)}`;
    if (last)
      return {
        outcome: last.kind === 'pause' ? 'paused' : 'rolled_back',
        at: last.at,
        reason: `${where}: ${last.verdict.reason}`,
      };
    return {
      outcome: 'undecided',
      at: null,
      reason:
        readings === 0
          ? `${name} has no readings`
          : `${where} its readings end, and nothing would have been decided yet`,
    };
  }
  return { outcome: 'succeeded', at: phases.at(-1)?.would.at(-1)?.at ?? null, reason: 'every phase passes' };
}

function essence(moments: readonly ReplayMoment[]): string {
  return moments.map(({ kind, at }) => `${kind} ${at}`).join();
}
