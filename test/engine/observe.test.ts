import { afterEach, describe, expect, it } from 'vitest';
import type { Input } from '../../src/domain/input.ts';
import { observe } from '../../src/engine/observe.ts';
import { versionOf } from '../../src/engine/rollout.ts';
import { aDeployment } from '../harness/deployment.ts';
import { World, stable } from '../harness/world.ts';

let world: World;
afterEach(() => world.remove());

/** What is posted until the first reading is over; `meanwhile` happens while the candidate is asked whether it is healthy. */
async function firstReading(meanwhile: (passes: (ms: number) => void) => boolean): Promise<Input[]> {
  world = new World();
  const ports = world.conductor();
  let later = 0;
  const posted: Input[] = [];
  const over = new AbortController();
  const d = aDeployment().built().build();
  const version = versionOf(d.candidate);
  world.router.rollout = { id: d.id, lastHeard: '' };
  const running = observe(
    {
      ports: {
        ...ports,
        clock: {
          now: () => new Date(Date.parse('2026-01-01T00:00:00.000Z') + later),
          sleep: async () => {
            over.abort();
          },
        },
        platform: {
          ...ports.platform,
          running: async () => [
            { version, pid: 1, startTime: '1', port: 1, log: '' },
            ...world.copies(stable.sha),
          ],
          healthy: async () => meanwhile((ms) => (later += ms)),
        },
      },
      deployment: d,
      effect: 'e',
      fence: 1,
      signal: over.signal,
      post: (input) => posted.push(input),
    },
    0,
  );
  await expect(running).rejects.toThrow();
  return posted;
}

describe('observe', () => {
  it('N4 hears first that the traffic was taken back, and judges no reading that it slept through', async () => {
    const posted = await firstReading((passes) => {
      passes(20_000);
      world.throwSwitch();
      return false;
    });
    expect(posted.map(({ kind }) => kind)).toEqual(['dead-man', 'sample-failed']);
    expect(posted[1]).toMatchObject({ reason: 'reading the numbers took 20 s' });
  });

  it('gives a reading that took no longer than its questions may, healthy or not', async () => {
    const posted = await firstReading((passes) => {
      passes(2000);
      return false;
    });
    expect(posted).toMatchObject([{ kind: 'sample', sample: { health: { healthy: 0, total: 1 } } }]);
  });
});
