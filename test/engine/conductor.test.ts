import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { OrchestraError } from '../../src/domain/errors.ts';
import type { EventBody } from '../../src/domain/event.ts';
import type { MeasurePlan } from '../../src/domain/measure.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { conduct } from '../../src/engine/conductor.ts';
import { count } from '../harness/counts.ts';
import { everywhere } from '../harness/action.ts';
import { requested } from '../harness/deployment-events.ts';
import { measure } from '../harness/measure.ts';
import { phase, plan } from '../harness/plan.ts';
import { Killed, World, candidate, stable } from '../harness/world.ts';

// A busy machine must not make a phase pause for a person: the extension is long.
const quick = { bakeMs: 12, extendToMs: 600_000, minimumSample: 50 };

function request(change: Partial<Extract<EventBody, { type: 'deployment.requested' }>> = {}): EventBody {
  return requested({
    stable,
    source: { kind: 'version', ref: candidate.name, sha: candidate.sha, features: [] },
    plan: rollout(),
    ...change,
  });
}

function rollout(change: Partial<Plan> = {}): Plan {
  return plan({
    measureEveryMs: 4,
    suites: [{ name: 'unit', kind: 'unit', run: 'true', timeoutMs: 1000 }],
    phases: [phase(5, quick), phase(100, quick)],
    ...change,
  });
}

const ana = { name: 'Ana', face: 'cli' } as const;

let world: World;
afterEach(() => world.remove());

/** Runs conductors one after the other until one gets to the end. */
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

describe('conductor', () => {
  it('rolls a candidate out to all traffic and records it as deployed', async () => {
    world = new World();
    await conduct(world.conductor(), await world.request(request()));
    expect(world.archived?.status).toMatchObject({ kind: 'finished', outcome: 'succeeded' });
    expect(world.serving()).toBe(candidate.sha);
    expect(world.deployed).toBe(candidate.sha);
    expect([...world.instances.keys()], 'the version before is kept warm').toEqual([
      stable.sha,
      candidate.sha,
    ]);
  });

  it('N4 goes back to stable where the journal was damaged in the middle, and keeps the whole of it', async () => {
    world = new World();
    const id = await world.request(request());
    await expect(conduct(world.conductor(24), id)).rejects.toThrow(Killed);
    expect(world.router.weight, 'the candidate has traffic').toBeGreaterThan(0);
    const file = path.join(world.dir, 'current', id, 'journal.ndjson');
    const text = readFileSync(file, 'utf8');
    const lines = text.split('\n');
    writeFileSync(file, [...lines.slice(0, 8), '{"seq":9,"garbage', ...lines.slice(9)].join('\n'));
    await expect(world.journals.read(id)).rejects.toMatchObject({ code: 'bad-journal', exit: 74 });
    expect(await world.journals.readable(id)).toMatchObject({ damaged: true });

    await world.journals.mend(id);
    expect(world.log.at(-1)).toContain('from event 9 on');
    expect((await world.journals.readable(id)).damaged).toBe(false);
    await world.journals.mend(id);
    const copies = readdirSync(path.dirname(file)).filter((name) => name.includes('.corrupt-'));
    expect(copies, 'a good journal is left alone').toHaveLength(1);
    expect(readFileSync(path.join(path.dirname(file), copies[0] ?? ''), 'utf8')).toContain('garbage');

    await conduct(world.conductor(), id);
    expect(world.archived?.status).toMatchObject({
      outcome: 'rolled_back',
      reason: expect.stringContaining('its journal was damaged'),
    });
    expect(world.serving()).toBe(stable.sha);
    expect(world.router).toMatchObject({ weight: 0, candidate: null });
  });

  it('sets a deployment aside whose journal has no readable event at all', async () => {
    world = new World();
    const id = await world.request(request());
    writeFileSync(path.join(world.dir, 'current', id, 'journal.ndjson'), 'garbage\nmore\n');
    await world.journals.mend(id);
    expect(await world.journals.current()).toEqual([]);
    expect(readdirSync(path.join(world.dir, 'current'))).toEqual([expect.stringContaining(`${id}.corrupt-`)]);
  });

  it('R2 takes a misbehaving candidate back by itself and stops it', async () => {
    world = new World();
    world.errors = 0.2;
    await conduct(world.conductor(), await world.request(request()));
    expect(world.archived?.status).toMatchObject({ outcome: 'rolled_back' });
    expect(world.serving()).toBe(stable.sha);
    expect(world.deployed).toBe(stable.sha);
    expect([...world.instances.keys()]).toEqual([stable.sha]);
  });

  it('N6 looks for the culprit only once traffic is back, while the candidate’s traces are still there', async () => {
    world = new World();
    world.errors = 0.2;
    const asked: unknown[] = [];
    world.logged = (sha) => {
      asked.push([sha === candidate.sha, world.serving() === stable.sha, world.instances.has(candidate.sha)]);
      return '';
    };
    const id = await world.request(request());
    await conduct(world.conductor(), id);
    expect(asked).toEqual([
      [true, true, true],
      [false, true, true],
    ]);
    expect(world.archived?.culprit).toMatchObject({
      kind: 'unknown',
      reason: 'Unknown: the revision came without a list of features',
    });
    const types = (await world.journals.read(id)).map(({ type }) => type);
    expect(types.filter((type) => type === 'culprit.found')).toHaveLength(1);
    expect(types.indexOf('culprit.found')).toBeLessThan(types.indexOf('restored'));
  });

  it('N6 rolls back all the same when the traces cannot be read', async () => {
    world = new World();
    world.errors = 0.2;
    world.logged = () => {
      throw new Error('EIO: the disk is gone');
    };
    await conduct(world.conductor(), await world.request(request()));
    expect(world.archived?.status).toMatchObject({ outcome: 'rolled_back' });
    expect(world.archived?.culprit?.unread.join()).toContain('EIO');
    expect([...world.instances.keys()]).toEqual([stable.sha]);
  });

  it('N4 killed after any event of a rollback, ends on the old version with one culprit in its record', async () => {
    for (let killAfter = 1, deaths = 1; deaths > 0; killAfter++) {
      world = new World();
      world.errors = 0.2;
      const id = await world.request(
        request({ plan: plan({ measureEveryMs: 4, phases: [phase(5, quick)] }) }),
      );
      deaths = await untilTheEnd(id, killAfter);
      expect(world.archived?.status, `killed after ${killAfter} events`).toMatchObject({
        outcome: 'rolled_back',
      });
      expect(world.serving()).toBe(stable.sha);
      const found = (await world.journals.read(id)).filter(({ type }) => type === 'culprit.found');
      expect(found).toHaveLength(1);
      world.remove();
    }
  });

  const measured = (...measures: MeasurePlan[]) =>
    request({ plan: plan({ measureEveryMs: 4, measures, phases: [phase(5, quick), phase(100, quick)] }) });

  it('G4 takes a candidate back whose business metric stays down', async () => {
    world = new World();
    world.measured = () => (world.router.weight > 0 ? 80 : 100);
    const orders = measure({
      compare: 'baseline',
      max: undefined,
      maxDrop: 10,
      business: true,
      intervalMs: 10,
      forMs: 30,
    });
    await conduct(world.conductor(), await world.request(measured(orders)));
    expect(world.archived?.status).toMatchObject({
      outcome: 'rolled_back',
      reason: expect.stringMatching(/orders: 80 against its baseline 100/),
    });
    expect(world.archived?.phases[0]?.decision).toMatchObject({ kind: 'roll_back' });
    expect(world.serving()).toBe(stable.sha);
  });

  it('promotes a candidate whose only bad measure is a dry run, and keeps what it said', async () => {
    world = new World();
    world.measured = (name) => (name === 'trial' ? 1_000_000 : 5);
    const trial = measure({ name: 'trial', dryRun: true, forMs: 0, intervalMs: 5 });
    await conduct(
      world.conductor(),
      await world.request(
        measured(trial, measure({ compare: 'candidate-vs-stable', maxDrop: 1, intervalMs: 5 })),
      ),
    );
    expect(world.archived?.status).toMatchObject({ outcome: 'succeeded' });
    expect(world.archived?.measures.map(({ name, last }) => [name, last?.verdict.kind])).toEqual([
      ['trial', 'failed'],
      ['orders', 'passed'],
    ]);
  });

  it('N4 killed after any event of a rollout with measures, ends with one version serving all', async () => {
    for (let killAfter = 10; killAfter < 40; killAfter += 2) {
      world = new World();
      world.measured = () => 100;
      const orders = measure({ compare: 'baseline', max: undefined, maxDrop: 10, intervalMs: 3 });
      const id = await world.request(measured(orders, measure({ max: 1, dryRun: true, name: 'trial' })));
      await untilTheEnd(id, killAfter, killAfter % 4 === 0);
      const { status } = world.archived ?? {};
      expect(status, `killed after ${killAfter}`).toMatchObject({ kind: 'finished', outcome: 'succeeded' });
      expect(world.serving()).toBe(candidate.sha);
      const said = world.archived?.measures.find(({ name }) => name === 'orders');
      expect(said?.baseline, 'the baseline is not lost').toMatchObject({ value: 100 });
      world.remove();
    }
  });

  it('leaves nothing behind when a first deployment fails', async () => {
    world = new World({ first: true });
    world.startFailure = new OrchestraError('start-exited', 'it exited with code 1', {
      hint: 'see its log',
      details: { log: ['Error: boom'] },
    });
    await conduct(world.conductor(), await world.request(request({ stable: null })));
    expect(world.archived?.status).toMatchObject({ outcome: 'failed', reason: 'it exited with code 1' });
    expect(world.archived?.failure?.log).toEqual(['Error: boom']);
    expect(world.deployed).toBeNull();
    expect(world.router.stable).toBeNull();
  });

  it('refuses to run a deployment that another conductor runs', async () => {
    world = new World();
    const id = await world.request(request());
    const first = world.conductor();
    const { lock } = first;
    await lock.takeOver('production', id, ana);
    await expect(lock.takeOver('production', id, ana)).rejects.toMatchObject({ code: 'conductor-alive' });
  });

  it('goes on where the lock was lost with the machine’s running parts', async () => {
    world = new World();
    const id = await world.request(request());
    world.loseLock();
    await conduct(world.conductor(), id);
    expect(world.archived?.status).toMatchObject({ outcome: 'succeeded' });
  });

  it('answers a person who aborts through the inbox, and journals who asked', async () => {
    world = new World();
    const slow = request({
      plan: plan({ measureEveryMs: 4, phases: [phase(5, { bakeMs: 60_000 }), phase(100)] }),
    });
    const id = await world.request(slow);
    const running = conduct(world.conductor(), id);
    for await (const event of world.journals.follow(id, 0)) {
      if (event.type === 'measured') break;
    }
    await world.journals.send(id, {
      id: 'r1',
      command: { kind: 'abort' },
      by: { name: 'Bo', face: 'ui' },
      why: 'no',
    });
    await running;
    expect(world.archived?.status).toMatchObject({ outcome: 'rolled_back', reason: 'Bo asked for it: no' });
    expect(await world.journals.inbox(id)).toEqual([]);
  });

  it('N4 rolls back when it comes back after the dead man’s switch', async () => {
    world = new World();
    const id = await world.request(request());
    await expect(conduct(world.conductor(24), id)).rejects.toBeInstanceOf(Killed);
    expect(world.router.rollout?.id).toBe(id);
    world.throwSwitch();
    await untilTheEnd(id, Number.POSITIVE_INFINITY);
    expect(world.archived?.status).toMatchObject({ outcome: 'rolled_back' });
    expect(world.serving()).toBe(stable.sha);
  });

  it('R1 a return to a known good version is never taken back by the dead man’s switch', async () => {
    world = new World();
    const id = await world.request(request({ kind: 'rollback' }));
    await expect(conduct(world.conductor(24), id)).rejects.toBeInstanceOf(Killed);
    expect(world.router).toMatchObject({ weight: 5, rollout: null });
    world.throwSwitch();
    await untilTheEnd(id, Number.POSITIVE_INFINITY);
    expect(world.archived?.status).toMatchObject({ outcome: 'succeeded' });
    expect(world.serving()).toBe(candidate.sha);
  });

  it('N4 rolls back when the candidate died while no conductor was there', async () => {
    world = new World();
    const id = await world.request(request());
    await expect(conduct(world.conductor(24), id)).rejects.toBeInstanceOf(Killed);
    world.instances.delete(candidate.sha);
    await untilTheEnd(id, Number.POSITIVE_INFINITY);
    expect(world.archived?.status).toMatchObject({ outcome: 'rolled_back' });
    expect(world.serving()).toBe(stable.sha);
  });
});

describe.each([
  ['a healthy candidate', 0, 'succeeded', candidate.sha],
  ['a misbehaving candidate', 0.2, 'rolled_back', stable.sha],
])('N4 killed at every event of a rollout of %s', (_, errors, outcome, serving) => {
  it.each([false, true])('always ends with one version fully serving (last write torn: %s)', async (torn) => {
    await killedEverywhere({ outcome, serving, torn, prepare: () => void (world.errors = errors) });
  });
});

it.each([
  ['all goes well', '', 'succeeded', candidate.sha],
  ['a smoke test fails with all traffic', 'after-rollout home', 'rolled_back', stable.sha],
])(
  'N4 killed at every event of a rollout with checks and hooks where %s, one version serves at the end',
  async (_, failing, outcome, serving) => {
    await killedEverywhere({
      outcome,
      serving,
      torn: false,
      plan: rollout({ suites: [], actions: everywhere() }),
      prepare: () => void world.failingActions.add(failing),
    });
  },
  300_000,
);

/** The same deployment again and again, its conductor killed after one event more each time. */
async function killedEverywhere(asked: {
  outcome: string;
  serving: string;
  torn: boolean;
  plan?: Plan;
  prepare: () => void;
}): Promise<void> {
  const { outcome, serving, torn, plan: planned = rollout(), prepare } = asked;
  for (let killAfter = 0; ; killAfter++) {
    world = new World();
    prepare();
    const id = await world.request(request({ plan: planned }));
    const deaths = await untilTheEnd(id, killAfter, torn);
    expect(world.archived?.status, `killed after ${killAfter} events`).toMatchObject({
      kind: 'finished',
      outcome,
    });
    expect(world.serving(), `killed after ${killAfter} events`).toBe(serving);
    expect(world.deployed).toBe(serving);
    expect(world.router.rollout).toBeNull();
    const events = await world.journals.read(id);
    expect(events.map((e) => e.seq)).toEqual(events.map((_, i) => i + 1));
    world.remove();
    if (deaths === 0) {
      count('conductors killed at each event', { kills: killAfter, 'ended whole': killAfter });
      break;
    }
  }
}
