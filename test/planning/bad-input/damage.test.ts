import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openGit } from '../../../providers/runtime/git.ts';
import { proveSelection } from '../../../src/planning/proof.ts';
import { discoverIn } from '../../harness/planning.ts';
import { removeRepositories, repo, type Repository } from '../../harness/repository.ts';

afterEach(removeRepositories);

function started(): Repository {
  return repo()
    .commit('start', { files: { 'a.txt': '1\n' } })
    .branch('dev')
    .commit('feat: one', { files: { 'one.txt': '1\n' } })
    .commit('feat: two', { files: { 'two.txt': '1\n' } });
}

function forget(r: Repository, sha: string): void {
  rmSync(join(r.dir, '.git/objects', sha.slice(0, 2), sha.slice(2)));
}

describe('D10 a damaged repository', () => {
  it.each([
    ['dev', 'HEAD'],
    ['main', 'refs/heads/main'],
  ])('whose branch %s names a commit that is gone says so, by contract', async (branch, ref) => {
    const r = started();
    forget(r, r.sha(branch));
    await expect(discoverIn(r)).rejects.toMatchObject({ code: 'broken-ref', exit: 78, details: { ref } });
  });

  it('with an index that git cannot read is planned all the same, and that is said', async () => {
    const r = started();
    writeFileSync(join(r.dir, '.git/index'), 'not an index');
    const { features, notes } = await discoverIn(r);
    expect(features).toHaveLength(2);
    expect(notes.join('\n')).toContain('"git status" says why');
  });

  it('that git does not open says why', async () => {
    const r = started();
    writeFileSync(join(r.dir, '.git/HEAD'), 'rubbish\n');
    await expect(openGit(r.dir)).rejects.toThrow(/does not open the repository at .*HEAD/u);
    await expect(openGit(join(r.dir, 'a.txt'))).rejects.toMatchObject({
      code: 'not-a-repository',
      exit: 78,
    });
  });
});

describe('D1 what a repository says of itself', () => {
  it('in grafts, replacements and odd configuration does not change what waits', async () => {
    const r = started();
    const plain = await discoverIn(r);
    r.git('replace', r.sha('dev~1'), r.sha('main'));
    mkdirSync(join(r.dir, '.git/info'), { recursive: true });
    writeFileSync(join(r.dir, '.git/info/grafts'), `${r.sha('dev')}\n`);
    for (const [key, value] of [
      ['log.date', '%s'],
      ['log.showRoot', 'false'],
      ['log.follow', 'true'],
      ['diff.relative', 'true'],
      ['diff.orderFile', '/nonexistent'],
      ['i18n.logOutputEncoding', 'UTF-16'],
      ['color.diff', 'always'],
      ['diff.noprefix', 'true'],
    ] as const)
      r.git('config', key, value);
    expect(await discoverIn(r)).toEqual(plain);
  });

  it('in sha256 is read and proved like any other', async () => {
    const r = repo();
    rmSync(join(r.dir, '.git'), { recursive: true });
    r.git('init', '-q', '-b', 'main', '--object-format=sha256', '.');
    r.commit('start', { files: { 'a.txt': '1\n' } })
      .branch('dev')
      .commit('feat: one', { files: { 'one.txt': '1\n' } })
      .commit('feat: two', { files: { 'two.txt': '1\n' } });
    const discovery = await discoverIn(r);
    const two = discovery.features.find(({ title }) => title.endsWith('two'));
    expect(two?.commits).toEqual([r.sha('dev')]);
    const { proof } = await proveSelection(await openGit(r.dir), discovery, [two?.id ?? '']);
    expect(proof).toMatchObject({ ok: true, complement: { ok: true } });
    expect(r.git('ls-tree', '--name-only', proof?.tree ?? '')).toBe('a.txt\ntwo.txt');
  });
});
