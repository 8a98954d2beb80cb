import type { Effect } from '../domain/effect.ts';
import { OrchestraError } from '../domain/errors.ts';
import type { EventBody } from '../domain/event.ts';
import type { Rollout } from './rollout.ts';

/** Brings the plan's flag to the wanted percent, and believes only what its service says when it is read anew. */
export async function setFlag(
  { ports, deployment: d, fence, signal }: Rollout,
  effect: Extract<Effect, { kind: 'set-flag' }>,
): Promise<EventBody> {
  const { flag, percent, phase, why } = effect;
  const { provider } = d.plan.flag ?? {};
  if (!provider) throw new TypeError('the plan has no flag');
  const before = d.flag ? undefined : (await ports.flags.read(provider, flag, signal)).percent;
  const author = { environment: d.environment, deployment: d.id, fence, by: d.by.name, why };
  const after = await ports.flags.set(provider, { flag, percent }, author, signal);
  if (after.percent !== percent) {
    throw new OrchestraError(
      'flag-disagrees',
      `the flag ${flag} was set to ${percent} % and its service says ${after.percent} %`,
      { hint: 'something else changes this flag; the deployment goes back' },
    );
  }
  return {
    type: 'flag.set',
    effect: effect.id,
    phase,
    flag,
    wanted: percent,
    actual: after.percent,
    ...(before === undefined ? {} : { before }),
    by: d.by,
    why,
  };
}
