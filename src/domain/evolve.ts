import type { ActionResult } from './action.ts';
import { ticked } from './ticks.ts';
import type { CandidateState, Deployment, PhaseState, StageState } from './deployment.ts';
import { planOf } from './due-action.ts';
import type { Event, Failure, SuiteResult } from './event.ts';
import { flagSet, withBaseline } from './flag-progress.ts';
import { takeReading, watchedAnew } from './measure-state.ts';
import { comparedAnew, measuredAnew, takeSample } from './place-state.ts';
import type { Stage } from './plan.ts';
import type { SignOff } from './sign-off.ts';
import { nothingCompared } from './side-by-side.ts';
import type { SuiteState } from './suite-result.ts';
import { effectEnded, effectStarted } from './suites-under-way.ts';
import type { Decision } from './verdict.ts';

type Requested = Extract<Event, { type: 'deployment.requested' }>;

/**
 * The next state: `deployment` with one more event. Pure; a journal folded twice gives the same.
 * Throws `TypeError` when a journal does not begin with `deployment.requested` or an event is out of order.
 */
export function evolve(deployment: Deployment | undefined, event: Event): Deployment {
  if (event.type === 'deployment.requested') {
    if (deployment) throw new TypeError(`${event.deployment} was requested twice`);
    return requested(event);
  }
  if (!deployment) throw new TypeError(`${event.deployment} does not begin with deployment.requested`);
  if (event.seq !== deployment.seq + 1) {
    throw new TypeError(`${event.deployment}: event ${event.seq} cannot follow ${deployment.seq}`);
  }
  return { ...deployment, seq: event.seq, updatedAt: event.at, ...changes(deployment, event) };
}

function requested(event: Requested): Deployment {
  const chosen: StageState =
    event.source.kind === 'selection'
      ? { status: 'passed', startedAt: event.at, finishedAt: event.at, reason: 'chosen before the request' }
      : {
          status: 'skipped',
          startedAt: undefined,
          finishedAt: event.at,
          reason: `an existing revision, ${event.source.ref}, was named`,
        };
  return {
    id: event.deployment,
    seq: event.seq,
    environment: event.environment,
    kind: event.kind,
    by: event.by,
    why: event.why,
    requestedAt: event.at,
    updatedAt: event.at,
    stable: event.stable,
    source: event.source,
    plan: event.plan,
    through: event.through,
    unattended: event.unattended,
    ...(event.allowDestructive ? { allowDestructive: true } : {}),
    risk: event.risk,
    ...(event.trigger ? { trigger: event.trigger } : {}),
    ...(event.plan.start ? { start: event.plan.start } : {}),
    ...(event.plan.emergency === undefined ? {} : { emergency: { by: event.by, why: event.plan.emergency } }),
    ...(event.links ? { links: event.links } : {}),
    ...(event.restOf ? { restOf: event.restOf } : {}),
    status: { kind: 'running' },
    stages: {
      discovery: chosen,
      selection: chosen,
      staging: { status: 'pending' },
      testing: { status: 'pending' },
      production: { status: 'pending' },
      learning: { status: 'pending' },
    },
    candidate: { kind: 'none' },
    papers: undefined,
    checklist: [],
    ticks: [],
    suites: [],
    rerun: undefined,
    testReport: undefined,
    stableReady: false,
    phases: event.plan.phases.map((phase) => ({
      ...phase,
      startedAt: undefined,
      weightAt: undefined,
      decision: undefined,
      finishedAt: undefined,
    })),
    phase: -1,
    weight: { wanted: 0, actual: 0 },
    flag: undefined,
    approval: undefined,
    samples: [],
    compared: nothingCompared(),
    measurementFailures: 0,
    others: {},
    measures: [],
    actions: [],
    held: undefined,
    verified: false,
    cleaned: false,
    restored: false,
    culprit: undefined,
    lessons: undefined,
    failure: undefined,
    effect: undefined,
    attempts: {},
    fence: 0,
    conductor: undefined,
  };
}

/** What an event changes, beside `seq` and `updatedAt`. */
function changes(d: Deployment, event: Exclude<Event, Requested>): Partial<Deployment> {
  switch (event.type) {
    case 'conductor.started':
      return { fence: event.fence, conductor: { pid: event.pid, startTime: event.startTime } };
    case 'command.received':
      return event.refused === undefined ? commanded(d, event) : {};
    case 'stage.started':
      return stage(d, event.stage, { status: 'active', startedAt: event.at });
    case 'stage.finished': {
      const before = d.stages[event.stage];
      return stage(d, event.stage, {
        status: event.status,
        startedAt: before.status === 'active' ? before.startedAt : undefined,
        finishedAt: event.at,
        reason: event.reason,
      });
    }
    case 'effect.started':
      return effectStarted(d, event.effect, event.at);
    case 'effect.failed':
      return failed(d, event.effect, event.failure);
    case 'candidate.built':
      return {
        effect: undefined,
        candidate: {
          kind: 'built',
          version: event.version,
          tree: event.tree,
          branch: event.branch,
          ...(event.regenerated ? { regenerated: event.regenerated } : {}),
          ...(event.notes ? { notes: event.notes } : {}),
        },
      };
    case 'artifact.built':
      return { effect: undefined, artifact: event.artifact };
    case 'papers.written':
      return { effect: undefined, papers: event.files, checklist: event.checklist ?? [] };
    case 'suite.finished':
      return {
        ...effectEnded(d, event.effect),
        suites: withRun(d, event.result),
        rerun: d.rerun?.suite === event.result.suite ? undefined : d.rerun,
      };
    case 'tests.reported':
      return {
        effect: undefined,
        testReport: event.file,
        ...(event.past ? { flakyPast: event.past } : {}),
      };
    case 'gates.checked':
      return { effect: undefined, gates: { ...d.gates, [event.when]: event.results } };
    case 'stable.ready':
      return { effect: undefined, stableReady: true };
    case 'stable.lost':
      return { stableLost: true };
    case 'stable.revived':
      return { effect: undefined, stableLost: undefined };
    case 'router.revived':
      return {};
    case 'candidate.started':
      return { effect: undefined, candidate: running(d.candidate, event.port, event.pid) };
    case 'candidate.prepared':
      return { effect: undefined, prepared: true };
    case 'scaled':
      return {
        effect: undefined,
        phases: phase(d, event.phase, (p) => ({
          ...p,
          scaled: [...(p.scaled ?? []), event.step],
          // The watch counts from when all of it was in place.
          weightAt: p.weightAt && event.at,
        })),
      };
    case 'weight.set':
      return {
        effect: undefined,
        weight: { wanted: event.wanted, actual: event.actual },
        phases: phase(d, event.phase, (p) => ({ ...p, weightAt: p.weightAt ?? event.at })),
      };
    case 'flag.set':
      return { effect: undefined, flag: flagSet(d, event) };
    case 'measured':
    case 'measurement.failed':
      return takeSample(d, event);
    case 'measure.read':
      return { measures: takeReading(d.measures, event.phase, event.reading, event.verdict) };
    case 'phase.started':
      return {
        phase: event.phase,
        flag: withBaseline(d),
        measures: watchedAnew(d.measures),
        weight: { ...d.weight, wanted: event.weight },
        phases: phase(d, event.phase, (p) => ({ ...p, startedAt: event.at })),
      };
    case 'approval.requested':
      return { approval: { kind: 'requested', phase: event.phase, since: event.at } };
    case 'approval.given':
      return {
        yeses: [
          ...(d.yeses ?? []),
          { by: event.by, at: event.at, ...(event.why === undefined ? {} : { why: event.why }) },
        ],
        // Others are still missing, or it was given before it was asked for.
        ...(event.missing === undefined && event.phase >= 0
          ? { approval: { kind: 'given', phase: event.phase, by: event.by, ...askedSince(d) } }
          : {}),
      };
    case 'approval.expired':
      return { yeses: (d.yeses ?? []).filter(({ by }) => !event.by.includes(by.name)) };
    case 'phase.decided':
      return {
        effect: event.decision.kind === 'continue' ? undefined : d.effect,
        phases: phase(d, event.phase, (p) => ({
          ...p,
          decision: event.decision,
          ...heldBy(p, event.decision, event.at),
          finishedAt: event.decision.kind === 'continue' ? event.at : p.finishedAt,
        })),
      };
    case 'deployment.waiting':
      return event.until === undefined
        ? { status: { kind: 'waiting', after: event.after } }
        : {
            status: {
              kind: 'waiting',
              after: event.after,
              until: event.until,
              reason: event.reason,
              since: event.at,
            },
            // It has not begun: its time does not count while it waits.
            ...stage(d, 'production', { status: 'pending' }),
          };
    case 'deployment.paused':
      return { status: { kind: 'paused', reason: event.reason, since: event.at } };
    case 'deployment.resumed':
      // The phase is watched anew from here: what made it pause must not pause it again unseen.
      return {
        ...(d.status.kind === 'waiting' ? gatesAnew(d) : {}),
        status: { kind: 'running' },
        measures: watchedAnew(d.measures),
        phases: phase(d, d.phase, (p) => ({ ...p, weightAt: p.weightAt && event.at })),
        ...comparedAnew(d),
      };
    case 'rollback.started':
      return {
        status: { kind: 'rolling_back', trigger: event.trigger, reason: event.reason, since: event.at },
        weight: { ...d.weight, wanted: 0 },
      };
    case 'promoted':
      return { effect: undefined, candidate: promoted(d.candidate) };
    case 'verified':
      return { effect: undefined, verified: true };
    case 'cleaned':
      return { effect: undefined, cleaned: true };
    case 'action.finished':
      return acted(d, event.effect, event.result);
    case 'culprit.found':
      return { culprit: event.culprit };
    case 'restored':
      return { effect: undefined, restored: true, weight: { wanted: 0, actual: 0 } };
    case 'deployment.concluding':
      return {
        status: { kind: 'concluding', outcome: event.outcome, reason: event.reason },
        concludedAt: event.at,
      };
    case 'learned':
      return { effect: undefined, lessons: event.lessons };
    case 'deployment.finished':
      return {
        effect: undefined,
        status: {
          kind: 'finished',
          outcome: event.outcome,
          reason: event.reason,
          at: event.at,
          durationMs: event.durationMs,
        },
      };
    default:
      return event satisfies never;
  }
}

function commanded(
  d: Deployment,
  { command, by, at, why }: Extract<Event, { type: 'command.received' }>,
): Partial<Deployment> {
  switch (command.kind) {
    case 'tick':
      return { ticks: ticked(d, { ...command, by, at }) };
    case 'rerun':
      return { rerun: { suite: command.suite, by }, status: { kind: 'running' } };
    case 'advance':
      return {
        through: command.through,
        status: { kind: 'running' },
        ...gatesAnew(d),
        ...(command.start ? { start: command.start } : {}),
        ...(command.emergency ? { emergency: { by, why: why ?? '' } } : {}),
        ...(command.allowDestructive ? { allowDestructive: true } : {}),
      };
    case 'sign-off':
      return {
        signOffs: signedOff(d, { name: command.name, by, at, ...(why === undefined ? {} : { why }) }),
      };
    case 'retry':
      return {
        held: undefined,
        actions: d.actions.filter((a) => a !== d.held),
        ...measuredAnew(d),
      };
    case 'promote':
      return { held: undefined };
    default:
      return {};
  }
}

/** What was found before the rollout is looked at once more. */
function gatesAnew({ gates }: Deployment): Partial<Deployment> {
  if (!gates?.before) return {};
  const { before: _, ...rest } = gates;
  return { gates: rest };
}

/** The sign-offs with one more, for the candidate as it is now; before it is built there is nothing to sign off. */
function signedOff(
  { candidate, signOffs = [] }: Deployment,
  given: Omit<SignOff, 'tree' | 'sha'>,
): SignOff[] {
  if (candidate.kind === 'none') return signOffs;
  return [...signOffs, { ...given, tree: candidate.tree, sha: candidate.version.sha }];
}

/** The suites after one more run: a suite that ran before keeps its place, and remembers how that went. */
function withRun({ suites, rerun, plan }: Deployment, result: SuiteResult): SuiteState[] {
  const before = suites.find(({ suite }) => suite === result.suite);
  if (!before) return inOrder(plan, [...suites, result]);
  const { status, exitCode, durationMs, log, failures, cases, counts, casesFile } = before;
  const last = {
    status,
    exitCode,
    durationMs,
    log,
    ...(failures && { failures }),
    ...(cases && { cases }),
    ...(counts && { counts }),
    ...(casesFile && { casesFile }),
  };
  const earlier = [...(before.earlier ?? []), last];
  const now = { ...result, earlier, ...(rerun?.suite === result.suite && { again: rerun.by }) };
  return suites.map((state) => (state === before ? now : state));
}

/** Suites that run side by side end in any order; they stand in the plan's. */
function inOrder({ suites: planned }: Deployment['plan'], suites: readonly SuiteState[]): SuiteState[] {
  const place = ({ suite }: SuiteState) => planned.findIndex(({ name }) => name === suite);
  return suites.toSorted((a, b) => place(a) - place(b));
}

/** An action ended; one that failed counts as an attempt, so that doing it again has another id. */
function acted(d: Deployment, effect: string, result: ActionResult): Partial<Deployment> {
  const done = { effect: undefined, actions: [...d.actions, result] };
  if (result.status === 'passed') return done;
  const step = stepOf(effect);
  const held = planOf(d, result)?.onFailure === 'pause' ? result : d.held;
  return { ...done, held, attempts: { ...d.attempts, [step]: (d.attempts[step] ?? 0) + 1 } };
}

function stage(d: Deployment, name: Stage, state: StageState): Partial<Deployment> {
  return { stages: { ...d.stages, [name]: state } };
}

function phase(d: Deployment, index: number, change: (phase: PhaseState) => PhaseState): PhaseState[] {
  return d.phases.map((p, i) => (i === index ? change(p) : p));
}

/** An effect's id without its attempt: what `attempts` counts by. */
function stepOf(effectId: string): string {
  return effectId.slice(0, effectId.lastIndexOf('/'));
}

function failed(d: Deployment, effect: string, failure: Failure): Partial<Deployment> {
  const step = stepOf(effect);
  return {
    ...effectEnded(d, effect),
    rerun: undefined,
    failure,
    attempts: { ...d.attempts, [step]: (d.attempts[step] ?? 0) + 1 },
  };
}

function running(candidate: CandidateState, port: number, pid: number): CandidateState {
  return candidate.kind === 'none' ? candidate : { ...candidate, kind: 'running', port, pid };
}

/** Since when the yes was waited for, where it was. */
function askedSince({ approval }: Deployment): { since?: string } {
  return approval?.kind === 'requested' ? { since: approval.since } : {};
}

/** More times that a phase was held up nobody reads. */
const mostHeld = 20;

/** What held a phase up is kept when it goes on all the same: that it did says what the phase is worth. */
function heldBy(
  { held = [] }: PhaseState,
  { kind, verdict }: Decision,
  at: string,
): Pick<PhaseState, 'held'> {
  if ((kind !== 'pause' && kind !== 'roll_back') || held.length >= mostHeld) return {};
  return { held: [...held, { kind, rule: verdict.rule, at }] };
}

function promoted(candidate: CandidateState): CandidateState {
  return candidate.kind === 'running' ? { ...candidate, kind: 'promoted' } : candidate;
}
