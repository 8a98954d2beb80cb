import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conduct } from '../../src/engine/conductor.ts';
import { forceEnd, type ForcePorts } from '../../src/engine/forced-end.ts';
import type { Present } from '../../src/ports/presence.ts';
import type { ProcessIdentity } from '../../src/ports/processes.ts';
import { requested } from '../harness/deployment-events.ts';
import { phase, plan } from '../harness/plan.ts';
import { Killed, stable, World } from '../harness/world.ts';

let world: World;
let id: string;
let held: ProcessIdentity;

beforeEach(async () => {
  world = new World();
  const bakes = { bakeMs: 60_000, extendToMs: 90_000 };
  id = await world.request(
    requested({ stable, plan: plan({ measureEveryMs: 4, phases: [phase(5, bakes), phase(100, bakes)] }) }),
  );
  // It stands still where it was: its journal ends, and its lock names it.
  await expect(conduct(world.conductor(20), id)).rejects.toThrow(Killed);
  const entry = await world.lock.read('production');
  if (!entry?.conductor) throw new Error('nobody conducts it');
  held = entry.conductor;
});
afterEach(() => world.remove());

const by = { name: 'Ana', face: 'cli' } as const;

/** What a face has while `alive` says whether the conductor lives and `silentMs` for how long it was not heard of. */
function ports({
  alive = () => true,
  silentMs,
  end = () => true,
  launch = () => undefined,
}: {
  alive?: (process: ProcessIdentity) => boolean;
  silentMs: () => number | undefined;
  end?: (process: ProcessIdentity) => boolean;
  launch?: (id: string) => void;
}): ForcePorts {
  const { clock, journals } = world.conductor();
  const conductor = { name: 'conductor', face: 'conductor' } as const;
  return {
    clock,
    journals,
    lock: world.lock,
    processes: { self: () => ({ pid: 1, startTime: '1' }), isAlive: alive },
    presence: {
      arrive: async () => ({ renew: async () => undefined, leave: async () => undefined }),
      present: async (): Promise<Present[]> => [
        { process: held, by: conductor, deployment: id, role: 'conducts', since: '', silentMs: silentMs() },
      ],
    },
    launcher: { launch, hasEnded: () => true },
    conductorLog: async () => [],
    endProcess: async (process) => end(process),
  };
}

describe('W5 a forced end', () => {
  it('is refused before anything was done where the conductor gives a sign of life', async () => {
    const ended: ProcessIdentity[] = [];
    const forced = forceEnd(
      ports({ silentMs: () => performance.now() % 900, end: (process) => ended.push(process) > 0 }),
      { id, by },
    );
    await expect(forced).rejects.toMatchObject({ code: 'not-needed', exit: 2 });
    expect([ended, await world.journals.inbox(id)]).toEqual([[], []]);
  });

  it('is refused where no process conducts it, also when its pid is another process by now', async () => {
    const forced = forceEnd(
      ports({
        silentMs: () => 60_000,
        alive: ({ pid, startTime }) => pid === held.pid && startTime === 'later',
        end: () => {
          throw new Error('another process was ended');
        },
      }),
      { id, by },
    );
    await expect(forced).rejects.toMatchObject({
      code: 'not-needed',
      message: expect.stringContaining('no process'),
    });
    expect(await world.journals.inbox(id)).toEqual([]);
  });

  it('ends exactly the process that the lock names, and the next one finds who asked and why', async () => {
    const begun = performance.now();
    const ended: ProcessIdentity[] = [];
    let dead = false;
    let conducting: Promise<void> | undefined;
    const told: string[] = [];
    const done = await forceEnd(
      ports({
        silentMs: () => 20_000 + performance.now() - begun,
        alive: () => !dead,
        end: (process) => {
          ended.push(process);
          dead = true;
          return true;
        },
        launch: () => {
          conducting = conduct(world.conductor(), id);
        },
      }),
      { id, by, why: 'it hangs' },
      (text) => told.push(text),
    );
    expect(done).toMatchObject({ id, ended: held.pid });
    expect(ended).toEqual([held]);
    expect(told).toEqual([
      expect.stringContaining('sign of life'),
      expect.stringContaining(`process ${held.pid}`),
    ]);
    await conducting;
    expect(world.archived?.status).toMatchObject({ outcome: 'rolled_back' });
    expect(world.serving()).toBe(stable.sha);
    const received = (await world.journals.read(id)).find((e) => e.type === 'command.received');
    expect(received).toMatchObject({
      command: { kind: 'abort', force: { pid: held.pid } },
      by,
      why: 'it hangs',
    });
  }, 20_000);

  it('says so where the process cannot be ended, and starts no second conductor', async () => {
    const begun = performance.now();
    const forced = forceEnd(
      ports({
        silentMs: () => 20_000 + performance.now() - begun,
        end: () => false,
        launch: () => {
          throw new Error('a second conductor was started');
        },
      }),
      { id, by },
    );
    await expect(forced).rejects.toMatchObject({ code: 'process-stays' });
  }, 20_000);
});
