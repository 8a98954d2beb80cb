import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OrchestraError } from '../../src/domain/errors.ts';
import type { EventBody } from '../../src/domain/event.ts';
import { settingsSchema } from '../../src/domain/settings.ts';
import { conduct } from '../../src/engine/conductor.ts';
import { strategies } from '../../src/strategies/registry.ts';
import { requested } from '../harness/deployment-events.ts';
import { plan } from '../harness/plan.ts';
import { Killed, World, candidate, stable } from '../harness/world.ts';

/** Unless a test says otherwise. */
let copies = 3;

/** A deployment of three copies by a strategy's own phases, at a test's pace. */
function request(strategy: 'rolling' | 'recreate' | 'canary', change: object = {}): EventBody {
  const { environments } = settingsSchema.parse({
    version: 1,
    project: 'shop',
    services: { web: { start: 'node app.mjs', instances: copies } },
    environments: { production: { port: 4999, ...change } },
  });
  const target = environments['production'];
  const found = strategies.find(({ name }) => name === strategy);
  if (!target || !found) throw new TypeError(`no ${strategy}`);
  const base = plan();
  return requested({
    stable,
    source: { kind: 'version', ref: candidate.name, sha: candidate.sha, features: [] },
    plan: plan({
      strategy,
      measureEveryMs: 4,
      service: { ...base.service, instances: copies },
      phases: found.phases(target, copies).map((phase) => ({ ...phase, bakeMs: 4, extendToMs: 2000 })),
    }),
  });
}

let world: World;
afterEach(() => {
  world.remove();
  copies = 3;
});

/** Runs conductors one after the other, the first killed as told, until one gets to the end; how many died. */
async function untilTheEnd(
  id: string,
  first: { events?: number; torn?: boolean; acts?: number } = {},
): Promise<number> {
  const { events, torn, acts } = first;
  try {
    await conduct(world.conductor(events, torn, undefined, acts), id);
    return 0;
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
  }
  await conduct(world.conductor(), id);
  return 1;
}

const ended = () => world.archived?.status;
const scaled = async (id: string) =>
  (await world.journals.read(id)).flatMap((e) =>
    e.type === 'scaled'
      ? [`${e.step} ${e.candidate}+${e.stable}`]
      : e.type === 'weight.set'
        ? [`${e.actual} %`]
        : e.type === 'candidate.started'
          ? ['started']
          : [],
  );

describe('rolling', () => {
  it('T1 replaces copy after copy, the share following, and never routes to a copy that does not run', async () => {
    world = new World();
    const id = await world.request(request('rolling'));
    await conduct(world.conductor(), id);
    expect(ended()).toMatchObject({ outcome: 'succeeded' });
    expect(await scaled(id)).toEqual([
      'started',
      '33.3 %',
      'shrink 1+2',
      'grow 2+2',
      '66.7 %',
      'shrink 2+1',
      'grow 3+1',
      '100 %',
      'shrink 3+0',
    ]);
    expect(world.misrouted).toBe(0);
    expect(world.copies(candidate.sha)).toHaveLength(copies);
    expect(world.copies(stable.sha)).toEqual([]);
    expect(world.router.stable).toMatchObject({ version: candidate, others: [{}, {}] });
    expect(world.archived?.samples.at(-1)?.health).toEqual({ healthy: 3, total: 3 });
  });

  it('T1 makes room first where no copy more than all may run', async () => {
    world = new World();
    const id = await world.request(request('rolling', { rolling: { max_surge: 0, max_unavailable: 2 } }));
    await conduct(world.conductor(), id);
    expect(ended()).toMatchObject({ outcome: 'succeeded' });
    expect(await scaled(id)).toEqual([
      'make-room 0+1',
      'started',
      '66.7 %',
      'make-room 2+0',
      'grow 3+0',
      '100 %',
    ]);
  });

  it('R2 takes a misbehaving candidate back, with all the old copies', async () => {
    world = new World();
    world.errors = 0.2;
    const id = await world.request(request('rolling'));
    await conduct(world.conductor(), id);
    expect(ended()).toMatchObject({ outcome: 'rolled_back' });
    expect(world.copies(stable.sha)).toHaveLength(copies);
    expect(world.copies(candidate.sha)).toEqual([]);
    expect(world.router).toMatchObject({ weight: 0, candidate: null, stable: { others: [{}, {}] } });
    expect(world.misrouted).toBe(0);
  });

  it.each(['grow', 'shrink'] as const)(
    'R2 takes a candidate back that fails its users while copies %s, without waiting for them',
    async (step) => {
      world = new World();
      const ports = world.conductor();
      const { platform } = ports;
      const id = await world.request(request('rolling'));
      await conduct(
        {
          ...ports,
          platform: {
            ...platform,
            scale: async (asked, n) => {
              const hangs =
                step === 'grow'
                  ? asked.version.sha === candidate.sha && n === 2
                  : asked.version.sha === stable.sha && n === 1 && world.errors === 0;
              if (!hangs) return platform.scale(asked, n);
              world.errors = 0.5;
              return new Promise(() => {});
            },
          },
        },
        id,
      );
      expect(ended()).toMatchObject({
        outcome: 'rolled_back',
        reason: expect.stringMatching(/requests failed/),
      });
      expect(world.copies(stable.sha)).toHaveLength(copies);
      expect(world.serving()).toBe(stable.sha);
      expect(world.misrouted).toBe(0);
    },
  );

  it('a person who skips the batches gets the rest beside the old copies', async () => {
    world = new World();
    const slow = request('rolling');
    if (slow.type !== 'deployment.requested') throw new TypeError('no request');
    slow.plan.phases = slow.plan.phases.map((phase, i) => (i === 0 ? { ...phase, bakeMs: 60_000 } : phase));
    const id = await world.request(slow);
    const running = conduct(world.conductor(), id);
    for await (const event of world.journals.follow(id, 0)) if (event.type === 'measured') break;
    const by = { name: 'Bo', face: 'ui' } as const;
    await world.journals.send(id, { id: 'r1', command: { kind: 'promote', full: true }, by });
    await running;
    expect(ended()).toMatchObject({ outcome: 'succeeded' });
    expect(await scaled(id)).toEqual(['started', '33.3 %', 'shrink 1+2', 'grow 3+2', '100 %', 'shrink 3+0']);
    expect(world.misrouted).toBe(0);
  });
});

describe('recreate', () => {
  it('T1 ends the old version before the new one starts', async () => {
    world = new World();
    const id = await world.request(request('recreate'));
    await conduct(world.conductor(), id);
    expect(ended()).toMatchObject({ outcome: 'succeeded' });
    expect(await scaled(id)).toEqual(['make-room 0+0', 'started', '100 %']);
    expect(world.copies(stable.sha)).toEqual([]);
    expect(world.copies(candidate.sha)).toHaveLength(copies);
  });

  it('R2 starts the old version id where the new one never gets healthy', async () => {
    world = new World();
    world.startFailure = new OrchestraError('never-healthy', 'it gave no 2xx', { hint: 'see its log' });
    await conduct(world.conductor(), await world.request(request('recreate')));
    expect(ended()).toMatchObject({ outcome: 'rolled_back', reason: 'it gave no 2xx' });
    expect(world.copies(stable.sha)).toHaveLength(copies);
    expect(world.serving()).toBe(stable.sha);
  });

  it('R2 never runs both on the way back either', async () => {
    world = new World();
    world.errors = 0.2;
    const ports = world.conductor();
    const together: number[] = [];
    const { platform } = ports;
    const id = await world.request(request('recreate'));
    await conduct(
      {
        ...ports,
        platform: {
          ...platform,
          running: async (environment) => {
            together.push(world.copies(stable.sha).length * world.copies(candidate.sha).length);
            return platform.running(environment);
          },
          scale: async (asked, n) => {
            const result = await platform.scale(asked, n);
            together.push(world.copies(stable.sha).length * world.copies(candidate.sha).length);
            return result;
          },
        },
      },
      id,
    );
    expect(ended()).toMatchObject({ outcome: 'rolled_back' });
    expect(world.copies(stable.sha)).toHaveLength(copies);
    expect(Math.max(...together)).toBe(0);
  });

  it('asks for an approval before anything is stopped', async () => {
    world = new World();
    const asking = request('recreate');
    if (asking.type !== 'deployment.requested') throw new TypeError('no request');
    asking.plan.approval = { byAnother: true, timeoutMs: 60_000 };
    const id = await world.request(asking);
    const running = conduct(world.conductor(), id);
    for await (const event of world.journals.follow(id, 0)) if (event.type === 'approval.requested') break;
    expect(world.serving()).toBe(stable.sha);
    expect(world.copies(stable.sha)).toHaveLength(copies);
    const by = { name: 'Bo', face: 'ui' } as const;
    await world.journals.send(id, { id: 'r1', command: { kind: 'approve' }, by });
    await running;
    expect(ended()).toMatchObject({ outcome: 'succeeded' });
    expect(world.serving()).toBe(candidate.sha);
  });
});

it('T1 a canary with several copies has all of them before it takes traffic', async () => {
  world = new World();
  const id = await world.request(request('canary'));
  await conduct(world.conductor(), id);
  expect(ended()).toMatchObject({ outcome: 'succeeded' });
  expect(world.copies(candidate.sha)).toHaveLength(copies);
  expect(world.copies(stable.sha), 'kept for an instant rollback').toHaveLength(copies);
  expect(world.misrouted).toBe(0);
});

describe.each([
  ['rolling', 'healthy', 0, 'succeeded', candidate.sha],
  ['rolling', 'misbehaving', 0.2, 'rolled_back', stable.sha],
  ['recreate', 'healthy', 0, 'succeeded', candidate.sha],
  ['recreate', 'misbehaving', 0.2, 'rolled_back', stable.sha],
] as const)('N4 killed in a %s of a %s candidate', (strategy, _, errors, outcome, serving) => {
  beforeEach(() => {
    copies = 2;
  });
  const whole = async (id: string, what: string) => {
    expect(ended(), what).toMatchObject({ kind: 'finished', outcome });
    expect(world.serving(), what).toBe(serving);
    expect(world.copies(serving), what).toHaveLength(copies);
    expect(world.instances.size, what).toBe(1);
    expect(world.deployed, what).toBe(serving);
    expect(world.router, what).toMatchObject({
      rollout: null,
      candidate: null,
      stable: { others: [{}] },
    });
    if (strategy === 'rolling') expect(world.misrouted, what).toBe(0);
    const events = await world.journals.read(id);
    expect(events.map((e) => e.seq)).toEqual(events.map((_, i) => i + 1));
  };

  it.each([false, true])(
    'after any event it ends with one version fully serving (torn: %s)',
    async (torn) => {
      for (let events = 0; ; events++) {
        world = new World();
        world.errors = errors;
        const id = await world.request(request(strategy));
        const deaths = await untilTheEnd(id, { events, torn });
        await whole(id, `killed after ${events} events`);
        world.remove();
        if (deaths === 0) break;
      }
    },
  );

  it('after anything it did it ends with one version fully serving', async () => {
    for (let acts = 0; ; acts++) {
      world = new World();
      world.errors = errors;
      const id = await world.request(request(strategy));
      const deaths = await untilTheEnd(id, { acts });
      await whole(id, `killed after ${acts} acts`);
      world.remove();
      if (deaths === 0) break;
    }
  }, 180_000);
});
