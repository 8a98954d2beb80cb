import type { Request } from './command.ts';
import type { Deployment } from './deployment.ts';
import type { Effect } from './effect.ts';
import type { EventBody, Failure, Outcome } from './event.ts';
import type { Input } from './input.ts';
import { judge } from './judge.ts';
import { goesThrough, stageOf } from './next-effect.ts';
import type { Stage } from './plan.ts';
import type { Sample } from './sample.ts';

/** Readings that may fail in a row before the rollout pauses: at one a second, ten seconds without numbers. */
export const toleratedMeasurementFailures = 10;

/** Times restoring stable is tried again before a person is called. */
const restoreAttempts = 5;

/** What is journaled before an effect runs: its stage, when it begins one, then the effect itself. */
export function begin(d: Deployment, effect: Effect): EventBody[] {
  const stage = stageOf(effect.kind);
  const events: EventBody[] = [];
  if (d.stages[stage].status === 'pending') events.push({ type: 'stage.started', stage });
  events.push({ type: 'effect.started', effect });
  return events;
}

/** What follows from an input: events to journal, in order; none when nothing changes. Pure. */
export function decide(d: Deployment, input: Input, now: Date): EventBody[] {
  if (d.status.kind === 'finished')
    return input.kind === 'request' ? [refused(input.request, 'it is finished')] : [];
  switch (input.kind) {
    case 'request':
      return answer(d, input.request);
    case 'effect-done':
      return [input.event, ...afterwards(d, input.event, now)];
    case 'effect-failed':
      return [
        { type: 'effect.failed', effect: input.effect, failure: input.failure },
        ...afterFailure(d, input.effect, input.failure),
      ];
    case 'sample':
      return measured(d, input.phase, input.sample);
    case 'sample-failed':
      return unmeasured(d, input.phase, input.reason);
    case 'tick':
      return timePassed(d, now);
    case 'dead-man':
      return rollingBack(d)
        ? []
        : [
            rollBack(
              'dead-man',
              `the router took the traffic back at ${input.at}: no conductor had been heard of`,
            ),
          ];
    default:
      return input satisfies never;
  }
}

function answer(d: Deployment, request: Request): EventBody[] {
  const { command } = request;
  const who = request.by.name;
  const accepted = received(request);
  switch (command.kind) {
    case 'advance':
      if (d.status.kind !== 'waiting') return [refused(request, 'it does not wait for anyone')];
      // Where testing was skipped there is nothing to do until production: it waits on, one stage further.
      return command.through === 'testing' && d.stages.testing.status !== 'pending'
        ? [accepted, { type: 'deployment.waiting', after: 'testing' }]
        : [accepted];
    case 'pause':
      if (d.status.kind !== 'running') return [refused(request, `it is ${d.status.kind.replace('_', ' ')}`)];
      if (!inPhase(d)) return [refused(request, 'only a phase of the rollout can be paused')];
      return [accepted, { type: 'deployment.paused', reason: `${who} asked for it` }];
    case 'resume':
      if (d.status.kind !== 'paused') return [refused(request, 'it is not paused')];
      return [accepted, { type: 'deployment.resumed', reason: `${who} asked for it` }];
    case 'promote':
      return promote(d, request);
    case 'abort':
      return abort(d, request);
    default:
      return command satisfies never;
  }
}

function promote(d: Deployment, request: Request): EventBody[] {
  const paused = d.status.kind === 'paused';
  if ((d.status.kind !== 'running' && !paused) || !inPhase(d))
    return [refused(request, 'no phase of a rollout is under way')];
  const reason = `${request.by.name} promoted it by hand`;
  return [
    received(request),
    ...(paused ? [{ type: 'deployment.resumed', reason } as const] : []),
    ...continued(d, {
      kind: 'continue',
      verdict: { kind: 'passed', rule: 'person', reason, data: {} },
    }),
  ];
}

function abort(d: Deployment, request: Request): EventBody[] {
  if (d.status.kind === 'rolling_back') return [refused(request, 'it is rolling back already')];
  if (d.status.kind === 'concluding') return [refused(request, `it has ended: ${d.status.reason}`)];
  if (d.candidate.kind === 'promoted')
    return [refused(request, 'the candidate is stable already; roll back instead')];
  const why = request.why ? `: ${request.why}` : '';
  const reason = `${request.by.name} asked for it${why}`;
  if (touchedProduction(d)) return [received(request), rollBack('person', reason)];
  return [received(request), ...conclude(d, 'blocked', `withdrawn before the rollout: ${reason}`)];
}

function afterwards(d: Deployment, event: EventBody, now: Date): EventBody[] {
  switch (event.type) {
    case 'papers.written':
      return [
        {
          type: 'stage.finished',
          stage: 'staging',
          status: 'passed',
          reason: 'candidate and documents are ready',
        },
        ...waiting(d, 'staging'),
        ...skipTesting(d),
      ];
    case 'tests.reported':
      return testsEnded(d);
    case 'candidate.started':
      return enterPhase(d, 0);
    case 'cleaned':
      return conclude(d, 'succeeded', `${name(d)} serves all traffic`, 'passed');
    case 'restored':
      return d.status.kind === 'rolling_back'
        ? conclude(d, d.stable ? 'rolled_back' : 'failed', d.status.reason)
        : [];
    case 'learned':
      return [
        {
          type: 'stage.finished',
          stage: 'learning',
          status: 'passed',
          reason: `${event.lessons.length} lessons`,
        },
        ...finish(d, now),
      ];
    default:
      return [];
  }
}

function skipTesting(d: Deployment): EventBody[] {
  const reason =
    d.plan.suitesSkipped ?? (d.plan.suites.length === 0 ? 'orchestra.yaml names no suites' : undefined);
  if (reason === undefined) return [];
  return [{ type: 'stage.finished', stage: 'testing', status: 'skipped', reason }, ...waiting(d, 'testing')];
}

function testsEnded(d: Deployment): EventBody[] {
  const failing = d.suites.filter((s) => s.status !== 'passed');
  if (failing.length === 0) {
    const reason = `${d.suites.length} ${d.suites.length === 1 ? 'suite' : 'suites'} passed`;
    return [{ type: 'stage.finished', stage: 'testing', status: 'passed', reason }, ...waiting(d, 'testing')];
  }
  const names = failing
    .map((s) => `${s.suite} ${s.status === 'timed_out' ? 'timed out' : 'failed'}`)
    .join(', ');
  return conclude(d, 'blocked', `tests do not pass: ${names}`);
}

function waiting(d: Deployment, after: Stage): EventBody[] {
  return d.through === after ? [{ type: 'deployment.waiting', after }] : [];
}

function afterFailure(d: Deployment, effect: string, failure: Failure): EventBody[] {
  const kind = d.effect?.id === effect ? d.effect.kind : undefined;
  const reason = failure.message;
  switch (kind) {
    case undefined:
      return [];
    case 'build-candidate':
    case 'write-papers':
    case 'report-tests':
    case 'ready-stable':
      return conclude(d, 'failed', reason);
    case 'run-suite':
      return conclude(d, 'blocked', `tests could not run: ${reason}`);
    case 'start-candidate':
    case 'set-weight':
    case 'observe':
    case 'verify':
    case 'promote':
      return rollingBack(d) ? [] : [rollBack('failure', reason)];
    case 'clean-up':
      return [
        { type: 'cleaned', effect, detail: `not everything could be cleaned up: ${reason}` },
        ...conclude(d, 'succeeded', `${name(d)} serves all traffic`, 'passed'),
      ];
    case 'restore-stable': {
      const tried = (d.attempts[effect.slice(0, effect.lastIndexOf('/'))] ?? 0) + 1;
      return tried < restoreAttempts ? [] : conclude(d, 'halted', `stable could not be restored: ${reason}`);
    }
    case 'learn':
      return [{ type: 'learned', effect, lessons: [`nothing could be learned this time: ${reason}`] }];
    default:
      return kind satisfies never;
  }
}

function measured(d: Deployment, phase: number, sample: Sample): EventBody[] {
  if (phase !== d.phase || !inPhase(d)) return [];
  const current = d.phases[phase];
  if (!current?.weightAt) return [];
  const event: EventBody = { type: 'measured', phase, sample };
  const decision = judge({
    phase: current,
    weightAt: current.weightAt,
    triggers: d.plan.triggers,
    samples: [...d.samples, sample],
  });
  switch (decision.kind) {
    case 'wait':
      return [event];
    case 'continue':
      return d.status.kind === 'paused' ? [event] : [event, ...continued(d, decision)];
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

function unmeasured(d: Deployment, phase: number, reason: string): EventBody[] {
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

function timePassed(d: Deployment, now: Date): EventBody[] {
  if (d.status.kind !== 'paused' || !d.unattended) return [];
  if (now.getTime() - Date.parse(d.status.since) < d.plan.pauseTimeoutMs) return [];
  return [rollBack('timeout', `nobody answered the pause in time: ${d.status.reason}`)];
}

function continued(
  d: Deployment,
  decision: Extract<EventBody, { type: 'phase.decided' }>['decision'],
): EventBody[] {
  const decided: EventBody = { type: 'phase.decided', phase: d.phase, decision };
  return [decided, ...enterPhase(d, d.phase + 1)];
}

function enterPhase(d: Deployment, index: number): EventBody[] {
  const phase = d.phases[index];
  return phase ? [{ type: 'phase.started', phase: index, name: phase.name, weight: phase.weight }] : [];
}

/** Ends the stage under way and settles the outcome. */
function conclude(
  d: Deployment,
  outcome: Outcome,
  reason: string,
  status: 'passed' | 'failed' = 'failed',
): EventBody[] {
  const open = (['staging', 'testing', 'production'] as const).find((s) => d.stages[s].status === 'active');
  const ended: EventBody[] = open ? [{ type: 'stage.finished', stage: open, status, reason }] : [];
  return [...ended, { type: 'deployment.concluding', outcome, reason }];
}

function finish(d: Deployment, now: Date): EventBody[] {
  if (d.status.kind !== 'concluding') return [];
  const candidate = d.candidate.kind === 'promoted' ? d.candidate.version : null;
  return [
    {
      type: 'deployment.finished',
      outcome: d.status.outcome,
      reason: d.status.reason,
      environment: d.environment,
      version: candidate ?? d.stable,
      durationMs: Math.max(0, now.getTime() - Date.parse(d.requestedAt)),
    },
  ];
}

function received(request: Request): EventBody {
  return {
    type: 'command.received',
    request: request.id,
    command: request.command,
    by: request.by,
    why: request.why,
  };
}

function refused(request: Request, reason: string): EventBody {
  return {
    type: 'command.received',
    request: request.id,
    command: request.command,
    by: request.by,
    why: request.why,
    refused: reason,
  };
}

function rollBack(
  trigger: Extract<EventBody, { type: 'rollback.started' }>['trigger'],
  reason: string,
): EventBody {
  return { type: 'rollback.started', trigger, reason };
}

function rollingBack(d: Deployment): boolean {
  return d.status.kind === 'rolling_back' || d.status.kind === 'concluding';
}

function inPhase(d: Deployment): boolean {
  const phase = d.phases[d.phase];
  return phase !== undefined && phase.finishedAt === undefined && !rollingBack(d);
}

/** Whether anything in production may have changed, so that it must be restored rather than left. */
export function touchedProduction(d: Deployment): boolean {
  return goesThrough(d, 'production') && d.stages.production.status !== 'pending';
}

function name(d: Deployment): string {
  return d.candidate.kind === 'none' ? d.id : d.candidate.version.name;
}
