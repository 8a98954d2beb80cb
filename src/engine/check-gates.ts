import { OrchestraError, exitCode } from '../domain/errors.ts';
import type { EventBody } from '../domain/event.ts';
import { gatesSettingsSchema } from '../domain/gate-settings.ts';
import type { GateTime } from '../domain/gate.ts';
import { checkGates } from '../gates/check-gates.ts';
import { deployedSha } from './deployed.ts';
import type { Rollout } from './rollout.ts';

/** Looks at the gates of one time of a running deployment; what they found is journaled, whatever it is. */
export async function lookAtGates(rollout: Rollout, when: GateTime): Promise<EventBody> {
  const { deployment: d, ports, effect, signal } = rollout;
  if (when === 'before') await refuseMoved(rollout);
  const results = await checkGates(when, {
    subject: {
      environment: d.environment,
      kind: d.kind,
      plan: d.plan,
      source: d.source,
      stable: d.stable,
      deployment: d,
    },
    settings: d.plan.gates?.settings ?? gatesSettingsSchema.parse({}),
    ports,
    signal,
  });
  return { type: 'gates.checked', effect, when, results };
}

/** A deployment that waited for its time must still build on what serves. Throws `stable-moved` (4). */
async function refuseMoved({ deployment: d, ports: { git } }: Rollout): Promise<void> {
  if (d.start === undefined) return;
  const sha = await deployedSha(git, d.environment);
  if ((sha ?? null) === (d.stable?.sha ?? null)) return;
  throw new OrchestraError('stable-moved', `${d.environment} changed while this deployment waited`, {
    exit: exitCode.gateRefused,
    hint: 'look at it again and start once more',
  });
}
