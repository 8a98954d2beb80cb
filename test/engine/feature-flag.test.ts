import { afterEach, describe, expect, it } from 'vitest';
import { OrchestraError } from '../../src/domain/errors.ts';
import type { EventBody } from '../../src/domain/event.ts';
import type { FlagPlan } from '../../src/domain/flag.ts';
import { conduct } from '../../src/engine/conductor.ts';
import { requested } from '../harness/deployment-events.ts';
import { phase, plan } from '../harness/plan.ts';
import { Killed, World, candidate, stable } from '../harness/world.ts';

// A busy machine must not make a phase pause for a person: the extension is long.
const quick = { bakeMs: 12, extendToMs: 600_000, minimumSample: 50 };
const flag: FlagPlan = {
  flag: 'new-checkout',
  provider: { kind: 'file', path: 'flags.json', on: 'on', off: 'off' },
  rollback: 'stable',
};

function request(change: Partial<FlagPlan> = {}): EventBody {
  return requested({
    stable,
    source: { kind: 'version', ref: candidate.name, sha: candidate.sha, features: [] },
    plan: plan({
      strategy: 'feature-flag',
      measureEveryMs: 4,
      flag: { ...flag, ...change },
      phases: [0, 25, 100].map((percent) => phase(100, { ...quick, flag: percent })),
    }),
  });
}

let world: World;
afterEach(() => world.remove());

async function untilTheEnd(id: string, killAfter: number, torn = false): Promise<number> {
  let deaths = 0;
  for (let left = killAfter; ; left = Number.POSITIVE_INFINITY) {
    try {
      await conduct(world.conductor(left, torn), id);
      return deaths;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      deaths++;
      if (deaths > 3) throw new Error('it dies again and again', { cause: error });
    }
  }
}

/** The candidate's requests fail once the flag is raised. */
const failsWithFlag = (limit: number) => {
  Object.defineProperty(world, 'errors', { get: () => (world.flag > limit ? 0.3 : 0) });
};

describe('a feature-flag rollout', () => {
  it('T1 deploys with the flag at 0 %, raises it step by step, and journals who set it and why', async () => {
    world = new World();
    world.flag = 40;
    const id = await world.request(request());
    await conduct(world.conductor(), id);
    expect(world.archived?.status).toMatchObject({ kind: 'finished', outcome: 'succeeded' });
    expect(world.serving()).toBe(candidate.sha);
    expect(world.flag).toBe(100);
    const events = await world.journals.read(id);
    const set = events.flatMap((e) => (e.type === 'flag.set' ? [e] : []));
    expect(set.map(({ phase, actual, before, by, why }) => [phase, actual, before, by.name, why])).toEqual([
      [0, 0, 40, 'Ana', 'canary 100 %'],
      [1, 25, undefined, 'Ana', 'canary 100 %'],
      [2, 100, undefined, 'Ana', 'canary 100 %'],
    ]);
    const order = events.map((e) => e.type);
    expect(order.indexOf('flag.set'), 'off before anybody reaches it').toBeLessThan(
      order.indexOf('weight.set'),
    );
    expect(world.archived?.flag?.baseline?.counts.requests, 'what it did at 0 %').toBeGreaterThan(0);
  });

  it('T1 sets the flag to 0 % before it brings stable back, and says what serves', async () => {
    world = new World();
    failsWithFlag(10);
    const id = await world.request(request());
    await conduct(world.conductor(), id);
    expect(world.archived?.status).toMatchObject({
      outcome: 'rolled_back',
      reason: expect.stringMatching(/failed.*; v1 serves again, new-checkout at 0 %$/),
    });
    expect([world.flag, world.serving(), world.deployed]).toEqual([0, stable.sha, stable.sha]);
    const order = (await world.journals.read(id)).map((e) => e.type);
    expect(order.lastIndexOf('flag.set')).toBeLessThan(order.indexOf('restored'));
  });

  it('T1 keeps the new version with its flag off where the settings say so', async () => {
    world = new World();
    failsWithFlag(10);
    await conduct(world.conductor(), await world.request(request({ rollback: 'keep' })));
    expect(world.archived?.status).toMatchObject({
      outcome: 'rolled_back',
      reason: expect.stringMatching(/; v2 keeps serving, new-checkout at 0 %$/),
    });
    expect([world.flag, world.serving(), world.deployed]).toEqual([0, candidate.sha, candidate.sha]);
    expect(world.router).toMatchObject({ candidate: null, rollout: null });
  });

  it('T1 brings stable back all the same where the new version is not healthy without its feature', async () => {
    world = new World();
    failsWithFlag(10);
    let raised = false;
    Object.defineProperty(world, 'healthy', {
      get: () => {
        raised ||= world.flag > 0;
        return !raised || world.flag > 0;
      },
    });
    await conduct(world.conductor(), await world.request(request({ rollback: 'keep' })));
    expect(world.archived?.status).toMatchObject({
      outcome: 'rolled_back',
      reason: expect.stringContaining('v1 serves again'),
    });
    expect([world.flag, world.serving()]).toEqual([0, stable.sha]);
  });

  it('T1 gives the traffic back although the flag’s service is down, and calls a person for the flag', async () => {
    world = new World();
    failsWithFlag(10);
    const down = new OrchestraError('flag-unset', 'its service is down', { hint: '' });
    Object.defineProperty(world, 'flagFailure', { get: () => (world.flag === 25 ? down : undefined) });
    await conduct(world.conductor(), await world.request(request()));
    expect(world.archived?.status).toMatchObject({
      outcome: 'halted',
      reason: 'v1 serves again, but new-checkout could not be set to 0 %: its service is down',
    });
    expect([world.flag, world.serving()]).toEqual([25, stable.sha]);
  }, 30_000);

  it('T1 touches nothing where the flag cannot be read before the first user reaches the new version', async () => {
    world = new World();
    world.flagFailure = new OrchestraError('flag-foreign', 'it has a rule of its own', { hint: '' });
    await conduct(world.conductor(), await world.request(request()));
    expect(world.archived?.status).toMatchObject({
      outcome: 'rolled_back',
      reason: 'it has a rule of its own',
    });
    expect([world.flag, world.serving()]).toEqual([0, stable.sha]);
  });
});

describe.each([
  ['that goes well', 1000, 'stable', 'succeeded', candidate.sha, 100],
  ['that is taken back', 10, 'stable', 'rolled_back', stable.sha, 0],
  ['that is taken back and keeps its version', 10, 'keep', 'rolled_back', candidate.sha, 0],
] as const)('N4 a feature-flag rollout %s', (_, limit, rollback, outcome, serving, percent) => {
  it.each([false, true])(
    'killed at every event, ends as it should (last write torn: %s)',
    async (torn) => {
      for (let killAfter = 0; ; killAfter++) {
        world = new World();
        failsWithFlag(limit);
        const deaths = await untilTheEnd(await world.request(request({ rollback })), killAfter, torn);
        const { status } = world.archived ?? {};
        expect(status, `killed after ${killAfter}`).toMatchObject({ kind: 'finished', outcome });
        expect([world.serving(), world.deployed, world.flag], `killed after ${killAfter}`).toEqual([
          serving,
          serving,
          percent,
        ]);
        world.remove();
        if (deaths === 0) break;
      }
    },
    60_000,
  );
});
