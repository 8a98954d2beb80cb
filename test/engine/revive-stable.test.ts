import { afterEach, describe, expect, it } from 'vitest';
import { OrchestraError } from '../../src/domain/errors.ts';
import type { Event } from '../../src/domain/event.ts';
import { conduct } from '../../src/engine/conductor.ts';
import { requested } from '../harness/deployment-events.ts';
import { phase, plan } from '../harness/plan.ts';
import { Killed, World, candidate, stable } from '../harness/world.ts';

const bakes = { bakeMs: 60, extendToMs: 600_000, minimumSample: 50 };

let world: World;
afterEach(() => world.remove());

const request = () =>
  world.request(
    requested({
      stable,
      source: { kind: 'version', ref: candidate.name, sha: candidate.sha, features: [] },
      plan: plan({ measureEveryMs: 4, phases: [phase(50, bakes), phase(100, { ...bakes, bakeMs: 12 })] }),
    }),
  );

/** Does `once` after the first reading that says so. */
async function whenWatched(id: string, once: () => void): Promise<void> {
  for await (const event of world.journals.follow(id, 0)) {
    if (event.type !== 'measured') continue;
    once();
    return;
  }
}

const told = (events: readonly Event[], type: Event['type']) => events.filter((event) => event.type === type);

describe('stable that dies in the middle of a rollout', () => {
  it('N4 is started again while the rollout goes on, and both are journaled', async () => {
    world = new World();
    const id = await request();
    const running = conduct(world.conductor(), id);
    const before = world.router.stable?.port;
    await whenWatched(id, () => world.instances.delete(stable.sha));
    await running;
    expect(world.archived?.status).toMatchObject({ outcome: 'succeeded' });
    const events = await world.journals.read(id);
    expect(told(events, 'stable.lost')).toMatchObject([
      { detail: `the process of ${stable.name} is not running any more` },
    ]);
    const [revived] = told(events, 'stable.revived');
    expect(revived).toMatchObject({ detail: expect.stringContaining(`${stable.name} serves again, pid `) });
    expect(world.copies(stable.sha).map(({ port }) => port)).not.toContain(before);
    expect(world.archived?.stableLost).toBeUndefined();
  });

  it('pauses for a person where it cannot be started again, and says why', async () => {
    world = new World();
    const id = await request();
    const running = conduct(world.conductor(), id);
    await whenWatched(id, () => {
      world.stableFailure = new OrchestraError('start-exited', 'it exited with code 1', { hint: '' });
      world.instances.delete(stable.sha);
    });
    for await (const event of world.journals.follow(id, 0)) {
      if (event.type !== 'deployment.paused') continue;
      expect(event.reason).toBe(
        `${stable.name} does not run any more and cannot be started again: it exited with code 1`,
      );
      break;
    }
    world.stableFailure = undefined;
    for await (const event of world.journals.follow(id, 0)) if (event.type === 'stable.revived') break;
    await world.journals.send(id, {
      id: 'r1',
      command: { kind: 'resume' },
      by: { name: 'Bo', face: 'ui' },
    });
    await running;
    expect(world.archived?.status).toMatchObject({ outcome: 'succeeded' });
  });

  it.each([false, true])(
    'N4 ends with one version serving, killed after any event (torn: %s)',
    async (torn) => {
      for (let killAfter = 16; ; killAfter += 1) {
        world = new World();
        const id = await request();
        let killed = false;
        const running = conduct(world.conductor(killAfter, torn), id).catch((error: unknown) => {
          if (!(error instanceof Killed)) throw error;
          killed = true;
        });
        await Promise.race([whenWatched(id, () => world.instances.delete(stable.sha)), running]);
        await running;
        if (killed) await conduct(world.conductor(), id);
        expect([killAfter, world.archived?.status]).toMatchObject([killAfter, { outcome: 'succeeded' }]);
        expect([killAfter, world.serving()]).toEqual([killAfter, candidate.sha]);
        world.remove();
        if (!killed || killAfter > 60) break;
      }
    },
  );
});

describe('a candidate that dies in the middle of a rollout', () => {
  it('R2 is taken back for that, not for what it left unanswered', async () => {
    world = new World();
    const id = await request();
    const running = conduct(world.conductor(), id);
    await whenWatched(id, () => world.instances.delete(candidate.sha));
    await running;
    expect(world.archived?.status).toMatchObject({
      outcome: 'rolled_back',
      reason: `the process of ${candidate.name} is not running any more`,
    });
    expect(world.serving()).toBe(stable.sha);
  });
});
