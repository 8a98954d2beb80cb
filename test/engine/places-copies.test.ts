import { afterEach, describe, expect, it } from 'vitest';
import type { Plan } from '../../src/domain/plan.ts';
import { conduct } from '../../src/engine/conductor.ts';
import { smoke } from '../harness/action.ts';
import { planOf } from '../harness/assembled-plan.ts';
import { requested } from '../harness/deployment-events.ts';
import { plan } from '../harness/plan.ts';
import { Killed, World, candidate, stable } from '../harness/world.ts';

const keys = ['production.api', 'production.web'];
const quick = { bakeMs: 8, extendToMs: 20_000, minimumSample: 50 };

/** Two copies of `api` and four of `web`, by a strategy. */
function request(strategy: string, change: Partial<Plan> = {}) {
  const { phases, places, service } = planOf(
    { strategy, port: undefined, services: { api: { port: 5000 }, web: { port: 5001 } } },
    {},
    {
      web: { start: 'node web.mjs', depends_on: ['api'], instances: 4 },
      api: { start: 'node api.mjs', instances: 2 },
    },
  );
  if (!places) throw new TypeError('one place only');
  return requested({
    stable,
    plan: plan({
      measureEveryMs: 4,
      service,
      places,
      phases: phases.map((p) => ({ ...p, ...quick })),
      ...change,
    }),
  });
}

let world: World;
afterEach(() => world.remove());

const copiesOf = (sha: string) => keys.map((key) => world.copies(sha, key).length);
const serving = () => keys.map((key) => world.serving(key));

describe('T1 several services with several copies', () => {
  it.each(['canary', 'rolling', 'recreate'])(
    '%s brings all copies of each, and all of them serve',
    async (strategy) => {
      world = new World({ places: keys });
      await conduct(world.conductor(), await world.request(request(strategy)));
      expect(world.archived?.status).toMatchObject({ outcome: 'succeeded' });
      expect(copiesOf(candidate.sha)).toEqual([2, 4]);
      expect(serving()).toEqual([candidate.sha, candidate.sha]);
      expect(copiesOf(stable.sha)).toEqual(strategy === 'canary' ? [2, 4] : [0, 0]);
      const routes = keys.map((key) => world.at(key).router.stable?.others?.length);
      expect(routes).toEqual([1, 3]);
    },
  );

  it('rolling replaces the same share of each, batch by batch', async () => {
    world = new World({ places: keys });
    const id = await world.request(request('rolling'));
    await conduct(world.conductor(), id);
    const told = (await world.journals.read(id)).flatMap((e) =>
      e.type === 'scaled' ? [`${e.step} ${e.candidate}+${e.stable}`] : [],
    );
    // Two of four and one of two are new first, then all; never do fewer than three of four and two of two serve.
    expect(told).toEqual(['make-room 0+5', 'shrink 3+3', 'make-room 3+2', 'grow 6+2', 'shrink 6+0']);
  });

  it.each(['rolling', 'recreate'])(
    '%s goes back to all copies of each when one service is bad',
    async (strategy) => {
      world = new World({ places: keys });
      world.errorsIn.set('production.api', 0.4);
      await conduct(world.conductor(), await world.request(request(strategy)));
      expect(world.archived?.status).toMatchObject({
        outcome: 'rolled_back',
        reason: expect.stringContaining('api: '),
      });
      expect([copiesOf(stable.sha), copiesOf(candidate.sha)]).toEqual([
        [2, 4],
        [0, 0],
      ]);
      expect(serving()).toEqual([stable.sha, stable.sha]);
    },
  );

  it('N4 rolling survives a death after every event', async () => {
    for (let killAfter = 8; killAfter < 60; killAfter += 1) {
      world = new World({ places: keys });
      const id = await world.request(request('rolling'));
      try {
        await conduct(world.conductor(killAfter), id);
      } catch (error) {
        if (!(error instanceof Killed)) throw error;
        await conduct(world.conductor(), id);
      }
      expect([killAfter, world.archived?.status]).toMatchObject([killAfter, { outcome: 'succeeded' }]);
      expect([killAfter, copiesOf(candidate.sha), serving()]).toEqual([
        killAfter,
        [2, 4],
        [candidate.sha, candidate.sha],
      ]);
      world.remove();
    }
  }, 120_000);

  it('G3 a smoke test that fails in one service keeps all of them from traffic', async () => {
    world = new World({ places: keys });
    world.failingActions.add('before-traffic home');
    const actions = [smoke({}, { service: 'api' })];
    await conduct(world.conductor(), await world.request(request('canary', { actions })));
    expect(world.archived?.status).toMatchObject({ outcome: 'rolled_back' });
    expect(serving()).toEqual([stable.sha, stable.sha]);
  });
});
