import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGit } from '../../../providers/runtime/git.ts';
import { openSegmentCache } from '../../../providers/runtime/segment-cache.ts';
import type { Git } from '../../../src/ports/git.ts';
import { temporaryFolder } from '../../harness/folder.ts';
import { discoverIn } from '../../harness/planning.ts';
import { Repository } from '../../harness/repository.ts';
import { histories } from './history.ts';
import { writeHistory } from './write-history.ts';

const seed = Number(process.env['ORCHESTRA_HISTORIES_SEED'] ?? 20_260_101);

let repository: Repository;
let git: Git;
let made = 0;

beforeAll(async () => {
  repository = new Repository({ bare: true });
  git = await openGit(repository.dir);
});
afterAll(() => repository.remove());

describe('a branch that grows', () => {
  it('N1 is read the same from what was kept of its beginning as anew, over generated histories', async () => {
    await fc.assert(
      fc.asyncProperty(histories(8), fc.nat({ max: 20 }), async (history, cut) => {
        made += 1;
        const name = `grows-${made}`;
        await git.run(['fast-import', '--quiet', '--force', '--done'], {
          input: writeHistory(history, name),
        });
        const base = await git.resolve(`refs/heads/${name}/main`);
        const head = await git.resolve(`refs/heads/${name}/dev`);
        const log = await git.text(['rev-list', '--first-parent', head, `^${base}`]);
        const trunk = log.split('\n').filter(Boolean);
        const cache = openSegmentCache(temporaryFolder());
        const before = trunk[cut % Math.max(1, trunk.length)];
        if (before) await discoverIn(repository, { base, head: before, cache });
        const grown = await discoverIn(repository, { base, head, cache });
        expect(grown).toEqual(await discoverIn(repository, { base, head }));
        expect(await discoverIn(repository, { base, head, cache })).toEqual(grown);
      }),
      { numRuns: Number(process.env['ORCHESTRA_HISTORIES'] ?? 15), seed },
    );
  });
});
