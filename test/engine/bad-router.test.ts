import { afterEach, describe, expect, it } from 'vitest';
import { OrchestraError } from '../../src/domain/errors.ts';
import { conduct } from '../../src/engine/conductor.ts';
import { requested } from '../harness/deployment-events.ts';
import { phase, plan } from '../harness/plan.ts';
import { World, candidate, stable } from '../harness/world.ts';

const quick = { bakeMs: 12, extendToMs: 2000, minimumSample: 50 };
const request = () =>
  requested({
    stable,
    source: { kind: 'version', ref: candidate.name, sha: candidate.sha, features: [] },
    plan: plan({ measureEveryMs: 4, phases: [phase(5, quick), phase(100, quick)] }),
  });
const refusal = () => new OrchestraError('router-refused', 'the router refused: no', { hint: 'Ask it why.' });
const silence = () => new OrchestraError('router-down', 'the router does not answer', { hint: '' });

let world: World;
afterEach(() => world.remove());

describe('a router that does not do as it is told', () => {
  it.each([5, 100])(
    'leaves stable serving when it refuses %d percent, and says what it said',
    async (weight) => {
      world = new World();
      world.bendRouter = (change, obey) => {
        if (change.weight === weight) throw refusal();
        return obey();
      };
      await conduct(world.conductor(), await world.request(request()));
      expect(world.archived?.status).toMatchObject({
        outcome: 'rolled_back',
        reason: expect.stringContaining('the router refused: no'),
      });
      expect(world.serving()).toBe(stable.sha);
      expect(world.router).toMatchObject({ weight: 0, candidate: null });
    },
  );

  it('loses nothing when each change is done, but the first answer to it never comes', async () => {
    world = new World();
    const silentOnce = new Set<string>();
    world.bendRouter = (change, obey) => {
      const state = obey();
      const told = JSON.stringify([change.stable, change.candidate, change.weight]);
      if (silentOnce.has(told)) return state;
      silentOnce.add(told);
      throw silence();
    };
    await conduct(world.conductor(), await world.request(request()));
    const outcome = world.archived?.status.kind === 'finished' ? world.archived.status.outcome : undefined;
    expect(silentOnce.size).toBeGreaterThan(1);
    expect(['succeeded', 'rolled_back']).toContain(outcome);
    expect(world.serving()).toBe(outcome === 'succeeded' ? candidate.sha : stable.sha);
    expect(world.deployed).toBe(outcome === 'succeeded' ? candidate.sha : stable.sha);
    expect(world.router).toMatchObject({ candidate: null, rollout: null });
  });

  it('gets the traffic back from the candidate at the third try when it refuses two', async () => {
    world = new World();
    world.errors = 0.2;
    let refusals = 0;
    world.bendRouter = (change, obey) => {
      if (change.weight === 0 && world.router.weight > 0 && refusals++ < 2) throw refusal();
      return obey();
    };
    await conduct(world.conductor(), await world.request(request()));
    expect(refusals).toBeGreaterThan(2);
    expect(world.archived?.status).toMatchObject({ outcome: 'rolled_back' });
    expect(world.serving()).toBe(stable.sha);
  });

  it.each([
    ['another share', { weight: 50 }],
    ['no candidate', { candidate: null, weight: 0 }],
  ])('leaves stable serving when it reports %s than it was told', async (_, other) => {
    world = new World();
    world.bendRouter = (change, obey) => obey(change.weight > 0 ? other : {});
    await conduct(world.conductor(), await world.request(request()));
    expect(world.archived?.status).toMatchObject({
      outcome: 'rolled_back',
      reason: expect.stringMatching(/the router was told 5 % and says (50|0) %/),
    });
    expect(world.serving()).toBe(stable.sha);
    expect(world.router).toMatchObject({ weight: 0, candidate: null });
  });
});
