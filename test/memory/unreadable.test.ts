import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { World } from '../harness/world.ts';

const owner = { name: 'Ana', face: 'cli' } as const;

describe('what cannot be read is never taken for free', () => {
  let world: World;
  afterEach(() => world.remove());

  it('T4 a lock that cannot be read is not a free environment', async () => {
    world = new World();
    mkdirSync(path.join(world.dir, 'env', 'production', 'lock', '7.json'), { recursive: true });
    const request = { environment: 'production', owner, reason: 'deploy' };
    await expect(world.lock.acquire(request, async () => true)).rejects.toMatchObject({ code: 'EISDIR' });
    await expect(world.lock.holds('production', 7)).rejects.toMatchObject({ code: 'EISDIR' });
  });

  it('T4 a folder of deployments that cannot be read is not an empty one', async () => {
    world = new World();
    writeFileSync(path.join(world.dir, 'current'), '');
    await expect(world.journals.current()).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it('a folder that is not there yet holds nothing', async () => {
    world = new World();
    expect(await world.journals.current()).toEqual([]);
    expect(await world.lock.read('production')).toBeUndefined();
  });
});
