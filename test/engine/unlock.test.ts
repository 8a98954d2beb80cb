import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conduct } from '../../src/engine/conductor.ts';
import { lookAtLock, unlock, type UnlockPorts } from '../../src/engine/unlock.ts';
import { requested } from '../harness/deployment-events.ts';
import { phase, plan } from '../harness/plan.ts';
import { Killed, stable, World } from '../harness/world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.remove());

const ana = { name: 'Ana', face: 'cli' } as const;
const bakes = { bakeMs: 10_000, extendToMs: 20_000 };
const first = () =>
  requested({ stable, plan: plan({ measureEveryMs: 4, phases: [phase(5, bakes), phase(100, bakes)] }) });

/** What a command has while `alive` are the processes that live. */
function ports(alive: readonly number[] = []): UnlockPorts {
  return {
    ...world.conductor(),
    lock: world.lock,
    processes: { self: () => ({ pid: 1, startTime: '1' }), isAlive: ({ pid }) => alive.includes(pid) },
  };
}

/** A deployment whose conductor dies with 5 % of the traffic on the candidate. */
async function abandoned(): Promise<string> {
  const id = await world.request(first());
  await expect(conduct(world.conductor(20), id)).rejects.toThrow(Killed);
  expect(world.router.weight).toBe(5);
  return id;
}

describe('unlock', () => {
  it('W5 ends a deployment that nobody conducts as halted, says who and why, and leaves the traffic', async () => {
    const id = await abandoned();
    const done = await unlock(ports(), { environment: 'production', by: ana, why: 'the disk was full' });
    expect(done).toMatchObject({ deployment: id });
    expect(done.did.join('\n')).toMatch(/ended as halted.*\n.*is free.*\n.*5 % goes to/);
    expect(world.router.weight).toBe(5);
    expect(world.archived?.status).toMatchObject({
      outcome: 'halted',
      reason: 'Ana unlocked production: the disk was full',
    });
    expect(await world.lock.read('production')).toBeUndefined();
    const events = await world.journals.read(id);
    expect(events.find((e) => e.type === 'command.received')).toMatchObject({
      by: ana,
      why: 'the disk was full',
    });
    expect(events.map((e) => e.seq)).toEqual(events.map((_, i) => i + 1));
  });

  it('T1 says that a flag was left where it is, and how far it came', async () => {
    const flag = {
      flag: 'new-checkout',
      provider: { kind: 'file', path: 'flags.json', on: 'on', off: 'off' },
      rollback: 'stable',
    } as const;
    const phases = [0, 25].map((percent) =>
      phase(100, { bakeMs: percent === 0 ? 12 : 60_000, extendToMs: 600_000, flag: percent }),
    );
    const asked = plan({ measureEveryMs: 4, flag, phases });
    for (let killAfter = 20, raised = false; !raised; killAfter += 1) {
      world.remove();
      world = new World();
      const id = await world.request(requested({ stable, plan: asked }));
      await expect(conduct(world.conductor(killAfter), id)).rejects.toThrow(Killed);
      raised = (await world.journals.read(id)).some((e) => e.type === 'flag.set' && e.actual === 25);
    }
    const { did } = await unlock(ports(), { environment: 'production', by: ana });
    expect(did.join('\n')).toContain(
      'Its flag new-checkout was left as it is, at 25 % when it was last read',
    );
    expect(world.flag).toBe(25);
  });

  it('W5 says of every place where its traffic was left', async () => {
    world.remove();
    const keys = ['production.api', 'production.web'];
    world = new World({ places: keys });
    const { host, port, service, variables } = plan();
    const places = keys.map((key) => ({
      key,
      host,
      port,
      service: { ...service, name: key.slice('production.'.length) },
      variables,
    }));
    const slow = plan({ measureEveryMs: 4, phases: [phase(5, bakes), phase(100, bakes)], places });
    const id = await world.request(requested({ stable, plan: slow }));
    await expect(conduct(world.conductor(20), id)).rejects.toThrow(Killed);
    const given = ports();
    const memory = { ...given.memory, record: async () => world.archived };
    const done = await unlock({ ...given, memory }, { environment: 'production', by: ana });
    expect(done.did.join('\n')).toMatch(/api: Traffic was left.* 5 % goes to.* web: Traffic was left.* 5 %/);
  });

  it('is refused while a live process stands behind the lock, and changes nothing', async () => {
    const id = await abandoned();
    const holder = (await world.lock.read('production'))?.conductor?.pid ?? 0;
    const before = await world.journals.read(id);
    await expect(unlock(ports([holder]), { environment: 'production', by: ana })).rejects.toMatchObject({
      code: 'conductor-alive',
      exit: 5,
    });
    expect(await world.journals.read(id)).toEqual(before);
    expect(await world.lock.read('production')).toBeDefined();
  });

  it('does nothing where nothing is locked', async () => {
    expect(await lookAtLock(ports(), 'production')).toEqual({ kind: 'free' });
    expect(await unlock(ports(), { environment: 'production', by: ana })).toMatchObject({ did: [] });
  });

  it('frees a lock that cannot be read, keeps it, and lets nobody with an older number act', async () => {
    const id = await abandoned();
    const { fence = 0 } = (await world.lock.read('production')) ?? {};
    const file = path.join(world.dir, 'env', 'production', 'lock', `${fence}.json`);
    writeFileSync(file, 'garbage');
    expect(await lookAtLock(ports(), 'production')).toMatchObject({ kind: 'unreadable' });
    const done = await unlock(ports(), { environment: 'production', by: ana });
    expect(done.deployment).toBe(id);
    expect(done.did[0]).toContain(file);
    expect(await world.lock.holds('production', fence)).toBe(false);
    const next = await world.lock.acquire(
      { environment: 'production', owner: ana, reason: 'deploy' },
      async () => false,
    );
    expect(next.fence).toBeGreaterThan(fence);
  });
});
