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
    base: null,
    suite: { name: 'unit', kind: 'unit', run: command, timeoutMs: 60_000, ...suite },
    service: smallService(service),
    log,
    signal: signal ?? new AbortController().signal,
  });
}

const unit: SuitePlan = { name: 'unit', kind: 'unit', run: 'true', timeoutMs: 60_000 };

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

  it('keeps the beginning and the end of 1 GB of output, in flat memory, and says what it left out', async () => {
    const sha = repository.commit({});
    const before = process.memoryUsage.rss();
    let highest = 0;
    const timer = setInterval(() => (highest = Math.max(highest, process.memoryUsage.rss())), 20);
    const result = await run(
      sha,
      'echo begun; yes 0123456789012345678901234567890123456789 | head -c 1000000000; echo; echo end',
    );
    clearInterval(timer);
    expect(result.tail.at(-1)).toBe('end');
    expect(statSync(log).size).toBeLessThan(13 * 1024 * 1024);
    expect(readFileSync(log, 'utf8')).toMatch(/^begun\n0123[^]*\n\[\d+ bytes of output left out here\]\n/);
    expect(result.logLeftOut).toBeGreaterThan(980_000_000);
    expect((highest - before) / 1e6).toBeLessThan(80);
  }, 60_000);

  it('takes 100 MB without a single new line', async () => {
    const sha = repository.commit({});
    const result = await run(sha, 'head -c 100000000 /dev/zero | tr "\\0" x; exit 1');
    expect(result).toMatchObject({ status: 'failed', exitCode: 1 });
    expect(statSync(log).size).toBeLessThan(13 * 1024 * 1024);
    expect(result.tail.join('').length).toBeLessThan(70_000);
  });

  it('has nothing to wait for on its input', async () => {
    expect(await run(repository.commit({}), 'read line || echo nothing; cat; echo over')).toMatchObject({
      status: 'passed',
      tail: ['nothing', 'over'],
    });
  });

  it('that passes has its daemons ended too, those that ignore SIGTERM and left its group as well', async () => {
    const sha = repository.commit({});
    const daemon = `setsid sh -c "trap '' TERM; sleep 600 & wait; sleep 600"`;
    const result = await run(sha, `for i in 1 2 3 4 5; do ${daemon} > /dev/null 2>&1 & done; sleep 0.3`);
    expect(result.status).toBe('passed');
    // What is left over is looked for after each test.
  });

  it('has a home and a place for temporary files of its own', async () => {
    const sha = repository.commit({});
    const result = await run(sha, 'touch ~/mine "$TMPDIR/mine" && echo "$HOME:$TMPDIR"');
    const [home = '', temporary = ''] = result.tail[0]?.split(':') ?? [];
    expect(home.startsWith(stateDir)).toBe(true);
    expect(temporary.startsWith(stateDir)).toBe(true);
    expect(existsSync(join(home, 'mine')) && existsSync(join(temporary, 'mine'))).toBe(true);
    await suites.dispose(sha, [unit]);
    expect(existsSync(home) || existsSync(temporary)).toBe(false);
  });

  it('that writes into the repository itself is found out', async () => {
    const sha = repository.commit({ 'a.txt': 'one' });
    const result = await run(
      sha,
      `echo two > '${repository.path}/a.txt'; echo x > '${repository.path}/new.txt'; git tag mine; git config alias.x status; echo 'exit 1' > '${repository.path}/.git/hooks/pre-push'`,
    );
    expect(result.status).toBe('passed');
    expect(new Set(result.touched)).toEqual(
      new Set(['a.txt', 'new.txt', 'refs/tags/mine', '.git/config', '.git/hooks/pre-push']),
    );
    expect((await run(sha, 'echo own > a.txt; touch "$ORCHESTRA_DATA_DIR/x"')).touched).toBeUndefined();
  });

  it('side by side with another, each in a work tree of its own', async () => {
    const sha = repository.commit({ 'a.txt': 'committed' });
    const both = ['unit', 'other'].map((name) =>
      suites.run({
        deployment: '20260101_000000',
        environment: 'production',
        sha,
        base: null,
        suite: {
          name,
          kind: 'unit',
          // Each waits for the other to have begun.
          run: `echo ${name} > a.txt; touch '${stateDir}/${name}'; until test -e '${stateDir}/unit' -a -e '${stateDir}/other'; do sleep 0.02; done; cat a.txt; echo $PORT`,
          timeoutMs: 20_000,
          tree: name,
        },
        service: smallService({}),
        log: join(stateDir, 'logs', `${name}.log`),
        signal: new AbortController().signal,
      }),
    );
    const [one, two] = await Promise.all(both);
    expect([one?.tail[0], two?.tail[0]]).toEqual(['unit', 'other']);
    expect(one?.tail[1]).not.toBe(two?.tail[1]);
    await suites.dispose(sha, [
      { ...unit, tree: 'unit' },
      { ...unit, tree: 'other' },
    ]);
    expect(readdirSync(join(stateDir, 'worktrees'))).toEqual([]);
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
    await suites.dispose(sha, [unit]);
    await suites.dispose(sha, [unit]);
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
