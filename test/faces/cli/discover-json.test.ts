import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { openGit } from '../../../providers/runtime/git.ts';
import { openSegmentCache } from '../../../providers/runtime/segment-cache.ts';
import { preferencesSchema } from '../../../src/domain/memory.ts';
import { discoverySchema } from '../../../src/domain/feature.ts';
import { createOutput } from '../../../src/faces/cli/output.ts';
import { discover, discoverJson } from '../../../src/planning/discover.ts';
import { temporaryFolder } from '../../harness/folder.ts';
import { emptyPatterns } from '../../harness/planning.ts';
import { removeRepositories, repo } from '../../harness/repository.ts';

afterEach(removeRepositories);

describe('discover --json', () => {
  it('D2 is one document on one line, the same found anew, passed on from the cache, and as an object', async () => {
    const r = repo().commit('chore: start').branch('dev');
    for (let i = 0; i < 40; i++)
      r.commit(`feat: part ${i} "quoted" \u001b[31m`, { files: { [`f${i}.ts`]: `${i}\n` } });
    const git = await openGit(r.dir);
    const request = {
      patterns: emptyPatterns(),
      preferences: preferencesSchema.parse({ schema: 'orchestra/config@2' }),
      cache: openSegmentCache(temporaryFolder()),
    };
    const texts: string[] = [];
    for (let run = 0; run < 2; run++) {
      const stdout = new PassThrough();
      const read = stdout.toArray();
      await createOutput(true, { stdout, stderr: new PassThrough() }).document(discoverJson(git, request));
      stdout.end();
      texts.push(String(Buffer.concat(await read)));
    }
    const document: unknown = JSON.parse(texts[0] ?? '');
    expect(texts[0]?.split('\n')).toHaveLength(2);
    expect(JSON.parse(texts[1] ?? '')).toEqual(document);
    expect(document).toEqual(JSON.parse(JSON.stringify(await discover(git, request))));
    expect(discoverySchema.parse(document).features).toHaveLength(40);
  });
});
