import type { ActionResult } from './action.ts';
import { failureWords } from './after-action.ts';
import type { Deployment } from './deployment.ts';
import { planOf } from './due-action.ts';
import type { GateResult } from './gate.ts';

type Stands = Pick<GateResult, 'status' | 'detail' | 'fix' | 'severity' | 'override'>;

/** How the plan's checks of one kind went before a phase; before the first, those before the rollout count too. */
export function phaseChecks(
  d: Deployment,
  index: number,
  kind: 'dependency-check' | 'configuration-check',
): Stands {
  const planned = (d.plan.actions ?? []).filter((action) => action.kind === kind);
  const none =
    kind === 'dependency-check' ? 'no service names what it requires' : 'its plan checks no configuration';
  if (planned.length === 0) return { status: 'skipped', severity: 'blocking', detail: none };
  const results = planned.flatMap(({ name }) => latest(d, index, kind, name) ?? []);
  if (results.length === 0) return { status: 'skipped', severity: 'blocking', detail: 'not asked yet' };
  const broken = results.filter(({ status }) => status === 'failed');
  if (broken.length === 0)
    return {
      status: 'passed',
      severity: 'blocking',
      detail: results
        .map(({ name, detail }) => (kind === 'dependency-check' ? `${name}: ${detail}` : detail))
        .join('; '),
    };
  const stops = broken.filter((result) => planOf(d, result)?.onFailure !== 'ignore');
  return {
    status: 'failed',
    severity: stops.length > 0 ? 'blocking' : 'warning',
    detail: broken.map(failureWords).join('; '),
    fix:
      kind === 'dependency-check'
        ? 'see that what it requires runs and answers from this machine'
        : 'set the variables that are missing, or free the port',
    ...(stops.length > 0 && stops.every((result) => wentOnWithout(d, index, result))
      ? { override: { by: 'a person', why: 'went on without it' } }
      : {}),
  };
}

/** The newest result of a check for a phase. */
function latest(
  d: Deployment,
  index: number,
  kind: ActionResult['kind'],
  name: string,
): ActionResult | undefined {
  return d.actions.findLast(
    (result) =>
      result.kind === kind &&
      result.name === name &&
      (result.phase === index || (index === 0 && result.point === 'before-deployment')),
  );
}

/** Whether a person was asked about a failure, and said to go on: the phase got its traffic all the same. */
function wentOnWithout(d: Deployment, index: number, result: ActionResult): boolean {
  return planOf(d, result)?.onFailure === 'pause' && d.phases[index]?.weightAt !== undefined;
}
