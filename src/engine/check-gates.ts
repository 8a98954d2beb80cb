import type { EventBody } from '../domain/event.ts';
import { gatesSettingsSchema } from '../domain/gate-settings.ts';
import type { GateTime } from '../domain/gate.ts';
import { checkGates } from '../gates/check-gates.ts';
import { requireBytes } from './artifact-side.ts';
import type { Rollout } from './rollout.ts';

/** Looks at the gates of one time of a running deployment; what they found is journaled, whatever it is. */
export async function lookAtGates(rollout: Rollout, when: GateTime): Promise<EventBody> {
  const { deployment: d, ports, effect, signal } = rollout;
  // Whatever its gate’s severity: what was altered is nobody’s to let pass.
  if (when === 'before') await requireBytes(rollout);
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
