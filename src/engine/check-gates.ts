import { OrchestraError, exitCode } from '../domain/errors.ts';
import type { EventBody } from '../domain/event.ts';
import { gatesSettingsSchema } from '../domain/gate-settings.ts';
import type { GateTime } from '../domain/gate.ts';
import { checkGates } from '../gates/check-gates.ts';
import { requireBytes } from './artifact-side.ts';
import { deployedSha } from './deployed.ts';
import { attempt } from './act.ts';
import { orAborted, type Rollout } from './rollout.ts';
import { whileWatched } from './watching.ts';
import { gatePorts } from './gate-ports.ts';
import { runningSubject } from './gate-subject.ts';

/**
 * Looks at the gates of one time of a running deployment; what they found is journaled, whatever it is. After a rollout users
 * are on the candidate: it is watched on meanwhile, and one that fails is taken back without waiting for the gates.
 */
export async function lookAtGates(
  rollout: Rollout,
  when: GateTime,
): Promise<Extract<EventBody, { type: 'gates.checked' }>> {
  const { deployment: d, ports, effect, signal } = rollout;
  // Whatever its gate’s severity: what was altered is nobody’s to let pass.
  if (when === 'before') await requireBytes(rollout);
  if (when === 'before') await refuseMoved(rollout);
  const look = () =>
    checkGates(when, {
      subject: runningSubject(d),
      settings: d.plan.gates?.settings ?? gatesSettingsSchema.parse({}),
      ports: {
        ...gatePorts(ports),
        running: {
          platform: ports.platform,
          router: ports.router,
          attempt: (action) => attempt(action, rollout),
        },
      },
      signal,
    });
  const results = await whileWatched(rollout, () => orAborted(look(), signal));
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
