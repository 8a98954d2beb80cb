import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { openGit } from '../../../providers/runtime/git.ts';
import { createFile, excludeFromGit, projectFiles } from '../../../providers/runtime/project-files.ts';
import { init, memoryExcluded } from '../../../src/faces/cli/init.ts';
import { git, makeSample, temporaryFolder } from '../../demo/repository.ts';

describe("a repository's files for init", () => {
  const { folder, remove } = temporaryFolder();
  afterAll(remove);

  it('lists what git tracks or would, and never reads through a link or out of the repository', async () => {
    const root = path.join(folder, 'links');
    mkdirSync(root);
    git(root, ['init', '--quiet']);
    writeFileSync(path.join(folder, 'secret'), 'secret');
    writeFileSync(path.join(root, '.gitignore'), 'ignored\n');
    writeFileSync(path.join(root, 'ignored'), 'x');
    writeFileSync(path.join(root, 'ünï code'), 'text');
    symlinkSync('../secret', path.join(root, 'link'));
    const files = projectFiles(await openGit(root));
    expect((await files.list()).sort()).toEqual(['.gitignore', 'link', 'ünï code']);
    expect(await files.read('ünï code')).toBe('text');
    for (const name of ['link', '../secret', 'nothing']) expect(await files.read(name)).toBeUndefined();
  });

  it('M1 leaves branches free to be switched after a deployment, and the history where it is', async () => {
    const shop = path.join(folder, 'switched');
    mkdirSync(shop);
    const run = (...args: string[]) =>
      git(shop, ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args]).text;
    run('init', '--quiet', '--initial-branch', 'main');
    run('commit', '--quiet', '--allow-empty', '-m', 'first');
    run('branch', 'dev');
    const repository = await openGit(shop);
    await init({
      files: projectFiles(repository),
      folder: 'shop',
      branches: {},
      start: 'bin/serve',
      documents: [{ path: 'deployment_memory/config.json', text: '{}' }],
      create: (name, text) => createFile(repository.root, name, text),
      exclude: (lines) => excludeFromGit(repository, lines),
    });
    expect(run('status', '--porcelain')).toBe('?? orchestra.yaml');
    run('add', '--all');
    run('commit', '--quiet', '-m', 'build: deploy with orchestrate');
    const record = path.join(shop, 'deployment_memory/history/20260131_142500/deployment.json');
    mkdirSync(path.dirname(record), { recursive: true });
    for (const file of [record, path.join(shop, 'deployment_memory/config.json')])
      writeFileSync(file, '{"deployments":1}');
    expect(run('status', '--porcelain')).toBe('');
    run('checkout', '--quiet', 'dev');
    run('checkout', '--quiet', 'main');
    expect(readFileSync(record, 'utf8')).toBe('{"deployments":1}');
  });

  it('initialises the sample as anybody would, once, and keeps the memory out of git', async () => {
    const shop = makeSample(folder).folder;
    git(shop, ['rm', '--quiet', 'orchestra.yaml']);
    const repository = await openGit(shop);
    const run = () =>
      init({
        files: projectFiles(repository),
        folder: 'shop',
        branches: {},
        create: (name, text) => createFile(repository.root, name, text),
        exclude: (lines) => excludeFromGit(repository, lines),
      });
    const { created, detected } = await run();
    expect(created).toEqual(['orchestra.yaml']);
    expect(detected).toMatchObject({
      start: 'npm run start',
      migrate: 'npm run migrate',
      test: 'npm run test',
      health: { path: '/healthz', guessed: false },
      port: 3000,
      portEnv: { name: 'PORT', sure: true },
    });
    expect((await run()).created).toEqual([]);
    const excluded = readFileSync(path.join(shop, '.git/info/exclude'), 'utf8').split('\n');
    for (const line of memoryExcluded) expect(excluded.filter((held) => held === line)).toEqual([line]);
  });
});
