import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createResetting } from '../../src/engine/resetting.ts';
import { requested } from '../harness/deployment-events.ts';
import { World } from '../harness/world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.remove());

const untouched = () => {
  throw new Error('nothing of it may be touched');
};

describe('M8 a reset while deployments are under way', () => {
  it('is refused, naming them and the commands that end them', async () => {
    const conductor = world.conductor();
    const resetting = createResetting({
      ...conductor,
      processes: { self: () => ({ pid: 1, startTime: '1' }), isAlive: () => true },
      audit: { record: untouched, entries: untouched, verify: untouched },
      tell: untouched,
      backups: { list: untouched, swap: untouched, finish: untouched },
      environments: untouched,
    });
    const request = { by: { name: 'Ana', face: 'cli' }, keepPreferences: false } as const;
    const one = await world.request(requested({ environment: 'production' }));
    await expect(resetting.reset(request)).rejects.toMatchObject({
      exit: 5,
      message: `${one} is not over`,
      hint: expect.stringContaining('`orchestrate deploy abort --env production`'),
    });
  });
});
