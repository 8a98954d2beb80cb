import type { EventBody } from '../domain/event.ts';
import { candidatePlaces, saidOf } from '../domain/places.ts';
import { observe } from './observe.ts';
import { rolloutOf, routeTo, stableIn, type Rollout } from './rollout.ts';
import { isSame, stableRequest } from './stable-side.ts';

/**
 * Starts the copies of stable that died while users are with it, in every place, as many as are routed; shares stay as they
 * are. The candidate is watched meanwhile. Throws what the platform throws when they cannot start.
 */
export async function reviveStable(rollout: Rollout): Promise<EventBody> {
  const { ports, deployment: d, effect, fence } = rollout;
  const over = new AbortController();
  const signal = AbortSignal.any([rollout.signal, over.signal]);
  observe({ ...rollout, signal }, d.phase, 'routed copies').catch(() => undefined);
  const back: string[] = [];
  try {
    for (const place of candidatePlaces(d.plan)) {
      const before = stableIn(d, place);
      const routed = (await ports.router.read(place.key)).stable;
      if (!before || routed?.version.sha !== before.sha) continue;
      const request = await stableRequest(rollout, place, before);
      const instances = await ports.platform.scale(request, 1 + (routed.others?.length ?? 0));
      const { stable, candidate, weight, cohort } = await ports.router.read(place.key);
      const route = routeTo(instances);
      if (!stable || !isSame(stable, route)) {
        const share = { candidate, weight, ...(cohort ? { cohort } : {}) };
        await ports.router.change(place.key, { stable: route, ...share, rollout: rolloutOf(d), fence });
      }
      const pids = instances.map(({ pid }) => pid).join(', ');
      back.push(saidOf(d.plan, place.key, `${before.name} serves again, pid ${pids}`));
    }
  } finally {
    over.abort(new Error('stable is back'));
  }
  return { type: 'stable.revived', effect, detail: back.join('; ') || 'stable has no users to serve' };
}
