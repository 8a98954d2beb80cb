import { OrchestraError, exitCode } from '../domain/errors.ts';
import { type GateResult, stopping, stoppingWords } from '../domain/gate.ts';
import { type Stage, stages } from '../domain/plan.ts';
import { checkGates } from '../gates/check-gates.ts';
import type { GatePorts } from '../gates/gate.ts';
import { gatePorts } from './gate-ports.ts';
import { draftSubject } from './gate-subject.ts';
import type { DeployRequest, Draft } from './orchestrator.ts';

/**
 * Refuses a deployment that a gate would stop whatever is built, before anything is locked or written (REQUIREMENTS G1): code
 * `staging-not-verified` or `gate-refused` (4), with the gates in its details. One that is only prepared, not rolled out, is
 * asked for its pipeline alone; a rollback is never kept back. Whether another deployment is in progress is left to the lock.
 */
export async function refuseEarly(
  ports: Omit<GatePorts, 'served'>,
  draft: Draft,
  asked: Pick<DeployRequest, 'by' | 'allowDestructive'> & { through: Stage },
): Promise<void> {
  const { gates } = draft.plan;
  if (draft.kind === 'rollback' || !gates) return;
  const results = await checkGates('before', {
    subject: await draftSubject(ports.git, draft, asked),
    settings: gates.settings,
    ports: gatePorts(ports),
  });
  const refusing = stopping(results);
  if (refusing.some(({ id }) => id === 'other-deployment')) return;
  const staging = refusing.find(({ id }) => id === 'staging');
  if (staging) throw stagingNotVerified(staging, refusing);
  if (refusing.length === 0 || stages.indexOf(asked.through) < stages.indexOf('production')) return;
  throw new OrchestraError('gate-refused', stoppingWords(refusing), {
    exit: exitCode.gateRefused,
    hint: `${refusing.map(({ fix }) => fix ?? '').join('; ')}. \`orchestrate deploy validate --env ${draft.environment}\` shows every gate; --override GATE=REASON lets one pass, which is recorded`,
    details: { gates: refusing },
  });
}

function stagingNotVerified(staging: GateResult, refusing: readonly GateResult[]): OrchestraError {
  const { id, status, detail, fix = '' } = staging;
  return new OrchestraError('staging-not-verified', detail, {
    exit: exitCode.gateRefused,
    hint: fix,
    details: { gate: { id, status, detail, hint: fix }, gates: refusing },
  });
}
