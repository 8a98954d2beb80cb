import { afterEach, describe, expect, it } from 'vitest';
import type { EventBody } from '../../src/domain/event.ts';
import { conduct } from '../../src/engine/conductor.ts';
import { requested } from '../harness/deployment-events.ts';
import { measure } from '../harness/measure.ts';
import { phase, plan } from '../harness/plan.ts';
import { Killed, World, candidate, stable } from '../harness/world.ts';

// A busy machine must not make a phase pause for a person: the extension is long.
const quick = { bakeMs: 12, extendToMs: 600_000, minimumSample: 50 };
const cohort = { kind: 'cookie', name: 'side' } as const;

function request(asks: boolean): EventBody {
  return requested({
    stable,
    source: { kind: 'version', ref: candidate.name, sha: candidate.sha, features: [] },
    plan: plan({
      strategy: 'ab',
      measureEveryMs: 4,
      measures: [measure({ compare: 'candidate-vs-stable', max: undefined, maxDrop: 50, intervalMs: 5 })],
      phases: [
        phase(30, { ...quick, name: 'A/B for 30 % of visitors', cohort, ...(asks ? { asks: true } : {}) }),
        phase(100, quick),
      ],
    }),
  });
}

let world: World;
afterEach(() => world.remove());

async function paused(id: string): Promise<string> {
  for await (const event of world.journals.follow(id, 0)) {
    if (event.type === 'deployment.paused') return event.reason;
  }
  throw new Error('it never paused');
}

describe('an A/B rollout', () => {
  it('T1 asks a person at its end, both sides’ numbers and the measures before them, and goes on with their yes', async () => {
    world = new World();
    world.measured = (_, side) => (side === 'candidate' ? 12 : 10);
    const id = await world.request(request(true));
    const running = conduct(world.conductor(), id);
    const reason = await paused(id);
    expect(reason).toMatch(
      /^A\/B for 30 % of visitors is over, a person decides\. stable: [\d,]+ requests, 0 % failed, p95 \d+ ms; candidate: [\d,]+ requests, 0 % failed, p95 \d+ ms; orders: 12 against stable’s 10, \+20 %$/,
    );
    expect(world.router).toMatchObject({ weight: 30, cohort });
    await world.journals.send(id, {
      id: 'r1',
      command: { kind: 'promote' },
      by: { name: 'Bo', face: 'ui' },
    });
    await running;
    expect(world.archived?.status).toMatchObject({ outcome: 'succeeded' });
    expect(world.router.cohort).toBeUndefined();
    expect(world.serving()).toBe(candidate.sha);
  });

  it('T1 a person may take it back instead, and everybody goes to stable', async () => {
    world = new World();
    world.measured = () => 10;
    const id = await world.request(request(true));
    const running = conduct(world.conductor(), id);
    await paused(id);
    await world.journals.send(id, { id: 'r1', command: { kind: 'abort' }, by: { name: 'Bo', face: 'ui' } });
    await running;
    expect(world.archived?.status).toMatchObject({ outcome: 'rolled_back' });
    expect(world.router).toMatchObject({ weight: 0, candidate: null, cohort: undefined });
    expect(world.serving()).toBe(stable.sha);
  });

  it('T1 goes back where the router does not keep the cohort it was told', async () => {
    world = new World();
    const ports = world.conductor();
    const { router } = ports;
    ports.router = {
      ...router,
      change: (environment, wanted) => router.change(environment, { ...wanted, cohort: undefined }),
    };
    await conduct(ports, await world.request(request(false)));
    expect(world.archived?.status).toMatchObject({
      outcome: 'rolled_back',
      reason: 'the router shows the candidate to others than it was told to',
    });
    expect(world.serving()).toBe(stable.sha);
  });

  it.each([
    ['healthy', 0, 'succeeded', candidate.sha],
    ['misbehaving', 0.3, 'rolled_back', stable.sha],
  ] as const)(
    'N4 killed at every event with a %s candidate, ends with one version for everybody',
    async (_, errors, outcome, serving) => {
      for (let killAfter = 0; ; killAfter++) {
        world = new World();
        world.errors = errors;
        world.measured = () => 10;
        const id = await world.request(request(false));
        let deaths = 0;
        for (let left = killAfter; ; left = Number.POSITIVE_INFINITY) {
          try {
            await conduct(world.conductor(left, killAfter % 2 === 0), id);
            break;
          } catch (error) {
            if (!(error instanceof Killed)) throw error;
            deaths++;
          }
        }
        expect(world.archived?.status, `killed after ${killAfter}`).toMatchObject({ outcome });
        expect([world.serving(), world.deployed, world.router.cohort, world.router.rollout]).toEqual([
          serving,
          serving,
          undefined,
          null,
        ]);
        world.remove();
        if (deaths === 0) break;
      }
    },
    60_000,
  );
});
