import type { EventBody } from '../domain/event.ts';
import { gatesSettingsSchema } from '../domain/gate-settings.ts';
import type { GateTime } from '../domain/gate.ts';
import { checkGates } from '../gates/check-gates.ts';
import type { Rollout } from './rollout.ts';

/** Looks at the gates of one time of a running deployment; what they found is journaled, whatever it is. */
export async function lookAtGates(
  rollout: Rollout,
  when: GateTime,
): Promise<Extract<EventBody, { type: 'gates.checked' }>> {
  const { deployment: d, ports, effect, signal } = rollout;
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
