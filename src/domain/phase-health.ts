import type { Deployment } from './deployment.ts';
import type { GateResult } from './gate.ts';
import { numbersOf } from './place-state.ts';
import { placesMoved } from './places.ts';

type Stands = Pick<GateResult, 'status' | 'detail' | 'fix'>;

/** How the candidate answered its health checks in a phase: failed where that took it back, or where it does not answer now. */
export function phaseHealth(d: Deployment, index: number): Stands {
  const phase = d.phases[index];
  if (!phase || phase.weightAt === undefined) return skippedFor('its traffic is not in place yet');
  const { weightAt, finishedAt, decision } = phase;
  const readings = placesMoved(d.plan, index).map((key) =>
    numbersOf(d, key).samples.filter(
      ({ at }) => at >= weightAt && (finishedAt === undefined || at <= finishedAt),
    ),
  );
  const all = readings.flat().map(({ health }) => health);
  const probes = all.reduce((sum, { total }) => sum + total, 0);
  const answered = all.reduce((sum, { healthy }) => sum + healthy, 0);
  const stopped = decision && decision.kind !== 'continue' && decision.verdict.rule === 'health';
  const last = readings.flatMap((of) => of.at(-1) ?? []);
  const silent = last.some(({ health: { healthy, total } }) => total === 0 || healthy < total);
  if (stopped || silent)
    return {
      status: 'failed',
      detail: stopped
        ? decision.verdict.reason
        : `${answered} of ${probes} probes answered, the last of them did not`,
      fix: 'see the candidate’s log for why it does not answer its health check',
    };
  if (probes > 0) return { status: 'passed', detail: `${answered} of ${probes} probes answered` };
  // A long rollout's first readings stand in its journal only.
  return finishedAt !== undefined && decision?.kind === 'continue' && decision.verdict.rule !== 'person'
    ? { status: 'passed', detail: `when it ended: ${decision.verdict.reason}` }
    : skippedFor('no reading of it was taken');
}

function skippedFor(detail: string): Stands {
  return { status: 'skipped', detail };
}
