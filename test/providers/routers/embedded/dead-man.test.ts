import { afterEach, describe, expect, it } from 'vitest';
import { DeadMan } from '../../../../providers/routers/embedded/dead-man.ts';
import { ask, eventually, startLoad } from '../../../harness/http.ts';
import { type EmbeddedUnderTest, openEmbedded } from '../../../harness/embedded-router.ts';
import { startUpstream, type Upstream } from '../../../harness/upstream.ts';

describe('N4 a rollout whose conductor is silent', () => {
  const world = { now: 0, armed: true, healthy: true, taken: 0, lines: Array<string>() };
  const arm = () => {
    Object.assign(world, { now: 0, armed: true, healthy: true, taken: 0, lines: [] });
    return new DeadMan({
      limitMs: 15_000,
      now: () => world.now,
      armed: () => world.armed,
      stableHealthy: () => Promise.resolve(world.healthy),
      takeBack: () => {
        world.taken++;
        world.armed = false;
        return Promise.resolve();
      },
      log: (line) => world.lines.push(line),
    });
  };
  const pass = async (switchOf: DeadMan, ms: number) => {
    for (const end = world.now + ms; world.now < end;) {
      world.now += 1_000;
      await switchOf.tick();
    }
  };

  it('loses its traffic after 15 s, and not before', async () => {
    const deadMan = arm();
    await pass(deadMan, 14_000);
    expect(world.taken).toBe(0);
    await pass(deadMan, 1_000);
    expect(world.taken).toBe(1);
  });

  it('keeps its traffic while signs of life come', async () => {
    const deadMan = arm();
    for (let beat = 0; beat < 10; beat++) {
      await pass(deadMan, 10_000);
      deadMan.heard();
    }
    expect(world.taken).toBe(0);
  });

  it('keeps its traffic while stable is not healthy, and loses it once stable is', async () => {
    const deadMan = arm();
    world.healthy = false;
    await pass(deadMan, 60_000);
    expect(world.taken).toBe(0);
    expect(world.lines.at(-1)).toMatch(/stable is not healthy/);
    world.healthy = true;
    await pass(deadMan, 1_000);
    expect(world.taken).toBe(1);
  });

  it('loses nothing when no rollout is under way', async () => {
    const deadMan = arm();
    world.armed = false;
    await pass(deadMan, 60_000);
    expect(world.taken).toBe(0);
  });

  it('gets its full time again when the proxy itself stood still', async () => {
    const deadMan = arm();
    await pass(deadMan, 5_000);
    world.now += 100_000;
    await deadMan.tick();
    expect(world.taken).toBe(0);
    await pass(deadMan, 15_000);
    expect(world.taken).toBe(1);
  });
});

describe('N4 the proxy process', () => {
  let under: EmbeddedUnderTest;
  let stable: Upstream;
  let candidate: Upstream;
  afterEach(async () => {
    await under.close();
    await stable.kill();
    await candidate.kill();
  });

  const begin = async (deadManMs: number) => {
    under = await openEmbedded(deadManMs);
    stable = await startUpstream('stable');
    candidate = await startUpstream('candidate');
    await under.router.ensure(under);
    const change = { stable: stable.route, candidate: candidate.route, weight: 100, rollout: 'r1', fence: 1 };
    await under.router.change('shop', change);
  };
  const switched = async () => (await under.router.read('shop')).switched;

  it('takes the traffic back by itself, fails no user, and remembers it over a kill', async () => {
    await begin(600);
    const load = startLoad(under.port, 4);
    await eventually(async () => (await switched()) !== null, 'the switch fired');
    const before = load.tally.get('200 stable') ?? 0;
    await eventually(() => (load.tally.get('200 stable') ?? 0) > before + 50, 'stable has the traffic');
    expect([...(await load.stop()).keys()].toSorted()).toEqual(['200 candidate', '200 stable']);
    const state = await under.router.read('shop');
    expect(state).toMatchObject({ weight: 0, rollout: null, candidate: candidate.route, fence: 1 });
    expect(state.switched).toMatchObject({ rollout: 'r1' });
    await under.router.stop('shop');
    await under.router.ensure(under);
    expect(await switched()).toEqual(state.switched);
  });

  it('leaves the traffic alone while the conductor lives, and where stable does not answer', async () => {
    await begin(600);
    for (let beat = 0; beat < 12; beat++) {
      await under.router.heartbeat('shop', 'r1', 1);
      await new Promise((resolve) => {
        setTimeout(resolve, 100);
      });
    }
    expect(await switched()).toBeNull();
    const { port } = stable.route;
    await stable.kill();
    await new Promise((resolve) => {
      setTimeout(resolve, 1_200);
    });
    expect(await switched()).toBeNull();
    expect((await ask({ port: under.port })).text).toBe('candidate');
    stable = await startUpstream('stable', undefined, port);
    await eventually(async () => (await switched()) !== null, 'the switch fired once stable was back');
  });
});
