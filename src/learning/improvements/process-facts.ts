import type { Deployment, PhaseState } from '../../domain/deployment.ts';
import type { Outcome } from '../../domain/event.ts';
import { isFlaky, runsOf } from '../../domain/suite-run.ts';
import { wordOf } from '../../domain/what-counts.ts';

/** How one suite ran in a deployment. */
export interface SuiteProcess {
  name: string;
  run: string;
  timeoutMs: number;
  needs: readonly string[];
  /** Milliseconds of the runs that passed, and of all runs together. */
  passedMs: number[];
  allMs: number;
  runs: number;
  timedOut: number;
  flaky: boolean;
  /** Who had it run again, where somebody did. */
  againBy?: string;
  /** Tests that failed in a run. */
  failing: string[];
}

/** How one phase of a rollout went. */
export interface PhaseProcess {
  name: string;
  weight: number;
  bakeMs: number;
  minimumSample: number;
  judged: boolean;
  /** It came to its end and the rollout went on. */
  passed: boolean;
  /** A person ended it before its time. */
  byHand: boolean;
  /** Rules that held it up or took it back; `unknown` where a record of before says only that something did. */
  held: string[];
  watchedMs?: number;
  /** Of the candidate, when it was judged: requests, and percent that failed. */
  requests?: number;
  errorRate?: number;
}

/** What one finished deployment says of how deployments are made here. */
export interface DeploymentProcess {
  id: string;
  environment: string;
  kind: 'deploy' | 'rollback';
  by: string;
  requestedAt: string;
  /** When production had come to its end. */
  endedAt?: string;
  outcome: Outcome;
  says: 'success' | 'failure' | 'stopped' | 'nothing';
  strategy: string;
  /** What it ran on: two deployments of the same tested the same. */
  tree?: string;
  /** The version it brought. */
  version?: string;
  what: 'selection' | 'version';
  parallel: number;
  testingMs?: number;
  suites: SuiteProcess[];
  phases: PhaseProcess[];
  approval?: { by: string; askedAt: string; waitedMs: number };
  /** It waited for a yes that did not come in time. */
  approvalTimedOut?: true;
  overrides: string[];
  emergency: boolean;
  byPerson: boolean;
}

/** What of a finished deployment's record improvements are found from; undefined while it is not finished. Pure. */
export function processOf(d: Deployment): DeploymentProcess | undefined {
  const { status, stages, candidate, plan, source } = d;
  const word = wordOf(d);
  if (status.kind !== 'finished' || !word) return undefined;
  const { testing, production } = stages;
  const version = candidate.kind === 'none' ? undefined : candidate.version.sha;
  const tree =
    candidate.kind === 'none' ? undefined : candidate.regenerated?.length ? version : candidate.tree;
  const given = d.approval?.kind === 'given' && d.approval.since !== undefined ? d.approval : undefined;
  const answeredAt = given && d.yeses?.findLast(({ by }) => by.name === given.by.name)?.at;
  return {
    id: d.id,
    environment: d.environment,
    kind: d.kind,
    by: d.by.name,
    requestedAt: d.requestedAt,
    ...('finishedAt' in production && production.status !== 'skipped' && { endedAt: production.finishedAt }),
    outcome: status.outcome,
    says: word.kind,
    strategy: plan.strategy,
    ...(tree !== undefined && { tree }),
    ...(version !== undefined && { version }),
    what: source.kind,
    parallel: plan.parallelSuites ?? 1,
    ...('finishedAt' in testing && testing.startedAt !== undefined && testing.status !== 'skipped'
      ? spanOf('testingMs', testing.startedAt, testing.finishedAt)
      : {}),
    suites: suitesOf(d),
    phases: d.phases.map((phase, i) => phaseOf(d, phase, i)),
    ...(given?.since !== undefined && answeredAt !== undefined
      ? approvalOf(given.by.name, given.since, answeredAt)
      : {}),
    ...(d.approval?.kind === 'requested' && status.outcome === 'rolled_back' && outlasted(d)
      ? { approvalTimedOut: true as const }
      : {}),
    overrides: [...new Set((plan.gates?.overrides ?? []).map(({ gate }) => gate))],
    emergency: d.emergency !== undefined || plan.emergency !== undefined,
    byPerson: d.trigger === undefined || d.trigger.kind === 'hand' || d.trigger.kind === 'emergency',
  };
}

/** Milliseconds between two instants, where a clock that was set has not made nonsense of them. */
function between(from: string, to: string): number | undefined {
  const ms = Date.parse(to) - Date.parse(from);
  return Number.isFinite(ms) && ms >= 0 ? ms : undefined;
}

function spanOf<Key extends string>(key: Key, from: string, to: string): Partial<Record<Key, number>> {
  const ms = between(from, to);
  return ms === undefined ? {} : ({ [key]: ms } as Record<Key, number>);
}

function approvalOf(by: string, askedAt: string, at: string): Pick<DeploymentProcess, 'approval'> {
  const waitedMs = between(askedAt, at);
  return waitedMs === undefined ? {} : { approval: { by, askedAt, waitedMs } };
}

/** Whether the question stood open as long as the plan lets it. */
function outlasted({ plan, approval, stages: { production } }: Deployment): boolean {
  if (approval?.kind !== 'requested' || plan.approval === undefined || !('finishedAt' in production))
    return false;
  return (between(approval.since, production.finishedAt) ?? 0) >= plan.approval.timeoutMs;
}

function suitesOf({ suites, plan }: Deployment): SuiteProcess[] {
  return suites.flatMap((state) => {
    const planned = plan.suites.find(({ name }) => name === state.suite);
    if (!planned) return [];
    const runs = [...(state.earlier ?? []), state];
    return [
      {
        name: planned.name,
        run: planned.run,
        timeoutMs: planned.timeoutMs,
        needs: planned.needs ?? [],
        passedMs: runs.filter(({ status }) => status === 'passed').map(({ durationMs }) => durationMs),
        allMs: runs.reduce((sum, { durationMs }) => sum + durationMs, 0),
        runs: runsOf(state),
        timedOut: runs.filter(({ status }) => status === 'timed_out').length,
        flaky: isFlaky(state),
        ...(state.again && { againBy: state.again.name }),
        failing: [...new Set(runs.flatMap(({ cases = [] }) => cases.map(({ name }) => name)))],
      },
    ];
  });
}

/** Longer than a phase may go on by itself: something held it up, whatever its record kept. */
const heldAfter = 1.25;

function phaseOf(d: Deployment, phase: PhaseState, index: number): PhaseProcess {
  const { decision, weightAt, startedAt, finishedAt } = phase;
  const passed = decision?.kind === 'continue';
  const approved = d.approval?.kind === 'given' && d.approval.phase === index + 1;
  const whole =
    startedAt !== undefined && finishedAt !== undefined ? between(startedAt, finishedAt) : undefined;
  const watchedMs =
    weightAt !== undefined && finishedAt !== undefined ? between(weightAt, finishedAt) : undefined;
  const byHand = passed && decision.verdict.rule === 'person' && !approved;
  const known = (phase.held ?? []).map(({ rule }) => rule);
  const taken = decision !== undefined && !passed ? [decision.verdict.rule] : [];
  const { status } = d;
  const back = status.kind === 'finished' && status.outcome !== 'succeeded' && d.phase === index;
  const late = whole !== undefined && !approved && !byHand && whole > phase.extendToMs * heldAfter;
  const held = [
    ...new Set([
      ...known,
      ...taken,
      ...(known.length + taken.length === 0 && (back || late) ? ['unknown'] : []),
    ]),
  ];
  const data = decision?.verdict.data ?? {};
  const number = (value: unknown) =>
    typeof value === 'number' && Number.isFinite(value) ? value : undefined;
  const [requests, errorRate] = [number(data['requests']), number(data['errorRate'])];
  return {
    name: phase.name,
    weight: phase.weight,
    bakeMs: phase.bakeMs,
    minimumSample: phase.minimumSample,
    judged: phase.judged,
    passed,
    byHand,
    held,
    ...(watchedMs !== undefined && { watchedMs }),
    ...(requests !== undefined && { requests }),
    ...(errorRate !== undefined && { errorRate }),
  };
}
