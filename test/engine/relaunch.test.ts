import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { conduct } from '../../src/engine/conductor.ts';
import { keepConducted, relaunchAbandoned, type RecoverPorts } from '../../src/engine/relaunch.ts';
import { requested } from '../harness/deployment-events.ts';
import { phase, plan } from '../harness/plan.ts';
import { Killed, stable, World } from '../harness/world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.remove());

const bakes = { bakeMs: 10_000, extendToMs: 20_000 };
const first = () =>
  requested({ stable, plan: plan({ measureEveryMs: 4, phases: [phase(5, bakes), phase(100, bakes)] }) });

/** A deployment whose conductor died with 5 % of the traffic on the candidate. */
async function abandoned(): Promise<string> {
  const id = await world.request(first());
  await expect(conduct(world.conductor(20), id)).rejects.toThrow(Killed);
  return id;
}

/** What a face has where no conductor lives; `launch` is what happens when one is started, `ended` whether it has ended again. */
function ports(launch: (id: string) => void, ended: () => boolean, log: string[] = []): RecoverPorts {
  const { clock, journals, lock } = world.conductor();
  return {
    clock,
    journals,
    lock,
    processes: { self: () => ({ pid: 1, startTime: '1' }), isAlive: () => false },
    launcher: { launch, hasEnded: ended },
    conductorLog: async () => log,
  };
}

describe('N4 a conductor that is started again', () => {
  it('and cannot start is noticed when it ends, with the last line of its log', async () => {
    const id = await abandoned();
    const told: string[] = [];
    let launches = 0;
    const found = await relaunchAbandoned(
      ports(
        () => void launches++,
        () => launches > 0,
        [
          'earlier',
          "Error: Cannot find module './x.js' password=hunter22",
          '    at Module._load (node:internal)',
        ],
      ),
      { told: (text) => told.push(text) },
    );
    expect([found, launches]).toEqual([[], 1]);
    expect(told).toEqual([
      `the conductor of ${id} (production) did not start; its log ends with: Error: Cannot find module './x.js' password=***`,
    ]);
  });

  it('and takes its time is said to be waited for, and what it does once it says it', async () => {
    const id = await abandoned();
    const told: string[] = [];
    let conducting: Promise<void> = Promise.resolve();
    const launch = () => {
      conducting = new Promise((resolve) => setTimeout(resolve, 1800)).then(() => {
        world.throwSwitch();
        return conduct(world.conductor(), id);
      });
    };
    const found = await relaunchAbandoned(
      ports(launch, () => false),
      { told: (text) => told.push(text) },
    );
    await conducting;
    expect(told).toEqual([
      expect.stringContaining(`waiting for the conductor of ${id} (production) to start`),
    ]);
    expect(found).toMatchObject([{ id, recovery: 'roll_back' }]);
  });

  it('and ends again and again is given up by who follows, and not started twice while it starts', async () => {
    const id = await abandoned();
    let launches = 0;
    const dying = keepConducted(
      ports(
        () => void launches++,
        () => launches > 0,
        ['no space left on device'],
      ),
      id,
      'production',
      new AbortController().signal,
    );
    await expect(dying).rejects.toMatchObject({
      code: 'conductor-dies',
      message: expect.stringContaining('no space left on device'),
    });
    expect(launches).toBe(3);

    const over = new AbortController();
    launches = 0;
    const starting = keepConducted(
      ports(
        () => void launches++,
        () => false,
      ),
      id,
      'production',
      over.signal,
    );
    await new Promise((resolve) => setTimeout(resolve, 1700));
    over.abort();
    await starting;
    expect(launches).toBe(1);
  });
});
