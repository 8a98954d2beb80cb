import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../providers/runtime/clock.ts';
import { processesWith } from '../../../providers/runtime/process-table.ts';
import { createRunner, runMark } from '../../../providers/runtime/runner.ts';
import { createSuiteRunner } from '../../../providers/suites/suite-runner.ts';
import type { ServicePlan, SuitePlan } from '../../../src/domain/plan.ts';
import type { SuiteRunner } from '../../../src/ports/suites.ts';
import { temporaryFolder } from '../../harness/folder.ts';
import { smallService } from '../../harness/small-app.ts';
import { temporaryRepository, type TemporaryRepository } from '../../harness/temporary-repository.ts';

let repository: TemporaryRepository;
let stateDir: string;
let suites: SuiteRunner;
let log: string;

beforeEach(async () => {
  repository = await temporaryRepository();
  stateDir = temporaryFolder();
  suites = createSuiteRunner({
    git: repository.git,
    runner: createRunner({ killAfterMs: 300 }),
    stateDir,
    clock: systemClock,
  });
  log = join(stateDir, 'logs', 'unit.log');
});
afterEach(() => {
  expect(processesWith({ [runMark]: `${stateDir}#20260101_000000/unit` })).toEqual([]);
  repository.remove();
  rmSync(stateDir, { recursive: true, force: true });
});

function run(
  sha: string,
  command: string,
  {
    suite = {},
    service = {},
    signal,
  }: { suite?: Partial<SuitePlan>; service?: Partial<ServicePlan>; signal?: AbortSignal } = {},
) {
  return suites.run({
    deployment: '20260101_000000',
    environment: 'production',
    sha,
    suite: { name: 'unit', kind: 'unit', run: command, timeoutMs: 60_000, ...suite },
    service: smallService(service),
    log,
    signal: signal ?? new AbortController().signal,
  });
}

/** A project whose install counts itself and makes one package. */
const lockfile = { 'package-lock.json': '{"lockfileVersion":3}', 'package.json': '{"name":"shop"}' };
const installs = () => readFileSync(join(stateDir, 'installs.txt'), 'utf8').length;
const install = () =>
  `printf x >> '${stateDir}/installs.txt'; mkdir -p node_modules/left-pad && echo 'module.exports = 1' > node_modules/left-pad/index.js`;
const usesIt = `'${process.execPath}' -e 'require("left-pad")'`;

describe('a suite', () => {
  it('S4 runs in a clean tree of the candidate, not in the user’s', async () => {
    const sha = repository.commit({ 'a.txt': 'committed' });
    writeFileSync(join(repository.path, 'a.txt'), 'only on disk');
    const result = await run(sha, 'cat a.txt; pwd');
    expect(result).toMatchObject({ suite: 'unit', kind: 'unit', status: 'passed', exitCode: 0, log });
    expect(result.tail).toEqual([`committed${join(stateDir, 'worktrees', `test-${sha.slice(0, 12)}`)}`]);
  });

  it('S4 that fails names the failing tests, wherever they stand in its output', async () => {
    const sha = repository.commit({});
    const result = await run(sha, 'echo "ok 1 - a"; echo "not ok 2 - most sold first"; seq 100; exit 1');
    expect(result.failures).toEqual(['not ok 2 - most sold first']);
    expect(result.tail).not.toContain('not ok 2 - most sold first');
    expect((await run(sha, 'echo "not ok 1 - # TODO"; exit 0')).failures).toBeUndefined();
  });

  it('S4 that fails says with which exit code, and shows its last 40 lines made safe', async () => {
    const sha = repository.commit({});
    const result = await run(sha, 'seq 100; printf "\\033]0;owned\\007 last\\n"; exit 3');
    expect(result).toMatchObject({ status: 'failed', exitCode: 3 });
    expect(result.tail).toHaveLength(40);
    expect(result.tail.at(-1)).toBe('\ufffd]0;owned\ufffd last');
    expect(readFileSync(log, 'utf8').split('\n').slice(0, 2)).toEqual(['1', '2']);
  });

  it('S4 that hangs is ended with all its children at its time-out', async () => {
    const sha = repository.commit({});
    const result = await run(sha, `(trap '' TERM; sleep 600) & setsid sleep 600 & echo begun; sleep 600`, {
      suite: { timeoutMs: 300 },
    });
    expect(result).toMatchObject({ status: 'timed_out', exitCode: null, tail: ['begun'] });
  });

  it('has its whole output in the log: 200 MB in flat memory', async () => {
    const sha = repository.commit({});
    const before = process.memoryUsage.rss();
    let highest = 0;
    const timer = setInterval(() => (highest = Math.max(highest, process.memoryUsage.rss())), 20);
    const result = await run(
      sha,
      'yes 0123456789012345678901234567890123456789 | head -c 200000000; echo; echo end',
    );
    clearInterval(timer);
    expect(result.tail.at(-1)).toBe('end');
    expect(statSync(log).size).toBe(200_000_005);
    expect((highest - before) / 1e6).toBeLessThan(80);
  });

  it('rejects with the reason when the deployment is aborted, and is ended', async () => {
    const sha = repository.commit({});
    const abort = new AbortController();
    const running = run(sha, 'echo begun; sleep 600', { signal: abort.signal });
    await expect
      .poll(() => existsSync(log) && readFileSync(log, 'utf8'), { timeout: 10_000 })
      .toBe('begun\n');
    abort.abort(new Error('taken back'));
    await expect(running).rejects.toThrow('taken back');
  });

  it('N4 ends what the same suite left running when its conductor was killed', async () => {
    const mark = { [runMark]: `${stateDir}#20260101_000000/unit` };
    const leftover = spawn('sleep', ['600'], {
      env: { PATH: process.env['PATH'], ...mark },
      stdio: 'ignore',
    });
    const exit = once(leftover, 'exit');
    expect((await run(repository.commit({}), 'true')).status).toBe('passed');
    expect(await exit).toEqual([null, 'SIGTERM']);
  });

  it('gets a port and a data folder of its own, and nothing of the caller’s', async () => {
    process.env['ORCHESTRA_TEST_SECRET'] = 'hidden';
    const sha = repository.commit({});
    const result = await run(sha, 'env; test -d "$ORCHESTRA_DATA_DIR"', {
      service: { portEnv: 'LISTEN', variables: { STORE: '${ORCHESTRA_DATA_DIR}/x' } },
    });
    delete process.env['ORCHESTRA_TEST_SECRET'];
    const data = join(stateDir, 'worktrees', `test-${sha.slice(0, 12)}.data`);
    expect(result.status).toBe('passed');
    expect(result.tail).toEqual(
      expect.arrayContaining([
        'CI=1',
        `ORCHESTRA_VERSION=${sha}`,
        `STORE=${data}/x`,
        expect.stringMatching(/^LISTEN=\d+$/),
      ]),
    );
    expect(result.tail.join()).not.toContain('hidden');
  });

  it('leaves nothing once disposed of', async () => {
    const sha = repository.commit({});
    await run(sha, 'touch made; touch "$ORCHESTRA_DATA_DIR/data"');
    await suites.dispose(sha);
    await suites.dispose(sha);
    expect(readdirSync(join(stateDir, 'worktrees'))).toEqual([]);
    expect(await repository.git.text(['worktree', 'list', '--porcelain'])).not.toContain(stateDir);
  });
});

describe('dependencies', () => {
  it('are installed once for all versions with the same lockfile, each with its own copy', async () => {
    const first = repository.commit(lockfile);
    const second = repository.commit({ 'a.js': '1' });
    const service = { install: install() };
    expect(
      (await run(first, `${usesIt} && echo broken > node_modules/left-pad/index.js`, { service })).status,
    ).toBe('passed');
    expect((await run(second, usesIt, { service })).status).toBe('passed');
    expect(installs()).toBe(1);
  });

  it.each([
    ['the lockfile', { 'package-lock.json': '{"lockfileVersion":3,"packages":{}}' }, ''],
    ['a setting of the package manager', { '.npmrc': 'omit=dev' }, ''],
    ['the command', {}, ' && true'],
  ])('are installed anew when %s changed', async (_, change, suffix) => {
    const first = repository.commit(lockfile);
    const second = repository.commit({ ...change, 'b.txt': 'b' });
    await run(first, usesIt, { service: { install: install() } });
    await run(second, usesIt, { service: { install: install() + suffix } });
    expect(installs()).toBe(2);
  });

  it.each([
    ['there is no lockfile', { 'package.json': '{}' }, ''],
    [
      'the project runs scripts of its own on install',
      { ...lockfile, 'package.json': '{"scripts":{"postinstall":"x"}}' },
      '',
    ],
    ['it has workspaces', { ...lockfile, 'package.json': '{"workspaces":["a"]}' }, ''],
    ['the install makes more than packages', lockfile, ' && touch built.js'],
    ['the lockfile is a link', { 'package.json': '{}', 'package-lock.json': { link: '/dev/zero' } }, ''],
  ])('are not shared when %s', async (_, files, suffix) => {
    const first = repository.commit(files);
    const second = repository.commit({ 'b.txt': 'b' });
    for (const sha of [first, second]) await run(sha, usesIt, { service: { install: install() + suffix } });
    expect(installs()).toBe(2);
  });

  it('are never copied through a link that a commit made of node_modules', async () => {
    const outside = join(stateDir, 'outside');
    mkdirSync(outside);
    const service = { install: `test -L node_modules || { ${install()}; }` };
    await run(repository.commit(lockfile), 'true', { service });
    const hostile = repository.commit({ node_modules: { link: outside } });
    expect((await run(hostile, 'test -L node_modules', { service })).status).toBe('passed');
    expect(readdirSync(outside)).toEqual([]);
  });

  it('keep the five installs used last', async () => {
    for (let n = 0; n < 7; n++) {
      const sha = repository.commit({ ...lockfile, 'package-lock.json': `{"n":${n}}` });
      await run(sha, usesIt, { service: { install: install() } });
    }
    expect(readdirSync(join(stateDir, 'installs'))).toHaveLength(5);
  });

  it('that cannot be installed fail the run with the reason, and are tried again next time', async () => {
    const sha = repository.commit(lockfile);
    const service = { install: `test -e '${stateDir}/online' || { echo no network; exit 4; }` };
    await expect(run(sha, 'true', { service })).rejects.toMatchObject({
      code: 'install-failed',
      details: { log: ['no network'], exitCode: 4 },
    });
    writeFileSync(join(stateDir, 'online'), '');
    expect((await run(sha, 'true', { service })).status).toBe('passed');
  });
});
