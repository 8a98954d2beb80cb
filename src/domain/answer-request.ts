import { actionWords } from './action.ts';
import type { Request } from './command.ts';
import {
  conclude,
  continued,
  decideAndStart,
  inPhase,
  rollBack,
  startPhase,
  touchedProduction,
} from './course.ts';
import { whyNotTick } from './ticks.ts';
import type { Deployment } from './deployment.ts';
import { destructiveWords, needsWord } from './destructive.ts';
import type { EventBody } from './event.ts';
import { whyNotOwnApproval } from './own-approval.ts';
import { stages } from './plan.ts';
import { whyNotSignOff, whyNotSignedOff } from './sign-offs-now.ts';
import { failingWords, testsHold, whyNotRerun } from './testing-verdict.ts';

/** What follows from a person's request: it is journaled, then done or refused with a reason. */
export function answerRequest(d: Deployment, request: Request): EventBody[] {
  const { command } = request;
  const who = request.by.name;
  const accepted = received(request);
  switch (command.kind) {
    case 'advance':
      if (d.status.kind !== 'waiting') return [refused(request, 'it does not wait for anyone')];
      if (testsHold(d)) return [refused(request, failingWords(d))];
      if (needsWord(d.plan, command.through) && command.allowDestructive !== true)
        return [refused(request, destructiveWords(d.plan))];
      if (stages.indexOf(command.through) >= stages.indexOf('production')) {
        const why = whyNotSignedOff(d);
        if (why !== undefined) return [refused(request, why)];
      }
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
      if (d.approval?.kind === 'requested') return [refused(request, waitsForApproval)];
      if (d.held)
        return [
          refused(request, `${actionWords(d.held)} failed: retry it, promote to go on without it, or abort`),
        ];
      return [accepted, { type: 'deployment.resumed', reason: `${who} asked for it` }];
    case 'retry':
      if (d.status.kind !== 'paused') return [refused(request, 'nothing waits to be tried again')];
      if (d.approval?.kind === 'requested') return [refused(request, waitsForApproval)];
      return [accepted, { type: 'deployment.resumed', reason: `${who} tries it again` }];
    case 'promote':
      return promote(d, request, command.full ? Math.max(d.phases.length - 1, d.phase + 1) : d.phase + 1);
    case 'approve':
      return approve(d, request);
    case 'reject':
      return d.approval?.kind === 'requested' && d.status.kind === 'paused'
        ? [accepted, rollBack('person', `${who} rejected it${request.why ? `: ${request.why}` : ''}`)]
        : [refused(request, waitsForNone)];
    case 'abort':
      return abort(d, request);
    case 'tick': {
      const why = whyNotTick(d, command.item, command.done);
      return [why === undefined ? accepted : refused(request, why)];
    }
    case 'rerun': {
      const why = whyNotRerun(d, command.suite);
      return why === undefined
        ? [accepted, { type: 'stage.started', stage: 'testing' }]
        : [refused(request, why)];
    }
    case 'sign-off': {
      const why = whyNotSignOff(d, command.name, who);
      return [why === undefined ? accepted : refused(request, why)];
    }
    default:
      return command satisfies never;
  }
}

const waitsForApproval = 'it waits for an approval';
const waitsForNone = 'it waits for no approval';

/** Whoever asked for a deployment may not approve it where the environment wants another person's eyes. */
function approve(d: Deployment, request: Request): EventBody[] {
  if (d.approval?.kind !== 'requested' || d.status.kind !== 'paused') return [refused(request, waitsForNone)];
  const { phase } = d.approval;
  const { by } = request;
  const own = whyNotOwnApproval(d, by.name);
  if (own !== undefined) return [refused(request, own)];
  const reason = `${by.name} approved it`;
  const verdict = { kind: 'passed', rule: 'person', reason, data: {} } as const;
  return [
    received(request),
    { type: 'approval.given', phase, by },
    { type: 'deployment.resumed', reason },
    ...(inPhase(d) ? decideAndStart(d, { kind: 'continue', verdict }, phase) : startPhase(d, phase)),
  ];
}

function promote(d: Deployment, request: Request, next: number): EventBody[] {
  if (d.approval?.kind === 'requested') return [refused(request, waitsForApproval)];
  const paused = d.status.kind === 'paused';
  if (paused && d.held)
    return [
      received(request),
      {
        type: 'deployment.resumed',
        reason: `${request.by.name} goes on without the ${actionWords(d.held)}`,
      },
    ];
  if ((d.status.kind !== 'running' && !paused) || !inPhase(d))
    return [refused(request, 'no phase of a rollout is under way')];
  const reason = `${request.by.name} promoted it by hand`;
  return [
    received(request),
    ...(paused ? [{ type: 'deployment.resumed', reason } as const] : []),
    ...continued(
      d,
      { kind: 'continue', verdict: { kind: 'passed', rule: 'person', reason, data: {} } },
      next,
    ),
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
  const first = d.stages.testing.status === 'failed' ? failingWords(d) : 'withdrawn before the rollout';
  return [received(request), ...conclude(d, 'blocked', `${first}: ${reason}`)];
}

function received(request: Request): Extract<EventBody, { type: 'command.received' }> {
  return {
    type: 'command.received',
    request: request.id,
    command: request.command,
    by: request.by,
    why: request.why,
  };
}

/** The request is journaled as refused, for this reason. */
export function refused(request: Request, reason: string): EventBody {
  return { ...received(request), refused: reason };
}
