import type { ActionResult } from './action.ts';
import { failureWords } from './after-action.ts';
import { counted } from './counted.ts';
import type { Deployment } from './deployment.ts';
import type { GateResult } from './gate.ts';
import { candidateCopies } from './place-copies.ts';
import { candidatePlaces } from './places.ts';

type Stands = Pick<GateResult, 'status' | 'detail' | 'fix'>;

/**
 * Whether the candidate could take a phase's users before it had them: every copy that the phase wants answered its health check,
 * and before the first phase the smoke tests that ask it directly passed.
 */
export function phaseReadiness(d: Deployment, index: number): Stands {
  const phase = d.phases[index];
  const asked = index === 0 ? askedDirectly(d) : [];
  const broken = asked.filter(({ status }) => status === 'failed');
  if (broken.length > 0)
    return {
      status: 'failed',
      detail: broken.map(failureWords).join('; '),
      fix: 'ask the endpoint as the smoke test does, and see the candidate’s log',
    };
  const wanted = candidatePlaces(d.plan).reduce(
    (sum, place) => sum + candidateCopies(d.plan, phase, place),
    0,
  );
  if (phase?.weightAt !== undefined)
    return {
      status: 'passed',
      detail: [
        `${counted(wanted, 'copy', 'copies')} answered before the traffic came`,
        ...(asked.length > 0 ? [`${counted(asked.length, 'smoke test')} passed`] : []),
      ].join('; '),
    };
  return index === Math.max(0, d.phase) && notStarted(d)
    ? {
        status: 'failed',
        detail: d.failure?.message ?? 'the candidate did not start',
        fix: d.failure?.hint ?? 'see the candidate’s log',
      }
    : { status: 'skipped', detail: 'it has no traffic of this phase' };
}

function askedDirectly({ actions }: Deployment): ActionResult[] {
  return actions.filter(({ kind, point }) => kind === 'smoke' && point === 'before-traffic');
}

/** Whether a copy of the candidate could not be brought up. */
export function notStarted({ id, attempts, phase }: Deployment): boolean {
  return ['start-candidate', `grow-${Math.max(0, phase)}`].some(
    (subject) => (attempts[`${id}/production/${subject}`] ?? 0) > 0,
  );
}
