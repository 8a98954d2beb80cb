import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openGit } from '../../providers/runtime/git.ts';
import { temporaryFolder } from '../harness/folder.ts';
import { lines, removeRepositories, repo } from '../harness/repository.ts';

afterEach(removeRepositories);

describe('git', () => {
  it('finds the repository from a folder inside it, a linked work tree and a bare repository', async () => {
    const r = repo().commit('start', { files: { 'deep/er/a.txt': '1\n' } });
    expect(await openGit(join(r.dir, 'deep/er'))).toMatchObject({
      root: r.dir,
      commonDir: join(r.dir, '.git'),
    });
    const linked = join(temporaryFolder(), 'linked');
    try {
      r.git('worktree', 'add', '-q', '--detach', linked);
      expect(await openGit(linked)).toMatchObject({
        root: linked,
        mainRoot: r.dir,
        commonDir: join(r.dir, '.git'),
      });
    } finally {
      rmSync(join(linked, '..'), { recursive: true, force: true });
    }
    const bare = repo({ bare: true });
    const git = await openGit(bare.dir);
    expect(git).toMatchObject({ root: bare.dir, commonDir: bare.dir });
    expect(await git.checkout()).toEqual({
      branch: 'main',
      unborn: true,
      shallow: false,
      bare: true,
      changedFiles: 0,
    });
  });

  it('says what is wrong where there is no repository', async () => {
    const dir = temporaryFolder();
    try {
      await expect(openGit(dir)).rejects.toMatchObject({ code: 'not-a-repository', exit: 78 });
      await expect(openGit(join(dir, 'gone'))).rejects.toMatchObject({ code: 'not-a-repository', exit: 78 });
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });

  it.each(['-evil', '--output=pwned', 'a\nb', 'a\u001bb', 'a b', ''])(
    'refuses %j as a revision before git sees it',
    async (ref) => {
      const git = await openGit(repo().commit('start').dir);
      await expect(git.resolve(ref)).rejects.toMatchObject({ code: 'bad-ref', exit: 2 });
    },
  );

  it('resolves what exists, also under a hostile name written in full, and names what does not', async () => {
    const r = repo().commit('start');
    r.git('update-ref', 'refs/tags/-evil', 'HEAD');
    const git = await openGit(r.dir);
    expect(await git.resolve('refs/tags/-evil')).toBe(r.sha());
    expect(await git.tryResolve('nope')).toBeUndefined();
    await expect(git.resolve('nope')).rejects.toMatchObject({
      code: 'unknown-ref',
      exit: 2,
      message: expect.stringContaining('"nope"'),
    });
    await expect(git.resolve('main..main')).rejects.toMatchObject({ code: 'unknown-ref' });
  });

  it('runs no program that a repository or the environment names', async () => {
    const r = repo().commit('start', { files: { 'a.txt': '1\n', '.gitattributes': '*.txt diff=evil\n' } });
    const mark = join(r.dir, 'pwned');
    for (const key of [
      'core.fsmonitor',
      'diff.external',
      'diff.evil.command',
      'diff.evil.textconv',
      'core.pager',
      'core.sshCommand',
    ])
      r.git('config', key, `touch ${mark}`);
    r.write({ 'a.txt': '2\n' });
    process.env['GIT_EXTERNAL_DIFF'] = `touch ${mark}`;
    process.env['GIT_DIR'] = '/nowhere';
    try {
      const git = await openGit(r.dir);
      expect(await git.checkout()).toMatchObject({ branch: 'main', changedFiles: 1 });
      await git.run(['log', '-p', '--no-ext-diff', '--no-textconv', 'HEAD', '--']);
      expect(existsSync(mark)).toBe(false);
    } finally {
      delete process.env['GIT_EXTERNAL_DIFF'];
      delete process.env['GIT_DIR'];
    }
  });

  it('runs no filter or merge driver that the configuration offers and a commit asks for', async () => {
    const r = repo().commit('start', { files: { 'a.txt': lines(20), '.gitattributes': '* -text\n' } });
    r.branch('theirs').commit('theirs', { files: { 'a.txt': lines(20, { 3: 'x' }) } });
    r.checkout('main').commit('ours', { files: { 'a.txt': lines(20, { 18: 'y' }) } });
    r.branch('clash', 'theirs~1').commit('clash', { files: { 'a.txt': lines(20, { 3: 'other' }) } });
    r.checkout('main');
    const mark = join(r.dir, 'pwned');
    const command = `touch '${mark}'; cat`;
    for (const key of ['clean', 'smudge', 'process']) r.git('config', `filter.evil=x.${key}`, command);
    r.git('config', 'filter.evil=x.required', 'true');
    r.git('config', 'merge.evil.driver', `touch '${mark}'; exit 0`);
    r.git('config', 'merge.default', 'evil');
    const attributes = '* filter=evil=x merge=evil\n';
    r.write({
      '.gitattributes': attributes,
      '.git/info/attributes': attributes,
      'a.txt': lines(20, { 18: 'z' }),
    });
    const git = await openGit(r.dir);
    expect(await git.checkout()).toMatchObject({ changedFiles: 2 });
    const merged = await git.text(['merge-tree', '--write-tree', 'main', 'theirs']);
    expect(r.show(merged, 'a.txt')).toBe(lines(20, { 3: 'x', 18: 'y' }).trimEnd());
    expect(existsSync(mark)).toBe(false);
    const { exitCode } = await git.run(['merge-tree', '--write-tree', 'clash', 'theirs'], { accept: [1] });
    expect(exitCode).toBe(1);
    expect(existsSync(mark)).toBe(false);
  });

  it('reads and merges history alike, whatever attributes happen to be checked out', async () => {
    const r = repo().commit('start', { files: { 'src/a.sql': 'a\nb\nc\n' } });
    r.branch('theirs').commit('theirs', { files: { 'src/a.sql': 'a\nX\nc\n' } });
    r.checkout('main').commit('ours', { files: { 'src/a.sql': 'a\nY\nc\n' } });
    const linked = join(temporaryFolder(), 'linked');
    r.git('worktree', 'add', '-q', '--detach', linked);
    const seen = async (dir: string) => {
      const git = await openGit(dir);
      const merged = await git.run(['merge-tree', '--write-tree', 'main', 'theirs'], { accept: [0, 1] });
      return [merged.exitCode, await git.text(['log', '-1', '-p', '-U0', '--format=%H', 'HEAD', '--'])];
    };
    const plain = await seen(r.dir);
    expect(plain).toEqual([1, expect.stringContaining('+Y')]);
    const attributes = '*.sql -diff merge=union\n';
    r.write({ '.gitattributes': attributes });
    expect(await seen(r.dir)).toEqual(plain);
    r.git('add', '.gitattributes');
    rmSync(join(r.dir, '.gitattributes'));
    expect(await seen(r.dir)).toEqual(plain);
    writeFileSync(join(linked, 'src', '.gitattributes'), attributes);
    expect(await seen(linked)).toEqual(plain);
    rmSync(dirname(linked), { recursive: true, force: true });
  });

  it('streams, stops git when the reader leaves, and says what failed with the arguments', async () => {
    const r = repo();
    for (let i = 0; i < 5; i++) r.commit(`commit ${i}`);
    const git = await openGit(r.dir);
    let all = '';
    for await (const chunk of git.stream(['log', '--format=%s', 'HEAD', '--'])) all += chunk.toString();
    expect(all.split('\n').filter(Boolean)).toHaveLength(5);
    for await (const chunk of git.stream(['log', 'HEAD', '--'])) {
      expect(chunk.length).toBeGreaterThan(0);
      break;
    }
    await expect(git.run(['cat-file', 'commit', 'f'.repeat(40)])).rejects.toMatchObject({
      code: 'git',
      details: { exitCode: 128 },
    });
    await expect(git.run(['log'], { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow(
      'enough',
    );
  });
});
