import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openGit } from '../../providers/runtime/git.ts';
import { openSegmentCache } from '../../providers/runtime/segment-cache.ts';
import { preferencesSchema } from '../../src/domain/memory.ts';
import { discover, type DiscoverRequest } from '../../src/planning/discover.ts';
import { gatherFacts } from '../../src/planning/gather-facts.ts';
import { linkUnits } from '../../src/planning/link-units.ts';
import { readCommits } from '../../src/planning/commit.ts';
import { splitIntoUnits } from '../../src/planning/unit.ts';
import type { Cache } from '../../src/ports/cache.ts';
import type { Git } from '../../src/ports/git.ts';
import { temporaryFolder } from '../harness/folder.ts';
import { emptyPatterns } from '../harness/planning.ts';
import { lines, removeRepositories, repo, type Repository } from '../harness/repository.ts';

afterEach(removeRepositories);

const history = () =>
  repo()
    .commit('chore: start', { files: { 'a.ts': lines(30), 'b.ts': lines(30) } })
    .branch('dev')
    .commit('feat: one', { files: { 'a.ts': lines(31) } })
    .pullRequest(5, 'feat: two', [['side', { files: { 'a.ts': lines(32), 'c.ts': lines(3) } }]])
    .commit('feat: three', { files: { 'b.ts': lines(30).replace('line 4', 'four') } });

/** Discovery that counts the commits whose diffs git was asked for. */
async function look(r: Repository, cache: Cache, more: Partial<DiscoverRequest> = {}) {
  const git = await openGit(r.dir);
  let read = 0;
  const counting: Git = {
    ...git,
    stream(args, options) {
      if (args.includes('-p'))
        read += String(options?.input ?? '')
          .split('\n')
          .filter(Boolean).length;
      return git.stream(args, options);
    },
  };
  const preferences = preferencesSchema.parse({ schema: 'orchestra/config@2' });
  const discovery = await discover(counting, { patterns: emptyPatterns(), preferences, cache, ...more });
  return { discovery, read };
}

describe('what discovery read is kept by commit', () => {
  it('N1 gives the same answer from the cache, and reads only what is new', async () => {
    const r = history();
    const dir = temporaryFolder();
    const first = await look(r, openSegmentCache(dir));
    expect(first.read).toBe(3);
    const again = await look(r, openSegmentCache(dir));
    expect(again).toEqual({ discovery: first.discovery, read: 0 });

    r.commit('feat: four', { files: { 'a.ts': lines(33) } });
    const more = await look(r, openSegmentCache(dir));
    expect(more.read).toBe(1);
    const anew = await look(r, openSegmentCache(temporaryFolder()));
    expect(anew.read).toBe(4);
    expect(more.discovery).toEqual(anew.discovery);
  });

  it('does not take one answer for another: memory, settings and revisions count', async () => {
    const r = history();
    const cache = openSegmentCache(temporaryFolder());
    const { discovery } = await look(r, cache);
    const patterns = emptyPatterns();
    const other = await look(r, cache, {
      patterns: { ...patterns, deployments: { succeeded: 3, failed: 1 } },
    });
    expect(other.discovery.features[0]?.risk.n).not.toBe(discovery.features[0]?.risk.n);
    const preferences = preferencesSchema.parse({
      schema: 'orchestra/config@2',
      user_preferences: { max_features_per_deployment: 1 },
    });
    const fewer = (await look(r, cache, { preferences })).discovery.features;
    expect(fewer.filter(({ bucket }) => bucket === 'recommended')).toHaveLength(1);
  });

  it('says what holds now, kept answer or not: uncommitted changes come and go', async () => {
    const r = history();
    const cache = openSegmentCache(temporaryFolder());
    await look(r, cache);
    r.write({ 'a.ts': 'changed\n' });
    const { discovery, read } = await look(r, cache);
    expect([read, discovery.notes.join()]).toEqual([
      0,
      expect.stringContaining('1 file has uncommitted changes'),
    ]);
  });

  it('does not keep what the quick diff led to, nor what rests on it', async () => {
    const r = history();
    const git = await openGit(r.dir);
    const [base, head] = [r.git('rev-parse', 'main'), r.git('rev-parse', 'dev')];
    const units = splitIntoUnits(await readCommits(git, { base, head }), head);
    const kept: string[] = [];
    const cache: Cache = {
      ...openSegmentCache(temporaryFolder()),
      save: (_, entries) => Promise.resolve(void kept.push(...entries.keys())),
    };
    const shas = units.map(({ commit }) => commit.sha);
    let seen = 0;
    async function* facts() {
      for await (const of of gatherFacts({ git, shas })) yield seen++ === 1 ? { ...of, hasty: true } : of;
    }
    await linkUnits(units, facts(), base, cache);
    expect(kept).toEqual([`${base}:${shas[0]}`]);
  });

  it('reads anew what was lost, whichever part it was', async () => {
    const r = history();
    const dir = temporaryFolder();
    const { discovery } = await look(r, openSegmentCache(dir));
    for (const kind of readdirSync(dir)) {
      rmSync(join(dir, kind), { recursive: true });
      expect((await look(r, openSegmentCache(dir))).discovery).toEqual(discovery);
    }
  });
});
