import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { failWith, systemError } from '../../../providers/runtime/failpoints.ts';
import { artifactWorld } from '../../harness/artifacts.ts';

afterEach(() => failWith(undefined));

it.each(['create', 'write', 'tear', 'sync'])(
  'N4 an artifact whose disk is full at the first %s of its archive leaves nothing half-made, and the next try makes it',
  async (operation) => {
    const world = await artifactWorld();
    try {
      const request = world.request(world.commit());
      failWith((point) => {
        if (point.startsWith(`${operation}:`) && point.includes('archive'))
          throw systemError('ENOSPC', point);
      });
      await expect(world.artifacts.make(request)).rejects.toMatchObject({ code: 'ENOSPC' });
      failWith(undefined);
      expect(readdirSync(join(world.stateDir, 'artifacts/archives'))).toEqual([]);
      expect(await world.reopen().make(request)).toMatchObject({ kind: 'stored', files: 2 });
    } finally {
      world.remove();
    }
  },
);
