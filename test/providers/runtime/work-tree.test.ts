import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../providers/runtime/clock.ts';
import { openWorkTrees, type WorkTrees } from '../../../providers/runtime/work-tree.ts';
import { temporaryFolder } from '../../harness/folder.ts';
import { gitEnvironment } from '../../harness/git-environment.ts';
import { temporaryRepository, type TemporaryRepository } from '../../harness/temporary-repository.ts';

let repository: TemporaryRepository;
let stateDir: string;
let trees: WorkTrees;
let first: string;
let second: string;

beforeEach(async () => {
  repository = await temporaryRepository();
  stateDir = temporaryFolder();
  trees = openWorkTrees({ git: repository.git, stateDir, clock: systemClock });
  first = repository.commit({ 'a.txt': 'first' });
  second = repository.commit({ 'a.txt': 'second' });
});
afterEach(() => {
  repository.remove();
  rmSync(stateDir, { recursive: true, force: true });
});

const read = (path: string) => readFileSync(join(path, 'a.txt'), 'utf8');
const listed = () =>
  execFileSync('git', ['worktree', 'list', '--porcelain'], {
    cwd: repository.path,
    env: gitEnvironment,
    encoding: 'utf8',
  })
    .split('\n')
    .filter((line) => line.startsWith('worktree '));

describe('a version’s work tree', () => {
  it('holds the version’s files, outside the repository, and leaves the user’s own alone', async () => {
    writeFileSync(join(repository.path, 'a.txt'), 'not committed');
    const tree = await trees.add('test', first);
    expect(tree.path).toBe(join(stateDir, 'worktrees', `test-${first.slice(0, 12)}`));
    expect(read(tree.path)).toBe('first');
    expect(read(repository.path)).toBe('not committed');
    expect(await repository.git.text(['rev-parse', 'HEAD'])).toBe(second);
  });

  it('is there once, however often it is asked for, and runs a step once', async () => {
    const [tree, same] = await Promise.all([trees.add('test', first), trees.add('test', first)]);
    expect(same.path).toBe(tree.path);
    let runs = 0;
    const step = async () => {
      runs++;
    };
    await tree.once('install', 'npm ci', step);
    await (await trees.add('test', first)).once('install', 'npm ci', step);
    expect(runs).toBe(1);
    await tree.once('install', 'npm install', step);
    expect(runs).toBe(2);
  });

  it('runs a step again that failed', async () => {
    const tree = await trees.add('test', first);
    await expect(tree.once('install', 'x', () => Promise.reject(new Error('network')))).rejects.toThrow(
      'network',
    );
    let ran = false;
    await tree.once('install', 'x', async () => {
      ran = true;
    });
    expect(ran).toBe(true);
  });

  it.each([
    ['its .git file is gone', (path: string) => unlinkSync(join(path, '.git'))],
    [
      'it was only a folder',
      (path: string) => {
        rmSync(path, { recursive: true });
        mkdirSync(path);
      },
    ],
    ['it was removed by hand', (path: string) => rmSync(path, { recursive: true })],
    [
      'the creation was interrupted',
      (path: string) => {
        rmSync(`${path}.json`);
        writeFileSync(join(path, 'a.txt'), 'half');
      },
    ],
    [
      'what is known of it does not parse',
      (path: string) => {
        writeFileSync(`${path}.json`, '{');
        writeFileSync(join(path, 'a.txt'), 'half');
      },
    ],
    [
      'another version was checked out in it',
      (path: string) => {
        execFileSync('git', ['checkout', '-q', '--detach', second], { cwd: path, env: gitEnvironment });
      },
    ],
  ])('is made anew where %s', async (_, damage) => {
    const { path } = await trees.add('test', first);
    damage(path);
    expect(read((await trees.add('test', first)).path)).toBe('first');
    expect(listed()).toEqual([`worktree ${repository.path}`, `worktree ${path}`]);
  });

  it('is whole even where the user’s own work tree is sparse', async () => {
    const sha = repository.commit({ 'kept/a.txt': 'a', 'hidden/b.txt': 'b' });
    await repository.git.run(['sparse-checkout', 'set', 'kept']);
    expect(existsSync(join(repository.path, 'hidden'))).toBe(false);
    const { path } = await trees.add('test', sha);
    expect(readFileSync(join(path, 'hidden/b.txt'), 'utf8')).toBe('b');
    expect(existsSync(join(repository.path, 'hidden'))).toBe(false);
  });

  it('leaves nothing when removed, and no other work tree is forgotten', async () => {
    const away = join(stateDir, 'on-a-disk-that-is-not-mounted');
    await repository.git.run(['worktree', 'add', '--detach', away, second]);
    rmSync(away, { recursive: true });
    const { path } = await trees.add('test', first);
    await trees.remove('test', first);
    await trees.remove('test', first);
    expect(existsSync(path)).toBe(false);
    expect(existsSync(`${path}.json`)).toBe(false);
    expect(listed()).toEqual([`worktree ${repository.path}`, `worktree ${away}`]);
  });

  it('runs no hook and follows no link out of it when it is made and removed', async () => {
    const outside = temporaryFolder();
    writeFileSync(join(outside, 'kept.txt'), 'kept');
    const hostile = repository.commit({ out: { link: outside }, node_modules: { link: outside } });
    const hook = join(repository.path, '.git', 'hooks', 'post-checkout');
    writeFileSync(hook, `#!/bin/sh\ntouch '${outside}/hooked'\n`, { mode: 0o755 });
    const { path } = await trees.add('test', hostile);
    expect(lstatSync(join(path, 'out')).isSymbolicLink()).toBe(true);
    await trees.remove('test', hostile);
    expect(readFileSync(join(outside, 'kept.txt'), 'utf8')).toBe('kept');
    expect(existsSync(join(outside, 'hooked'))).toBe(false);
    rmSync(outside, { recursive: true });
  });
});
