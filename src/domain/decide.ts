import { afterEffect, afterFailure } from './after-effect.ts';
import { answerRequest, refused } from './answer-request.ts';
import { conclude, rollBack, rollingBack, touchedProduction } from './course.ts';
import type { Deployment } from './deployment.ts';
import { formatDuration } from './duration.ts';
import type { Effect } from './effect.ts';
import type { EventBody } from './event.ts';
import type { Input } from './input.ts';
import { measureRead } from './judge-measure.ts';
import { measured, unmeasured } from './judge-reading.ts';
import { firstPlace, saidOf } from './places.ts';
import { stageOf } from './effect-id.ts';
import { testsHold } from './testing-verdict.ts';

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
      return answerRequest(d, input.request);
    case 'effect-done':
      return [input.event, ...afterEffect(d, input.event, now)];
    case 'effect-failed':
      return [
        { type: 'effect.failed', effect: input.effect, failure: input.failure },
        ...afterFailure(d, input.effect, input.failure),
      ];
    case 'sample':
      return measured(d, input);
    case 'sample-failed':
      return unmeasured(d, input);
    case 'measure':
      return measureRead(d, input.phase, input.reading);
    case 'culprit':
      return d.culprit ? [] : [{ type: 'culprit.found', effect: input.effect, culprit: input.culprit }];
    case 'stable-lost':
      return d.stableLost || rollingBack(d) ? [] : [{ type: 'stable.lost', detail: input.detail }];
    case 'router-revived':
      return [{ type: 'router.revived', detail: input.detail }];
    case 'candidate-gone':
      return rollingBack(d) ? [] : [rollBack('failure', input.detail)];
    case 'tick':
      return timePassed(d, now);
    case 'dead-man':
      return rollingBack(d)
        ? []
        : [
            rollBack(
              'dead-man',
              saidOf(
                d.plan,
                input.place ?? firstPlace(d.plan),
                `the router took the traffic back at ${input.at}: no conductor had been heard of`,
              ),
            ),
          ];
    default:
      return input satisfies never;
  }
}

function timePassed(d: Deployment, now: Date): EventBody[] {
  const late = overTime(d, now);
  if (late) return late;
  const left = leftFailing(d, now);
  if (left) return left;
  if (d.status.kind !== 'paused') return [];
  if (d.approval?.kind === 'requested') {
    const { timeoutMs } = d.plan.approval ?? { timeoutMs: 0 };
    return now.getTime() - Date.parse(d.approval.since) < timeoutMs
      ? []
      : [rollBack('timeout', `nobody approved it within ${formatDuration(timeoutMs)}`)];
  }
  if (!d.unattended) return [];
  if (now.getTime() - Date.parse(d.status.since) < d.plan.pauseTimeoutMs) return [];
  const reason = `nobody answered the pause in time: ${d.status.reason}`;
  return touchedProduction(d) ? [rollBack('timeout', reason)] : conclude(d, 'blocked', reason);
}

/** Failed tests keep the environment to themselves no longer than a pause may last; undefined while a person may still answer. */
function leftFailing(d: Deployment, now: Date): EventBody[] | undefined {
  const { testing } = d.stages;
  if (d.status.kind !== 'waiting' || testing.status !== 'failed' || !testsHold(d)) return undefined;
  if (now.getTime() - Date.parse(testing.finishedAt) < d.plan.pauseTimeoutMs) return undefined;
  return conclude(d, 'blocked', `${testing.reason}; nobody ran them again in time`);
}

/** REQUIREMENTS T4: what follows when production took longer than the plan allows; undefined while it has not. */
function overTime(d: Deployment, now: Date): EventBody[] | undefined {
  const { timeoutMs } = d.plan;
  const production = d.stages.production;
  if (timeoutMs === undefined || production.status !== 'active') return undefined;
  if (rollingBack(d) || d.candidate.kind === 'promoted') return undefined;
  if (now.getTime() - Date.parse(production.startedAt) < timeoutMs) return undefined;
  const reason = `the rollout was not over within ${formatDuration(timeoutMs)}`;
  return touchedProduction(d) ? [rollBack('timeout', reason)] : conclude(d, 'blocked', reason);
}
