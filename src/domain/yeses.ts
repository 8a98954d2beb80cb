import { missingYeses, validYeses, whyNotApprove } from './approvals.ts';
import type { Request } from './command.ts';
import { isApproved } from './course.ts';
import type { Deployment } from './deployment.ts';
import { formatDuration } from './duration.ts';
import type { EventBody } from './event.ts';

/** The phase that begins once there are enough yeses, and the events of this one; or why it does not count. */
export type YesAnswer = { refused: string } | { given: EventBody; enough: boolean };

/** What a yes comes to. It may be given as soon as there is a tested candidate to give it to, and is for that one alone. */
export function answerYes(d: Deployment, { by, why }: Request, now: Date): YesAnswer {
  if (!d.plan.approval) return { refused: 'it waits for no approval' };
  const asked = d.approval?.kind === 'requested' && d.status.kind === 'paused' ? d.approval : undefined;
  if (!asked && !mayBeEarly(d)) return { refused: 'it waits for no approval' };
  const whyNot = whyNotApprove(d, by, now);
  if (whyNot !== undefined) return { refused: whyNot };
  const missing = Math.max(0, missingYeses(d, now) - 1);
  return {
    given: {
      type: 'approval.given',
      phase: asked?.phase ?? -1,
      by,
      ...(why === undefined ? {} : { why }),
      ...(d.candidate.kind === 'none' ? {} : { candidate: d.candidate.version.sha }),
      ...(missing > 0 ? { missing } : {}),
    },
    enough: asked !== undefined && missing === 0,
  };
}

/** Whether it is tested, and has not been approved or gone back. */
function mayBeEarly({ status, stages, approval, candidate }: Deployment): boolean {
  if (status.kind === 'rolling_back' || status.kind === 'concluding') return false;
  if (candidate.kind === 'none' || approval?.kind === 'given') return false;
  return stages.testing.status === 'passed' || stages.testing.status === 'skipped';
}

/** Yeses that were given too long ago, said once; none once all traffic has its approval. */
export function expiredYeses(d: Deployment, now: Date): EventBody[] {
  const { validForMs } = d.plan.approval ?? {};
  if (validForMs === undefined || d.approval?.kind === 'given') return [];
  if (d.phases.some((phase, i) => isApproved(d, i) && phase.startedAt !== undefined)) return [];
  const valid = validYeses(d, now);
  const gone = (d.yeses ?? []).filter((yes) => !valid.includes(yes));
  if (gone.length === 0 || d.status.kind === 'rolling_back' || d.status.kind === 'concluding') return [];
  return [
    {
      type: 'approval.expired',
      by: gone.map(({ by }) => by.name),
      reason: `given longer ago than ${formatDuration(validForMs)}, and the rollout has not come so far`,
    },
  ];
}
