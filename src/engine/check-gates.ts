import type { EventBody } from '../domain/event.ts';
import { gatesSettingsSchema } from '../domain/gate-settings.ts';
import type { GateTime } from '../domain/gate.ts';
import { checkGates } from '../gates/check-gates.ts';
import { attempt } from './act.ts';
import { orAborted, type Rollout } from './rollout.ts';
import { whileWatched } from './watching.ts';
import { gatePorts } from './gate-ports.ts';
import { runningSubject } from './gate-subject.ts';

/**
 * Looks at the gates of one time of a running deployment; what they found is journaled, whatever it is. After a rollout users
 * are on the candidate: it is watched on meanwhile, and one that fails is taken back without waiting for the gates.
 */
export async function lookAtGates(rollout: Rollout, when: GateTime): Promise<EventBody> {
  const { deployment: d, ports, effect, signal } = rollout;
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
