import { afterEach, describe, expect, it } from 'vitest';
import type { EventBody } from '../../src/domain/event.ts';
import { placeRows } from '../../src/domain/place-rows.ts';
import { numbersOf } from '../../src/domain/place-state.ts';
import type { Phase, PlacePlan } from '../../src/domain/plan.ts';
import { conduct } from '../../src/engine/conductor.ts';
import { requested } from '../harness/deployment-events.ts';
import { phase, plan } from '../harness/plan.ts';
import { Killed, World, candidate, stable } from '../harness/world.ts';

const keys = ['production.eu.api', 'production.eu.web', 'production.us.api', 'production.us.web'];
const quick = { bakeMs: 12, extendToMs: 2000, minimumSample: 50 };

/** Two services in two regions, `api` before `web`. */
function place(key: string): PlacePlan {
  const [, region = '', name = ''] = key.split('.');
  const { host, port, service, variables } = plan();
  return { key, region, host, port, service: { ...service, name }, variables };
}

const inRegion = (region: string, weight: number): Phase =>
  phase(weight, {
    ...quick,
    name: `${region}: canary ${weight} %`,
    places: keys.filter((key) => key.includes(`.${region}.`)),
  });

function request(change: Partial<Parameters<typeof plan>[0]> = {}): EventBody {
  return requested({
    stable,
    source: { kind: 'version', ref: candidate.name, sha: candidate.sha, features: [] },
    plan: plan({
      measureEveryMs: 4,
      places: keys.map(place),
      phases: [inRegion('eu', 5), inRegion('eu', 100), inRegion('us', 100)],
      ...change,
    }),
  });
}

let world: World;
afterEach(() => world.remove());

async function untilTheEnd(id: string, killAfter = Number.POSITIVE_INFINITY, torn = false): Promise<number> {
  for (let deaths = 0, left = killAfter; ; left = Number.POSITIVE_INFINITY) {
    try {
      await conduct(world.conductor(left, torn), id);
      return deaths;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
      deaths += 1;
      if (deaths > 3) throw new Error('it dies again and again', { cause: error });
    }
  }
}

const serving = () => keys.map((key) => world.serving(key));
const everywhere = (sha: string) => keys.map(() => sha);

describe('T5 several services in several regions', () => {
  it('are promoted together once the last region has passed, and recorded as deployed once', async () => {
    world = new World({ places: keys });
    const id = await world.request(request());
    await conduct(world.conductor(), id);
    expect(world.archived?.status).toMatchObject({ kind: 'finished', outcome: 'succeeded' });
    expect(serving()).toEqual(everywhere(candidate.sha));
    expect(world.deployed).toBe(candidate.sha);
    expect(world.archived?.phases.map(({ decision }) => decision?.verdict.reason)).toEqual([
      expect.stringMatching(/^api in eu: .*; web in eu: /),
      expect.stringMatching(/^api in eu: .*; web in eu: /),
      expect.stringMatching(/^api in us: .*; web in us: /),
    ]);
  });

  it('move region by region: the second has no users before the first has all', async () => {
    world = new World({ places: keys });
    const id = await world.request(request());
    await conduct(world.conductor(), id);
    const weights = (await world.journals.read(id)).flatMap((e) =>
      e.type === 'weight.set' ? [e.places] : [],
    );
    const share = (eu: number, us: number) =>
      Object.fromEntries(keys.map((key, i) => [key, i < 2 ? eu : us]));
    expect(weights).toEqual([share(5, 0), share(100, 0), share(100, 100)]);
  });

  it.each([
    ['production.eu.web', 'web in eu'],
    ['production.us.api', 'api in us'],
  ])('all go back when %s is bad, with a reason that names it', async (key, name) => {
    world = new World({ places: keys });
    world.errorsIn.set(key, 0.3);
    await conduct(world.conductor(), await world.request(request()));
    expect(world.archived?.status).toMatchObject({
      outcome: 'rolled_back',
      reason: expect.stringContaining(`${name}: `),
    });
    expect(serving()).toEqual(everywhere(stable.sha));
    expect(world.deployed).toBe(stable.sha);
    for (const each of keys) expect([...world.at(each).instances.keys()]).toEqual([stable.sha]);
  });

  it('all go back when a region that had passed turns bad while the next is watched', async () => {
    world = new World({ places: keys });
    const slow = { ...inRegion('us', 100), bakeMs: 60_000, extendToMs: 90_000 };
    const id = await world.request(request({ phases: [inRegion('eu', 100), slow] }));
    const running = conduct(world.conductor(), id);
    for await (const event of world.journals.follow(id, 0)) {
      if (event.type === 'measured' && event.phase === 1) break;
    }
    world.errorsIn.set('production.eu.api', 0.5);
    await running;
    expect(world.archived?.status).toMatchObject({
      outcome: 'rolled_back',
      reason: expect.stringContaining('api in eu: '),
    });
    expect(serving()).toEqual(everywhere(stable.sha));
  });

  it('a step that a person skips to gives its share to the regions before it too', async () => {
    world = new World({ places: keys });
    const slow = { ...inRegion('eu', 5), bakeMs: 60_000, extendToMs: 90_000 };
    const id = await world.request(request({ phases: [slow, inRegion('eu', 100), inRegion('us', 100)] }));
    const running = conduct(world.conductor(), id);
    for await (const event of world.journals.follow(id, 0)) if (event.type === 'measured') break;
    const by = { name: 'Bo', face: 'ui' } as const;
    await world.journals.send(id, { id: 'r1', command: { kind: 'promote', full: true }, by });
    await running;
    expect(world.archived?.status).toMatchObject({ outcome: 'succeeded' });
    expect(serving()).toEqual(everywhere(candidate.sha));
  });

  it('keeps the numbers of each place', async () => {
    world = new World({ places: keys });
    world.errorsIn.set('production.us.web', 0.006);
    await conduct(world.conductor(), await world.request(request()));
    const d = world.archived;
    if (!d) throw new Error('it was not archived');
    for (const key of keys) expect(numbersOf(d, key).samples.length, key).toBeGreaterThan(0);
    expect(placeRows(d).map(({ name, weight, errors }) => [name, weight.actual, errors > 0])).toEqual([
      ['api in eu', 100, false],
      ['web in eu', 100, false],
      ['api in us', 100, false],
      ['web in us', 100, true],
    ]);
    expect(numbersOf(d, 'production.us.web').samples.at(-1)?.candidate.status[4]).toBeGreaterThan(0);
    expect(numbersOf(d, 'production.us.api').samples.at(-1)?.candidate.status[4]).toBe(0);
  });

  it('N4 roll back when the dead man’s switch of one place was thrown', async () => {
    world = new World({ places: keys });
    const id = await world.request(request());
    await expect(conduct(world.conductor(22), id)).rejects.toBeInstanceOf(Killed);
    world.throwSwitch('production.eu.web');
    await untilTheEnd(id);
    expect(world.archived?.status).toMatchObject({
      outcome: 'rolled_back',
      reason: expect.stringContaining('web in eu: '),
    });
    expect(serving()).toEqual(everywhere(stable.sha));
  });

  it('N4 all go back when one place cannot be promoted, and go on trying until it can', async () => {
    world = new World({ places: keys });
    const id = await world.request(request());
    let refusals = 0;
    world.refuses = (key, change) => {
      if (key !== 'production.us.api' || change.candidate) return false;
      const promoting = change.stable?.version.sha === candidate.sha;
      if (!promoting && refusals === 0) return false;
      refusals += 1;
      return refusals < 4;
    };
    await conduct(world.conductor(), id);
    expect(refusals).toBeGreaterThan(3);
    expect(world.archived?.status).toMatchObject({ outcome: 'rolled_back' });
    expect(serving()).toEqual(everywhere(stable.sha));
    expect(world.deployed).toBe(stable.sha);
  });
});

describe('T5 a service that comes or goes with a version', () => {
  const [api, web] = ['production.eu.api', 'production.eu.web'] as const;
  const phases = [
    { ...inRegion('eu', 5), places: [api, web] },
    { ...inRegion('eu', 100), places: [api, web] },
  ];

  it.each([
    ['is there from its start when the candidate brings it', 0, candidate.sha],
    ['is gone again when the candidate that brought it is bad', 0.3, undefined],
  ])('%s', async (_, errors, wanted) => {
    world = new World({ places: [web] });
    world.errorsIn.set(web, errors);
    const places = [{ ...place(api), fresh: true as const }, place(web)];
    await conduct(world.conductor(), await world.request(request({ places, phases })));
    expect(world.serving(api)).toBe(wanted);
    expect([...world.at(api).instances.keys()]).toEqual(wanted === undefined ? [] : [wanted]);
    expect(world.serving(web)).toBe(wanted ?? stable.sha);
  });

  it('is stopped once the others are promoted when the candidate leaves it out', async () => {
    world = new World({ places: [api, web] });
    const places = [place(web), { ...place(api), retired: true as const }];
    await conduct(world.conductor(), await world.request(request({ places, phases })));
    expect(world.archived?.status).toMatchObject({ outcome: 'succeeded' });
    expect(world.serving(web)).toBe(candidate.sha);
    expect(world.at(api).router).toMatchObject({ stable: null, candidate: null });
    expect([...world.at(api).instances.keys()]).toEqual([]);
  });
});

describe.each([
  ['a healthy candidate', undefined, 'succeeded', candidate.sha],
  ['a candidate that is bad in the last place', 'production.us.web', 'rolled_back', stable.sha],
])('N4 killed at every event of a rollout in four places of %s', (_, bad, outcome, wanted) => {
  it('ends with one version serving everywhere, torn writes included', async () => {
    for (let killAfter = 0; ; killAfter++) {
      world = new World({ places: keys });
      if (bad !== undefined) world.errorsIn.set(bad, 0.3);
      const id = await world.request(request());
      const deaths = await untilTheEnd(id, killAfter, killAfter % 2 === 1);
      expect(world.archived?.status, `killed after ${killAfter} events`).toMatchObject({ outcome });
      expect(serving(), `killed after ${killAfter} events`).toEqual(everywhere(wanted));
      expect(world.deployed).toBe(wanted);
      for (const key of keys) expect(world.at(key).router.rollout).toBeNull();
      world.remove();
      if (deaths === 0) break;
    }
  }, 180_000);
});
