import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openGit } from '../../../providers/runtime/git.ts';
import type { Discovery, Selection } from '../../../src/domain/feature.ts';
import { proveSelection } from '../../../src/planning/proof.ts';
import { discoverIn } from '../../harness/planning.ts';
import { lines, removeRepositories, repo, type Repository } from '../../harness/repository.ts';

afterEach(removeRepositories);

/** `main` with two commits, and `dev` with four more on top of it. */
function origin(): Repository {
  const r = repo()
    .commit('start', { files: { 'a.txt': lines(40), 'README.md': 'x\n' } })
    .commit('second', { files: { 'b.txt': '1\n' } })
    .branch('dev');
  for (const [i, name] of ['one', 'two', 'three', 'four'].entries())
    r.commit(`feat: ${name}`, {
      files: { [`${name}.txt`]: `${name}\n`, 'a.txt': lines(40, { [i + 10]: 'mine' }) },
    });
  r.git('config', 'uploadpack.allowFilter', 'true');
  return r;
}

/** A clone of it; when git asks its remote for anything later, a file called `asked` appears beside it. */
function cloneOf(r: Repository, ...options: string[]): { clone: Repository; asked: () => boolean } {
  const clone = repo();
  const at = join(clone.dir, 'clone');
  clone.git('clone', '-q', '--no-single-branch', '--branch=dev', ...options, `file://${r.dir}`, at);
  Object.assign(clone, { dir: at });
  const asked = join(clone.dir, '.git', 'asked');
  clone.git('config', 'remote.origin.url', `ext::sh -c 'touch ${asked}'`);
  clone.git('config', 'protocol.ext.allow', 'always');
  return { clone, asked: () => existsSync(asked) };
}

const request = { base: 'origin/main', head: 'origin/dev' };

async function proofIn(r: Repository, discovery: Discovery, ids: readonly string[]): Promise<Selection> {
  return proveSelection(await openGit(r.dir), discovery, ids);
}

const idsOf = (discovery: Discovery) => discovery.features.map(({ id }) => id);

describe('D10 a partial clone', () => {
  it('without contents is read by names, says so, and its remote is not asked', async () => {
    const { clone, asked } = cloneOf(origin(), '--filter=blob:none', '--no-checkout');
    const discovery = await discoverIn(clone, request);
    expect(discovery.features.map(({ files }) => files.map(({ path }) => path))).toEqual([
      ['a.txt', 'one.txt'],
      ['a.txt', 'two.txt'],
      ['a.txt', 'three.txt'],
      ['a.txt', 'four.txt'],
    ]);
    expect(discovery.notes[0]).toMatch(
      /^4 waiting features change files whose content is not in this clone/u,
    );
    const { proof } = await proofIn(clone, discovery, idsOf(discovery));
    expect(proof).toMatchObject({ ok: true, tree: clone.tree('origin/dev') });
    expect(asked()).toBe(false);
  });

  it('without folders lists what waits, recommends nothing, and says what brings the rest', async () => {
    const { clone, asked } = cloneOf(origin(), '--filter=tree:0', '--no-checkout');
    const discovery = await discoverIn(clone, request);
    expect(discovery.features.map(({ bucket, files }) => [bucket, files.length])).toEqual(
      Array.from({ length: 4 }, () => ['not_recommended', 0]),
    );
    expect(discovery.notes.join('\n')).toContain('What 4 waiting commits change is not in this clone');
    expect(discovery.notes.join('\n')).toContain('"git status" says why');
    await expect(proofIn(clone, discovery, idsOf(discovery))).rejects.toMatchObject({
      hint: expect.stringContaining('git fetch --refetch --no-filter') as string,
    });
    expect(asked()).toBe(false);
  });
});

describe('D10 a shallow clone', () => {
  it('cut off among the waiting changes: what the cut commit changes is unknown, said, and not proved', async () => {
    const { clone } = cloneOf(origin(), '--depth=2');
    const discovery = await discoverIn(clone, request);
    const cut = clone.sha('origin/dev~1');
    const [first, second] = discovery.features;
    expect(first).toMatchObject({ files: [], bucket: 'not_recommended', commits: [cut] });
    expect(second?.files.map(({ path }) => path)).toEqual(['a.txt', 'four.txt']);
    expect(discovery.notes.join('\n')).toContain(`cut off at ${cut.slice(0, 12)}`);
    expect(discovery.notes.join('\n')).toContain('is beyond the cut');
    await expect(proofIn(clone, discovery, [first?.id ?? ''])).rejects.toMatchObject({
      code: 'shallow',
      exit: 4,
    });
  });

  it('that holds the base is like any other', async () => {
    const { clone } = cloneOf(origin(), '--depth=5');
    const discovery = await discoverIn(clone, request);
    expect(discovery.features.map(({ files }) => files.length)).toEqual([2, 2, 2, 2]);
    expect(discovery.notes.join('\n')).not.toContain('cut off');
    expect((await proofIn(clone, discovery, idsOf(discovery))).proof?.ok).toBe(true);
  });
});

describe('D10 histories that share nothing', () => {
  it('are said to, and what fits beside the base is proved', async () => {
    const r = repo().commit('start', { files: { 'a.txt': '1\n' } });
    r.git('checkout', '-q', '--orphan', 'dev');
    r.git('rm', '-rfq', '.');
    r.commit('feat: one', { files: { 'b.txt': '1\n' } }).commit('feat: two', { files: { 'c.txt': '1\n' } });
    const discovery = await discoverIn(r);
    expect(discovery.notes.join('\n')).toContain('dev and main have no commit in common');
    const { proof } = await proofIn(r, discovery, idsOf(discovery));
    expect(proof).toMatchObject({ ok: true, complement: { ok: true } });
    expect(r.git('ls-tree', '--name-only', proof?.tree ?? '')).toBe('a.txt\nb.txt\nc.txt');
  });
});
