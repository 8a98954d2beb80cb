import { describe, expect, it } from 'vitest';
import { OrchestraError } from '../../src/domain/errors.ts';
import type { EventBody } from '../../src/domain/event.ts';
import { placesOf } from '../../src/domain/places.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { conduct } from '../../src/engine/conductor.ts';
import { count } from '../harness/counts.ts';
import { requested } from '../harness/deployment-events.ts';
import { everywhere } from '../harness/action.ts';
import { planOf } from '../harness/assembled-plan.ts';
import { measure } from '../harness/measure.ts';
import { phase, plan } from '../harness/plan.ts';
import { Killed, World, candidate, stable } from '../harness/world.ts';

/** How many conductors are killed; more by `ORCHESTRA_KILLS=1000`, other moments by `ORCHESTRA_SEED=7`. */
const kills = Number(process.env['ORCHESTRA_KILLS'] ?? 300);
const seed = Number(process.env['ORCHESTRA_SEED'] ?? 1);

/** Worlds at once: each mostly waits. */
const atOnce = 8;

/** Numbers from 0 to 1 that look random and are the same for the same seed (mulberry32). */
function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

// Deaths on a busy machine take seconds, which must not make a phase pause for a person: the extension is long.
const quick = { bakeMs: 8, extendToMs: 600_000, minimumSample: 50 };

/** What a strategy makes of three copies, at a test's pace. */
function ofThree(strategy: string): Partial<Plan> {
  const { phases, service } = planOf({ strategy, instances: 3 });
  return { strategy, service, phases: phases.map((p) => ({ ...p, ...quick })) };
}

/** Two services by a strategy, `api` with two copies and `web` with three, which needs it; in one region or more. */
function ofTwo(strategy: string, regions: readonly string[] = []): Partial<Plan> {
  const ports = (from: number) => ({ services: { api: { port: from }, web: { port: from + 1 } } });
  const where =
    regions.length > 0
      ? { regions: regions.map((name, i) => ({ name, ...ports(5000 + 2 * i) })) }
      : ports(5000);
  const { phases, places, service } = planOf(
    { strategy, ...where, port: undefined },
    {},
    {
      web: { start: 'node web.mjs', depends_on: ['api'], instances: 3 },
      api: { start: 'node api.mjs', instances: 2 },
    },
  );
  if (!places) throw new TypeError('one place only');
  return { strategy, service, places, phases: phases.map((p) => ({ ...p, ...quick })) };
}

/** What is rolled out in each life, by its strategy. */
const strategies: Readonly<
  Record<string, { plan?: Partial<Plan>; change?: Partial<Request>; first?: boolean }>
> = {
  canary: { plan: { phases: [phase(5, quick), phase(50, quick), phase(100, quick)] } },
  'canary with measures': {
    plan: {
      measures: [measure({ compare: 'baseline', max: undefined, maxDrop: 10, intervalMs: 3 })],
      phases: [phase(10, quick), phase(100, quick)],
    },
  },
  'blue-green': { plan: { phases: [phase(100, quick)] } },
  ab: {
    plan: {
      phases: [phase(30, { ...quick, cohort: { kind: 'cookie', name: 'side' } }), phase(100, quick)],
    },
  },
  'feature-flag': {
    plan: {
      flag: {
        flag: 'new',
        provider: { kind: 'file', path: 'flags.json', on: 'on', off: 'off' },
        rollback: 'stable',
      },
      phases: [0, 30, 100].map((flag) => phase(100, { ...quick, flag })),
    },
  },
  rolling: { plan: ofThree('rolling') },
  recreate: { plan: ofThree('recreate') },
  'blue-green of three copies': { plan: ofThree('blue-green') },
  places: { plan: { ...ofTwo('blue-green', ['eu', 'us']), actions: everywhere() } },
  'rolling of two services': { plan: ofTwo('rolling') },
  'recreate of two services': { plan: ofTwo('recreate') },
  'canary with checks and hooks': {
    plan: { actions: everywhere(), phases: [phase(10, quick), phase(100, quick)] },
  },
  'first deployment': {
    first: true,
    plan: { phases: [phase(100, { ...quick, judged: false })] },
    change: { stable: null },
  },
  rollback: {
    plan: { phases: [phase(100, { ...quick, judged: false })] },
    change: { kind: 'rollback' },
  },
};
type Request = Extract<EventBody, { type: 'deployment.requested' }>;

interface Life {
  strategy: string;
  deaths: number;
  story: string[];
  /** What the conductors that came after a death said they do, and how long each took to say so, in milliseconds. */
  recoveries: string[];
  slowestMs: number;
}

/** One deployment whose conductors are killed at random until one of them comes to the end. */
async function live(number: number): Promise<Life> {
  const random = randomFrom(seed * 1_000_003 + number);
  const below = (n: number) => Math.floor(random() * n);
  const names = Object.keys(strategies);
  const strategy = names[number % names.length] ?? 'canary';
  const { plan: part, change, first = false } = strategies[strategy] ?? {};
  const story: string[] = [];
  let deaths = 0;

  const parts = plan({ measureEveryMs: 3, ...part });
  const keys = placesOf(parts).map(({ key }) => key);
  const world = new World({ first, places: keys });
  world.measured = () => 100;
  const fortune = below(4);
  if (fortune === 0) world.errors = 0.3;
  if (fortune === 1 && random() < 0.5)
    world.startFailure = new OrchestraError('start-exited', 'it exited with code 1', { hint: 'see its log' });
  story.push(
    fortune === 0 ? 'a bad candidate' : world.startFailure ? 'one that does not start' : 'a good one',
  );

  const id = await world.request(
    requested({
      stable,
      source: { kind: 'version', ref: candidate.name, sha: candidate.sha, features: [] },
      plan: parts,
      ...change,
    }),
  );
  const begun: number[] = [];
  for (let mortal = 1 + below(4); ; mortal -= 1) {
    begun.push(Date.now());
    const fate = { call: 1 + below(60), acted: random() < 0.5 };
    const events = random() < 0.4 ? below(40) : Number.POSITIVE_INFINITY;
    try {
      await conduct(mortal > 0 ? world.conductor(events, random() < 0.3, fate) : world.conductor(), id);
      break;
    } catch (error) {
      if (!(error instanceof Killed)) throw new Error(story.join('; '), { cause: error });
      deaths += 1;
      story.push(`killed at call ${fate.call}${fate.acted ? ', done' : ''} or event ${events}`);
    }
    const somewhere = keys[below(keys.length)];
    if (random() < 0.15) {
      world.throwSwitch(somewhere);
      story.push(`the switch was thrown in ${somewhere}`);
    }
    // Once the outcome is sure the deployment is over, whatever becomes of its process.
    const { events: told } = await world.journals.readable(id);
    const sure = told.some((event) => event.type === 'deployment.concluding');
    if (random() < 0.1 && !sure) {
      world.at(somewhere ?? 'production').instances.delete(candidate.sha);
      story.push(`the candidate died in ${somewhere}`);
    }
    if (random() < 0.1 && !sure) {
      world.at(somewhere ?? 'production').instances.delete(stable.sha);
      story.push(`stable died in ${somewhere}`);
    }
  }
  await expectWhole(world, id, story, keys);
  const started = (await world.journals.read(id)).filter((event) => event.type === 'conductor.started');
  const took = started.map(({ at }) => Date.parse(at) - (begun.findLast((ms) => ms <= Date.parse(at)) ?? 0));
  world.remove();
  const recoveries = started.map(({ recovery }) => recovery).filter((recovery) => recovery !== 'fresh');
  return { strategy, deaths, story, recoveries, slowestMs: Math.max(0, ...took) };
}

/** One version serves every place, and nothing else is left: no traffic, no process, no lock, no hole in the journal. */
async function expectWhole(
  world: World,
  id: string,
  story: string[],
  keys: readonly string[],
): Promise<void> {
  const told = story.join('; ');
  const { status } = world.archived ?? {};
  if (status?.kind !== 'finished') throw new Error(`not finished: ${told}`);
  const nothing = world.archived?.stable === null;
  const shipped = status.outcome === 'succeeded';
  expect(['succeeded', 'rolled_back', 'failed'], told).toContain(status.outcome);
  const expected = shipped ? candidate.sha : nothing ? undefined : stable.sha;
  expect([world.deployed, told]).toEqual([expected ?? null, told]);
  const raised = shipped && world.archived?.plan.flag !== undefined;
  expect([world.flag, told]).toEqual([raised ? 100 : 0, told]);
  for (const key of keys) {
    const { router, instances } = world.at(key);
    expect([key, world.serving(key), told]).toEqual([key, expected, told]);
    const { rollout, candidate: left, cohort } = router;
    expect([key, rollout, left, cohort, told]).toEqual([key, null, null, undefined, told]);
    if (!shipped)
      expect([key, [...instances.keys()], told]).toEqual([key, nothing ? [] : [stable.sha], told]);
  }
  const events = await world.journals.read(id);
  expect(events.map((e) => e.seq)).toEqual(events.map((_, i) => i + 1));
  expect(events.filter((e) => e.type === 'deployment.finished')).toHaveLength(1);
  expect(await world.lock.read('production'), told).toBeUndefined();
}

describe('N4 kills at random moments', () => {
  it(
    `end safely, all ${kills} of them, across every strategy and without a hand`,
    { timeout: 600_000 },
    async () => {
      const died = new Map<string, number>();
      let total = 0;
      const said = new Map<string, number>();
      let slowestMs = 0;
      for (let number = 0; total < kills; number += atOnce) {
        const lives = await Promise.all(Array.from({ length: atOnce }, (_, i) => live(number + i)));
        for (const { strategy, deaths, recoveries, slowestMs: slowest } of lives) {
          for (const recovery of recoveries) said.set(recovery, (said.get(recovery) ?? 0) + 1);
          slowestMs = Math.max(slowestMs, slowest);
          died.set(strategy, (died.get(strategy) ?? 0) + deaths);
          total += deaths;
        }
      }
      expect(total).toBeGreaterThanOrEqual(kills);
      count('conductors killed at random', {
        kills: total,
        resumed: said.get('resume') ?? 0,
        'rolled back': said.get('roll_back') ?? 0,
        'killed again before they said so': total - [...said.values()].reduce((a, b) => a + b, 0),
        'ms until the slowest said so': slowestMs,
      });
      expect([...died.keys()].toSorted()).toEqual(Object.keys(strategies).toSorted());
      for (const [strategy, deaths] of died)
        expect([strategy, deaths > kills / 50]).toEqual([strategy, true]);
    },
  );
});
