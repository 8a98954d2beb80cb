import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLocalPlatform } from '../../../providers/platforms/local/local-platform.ts';
import { systemClock } from '../../../providers/runtime/clock.ts';
import { processesWith } from '../../../providers/runtime/process-table.ts';
import { createRunner } from '../../../providers/runtime/runner.ts';
import type { Version } from '../../../src/domain/event.ts';
import type { Instance, Platform, PlatformRequest } from '../../../src/ports/platform.ts';
import { platformContract, type PlatformSubject } from '../../contract/platform.ts';
import { bundled } from '../../harness/bundled.ts';
import { ask, healthyApp, smallService } from '../../harness/small-app.ts';
import { temporaryFolder } from '../../harness/folder.ts';
import { gitEnvironment } from '../../harness/git-environment.ts';
import { temporaryRepository } from '../../harness/temporary-repository.ts';

const deafApp = `process.on('SIGTERM', () => {}); setInterval(() => {}, 1000);`;
const exitingApp = `console.error('fatal: no database \\u001b]0;owned\\u0007'); process.exit(3);`;

async function open() {
  const repository = await temporaryRepository();
  const stateDir = temporaryFolder();
  const data = join(stateDir, 'env', 'production', 'data');
  const platform = () =>
    createLocalPlatform({ git: repository.git, runner: createRunner(), stateDir, clock: systemClock });
  const version = (name: string, files: Record<string, string>): Version => ({
    name,
    sha: repository.commit({ 'name.txt': name, ...files }),
  });
  const leftovers = () => [
    ...processesWith({ ORCHESTRA_DATA_DIR: data }).map((row) => `process ${row.pid}`),
    ...(existsSync(join(stateDir, 'worktrees')) ? readdirSync(join(stateDir, 'worktrees')) : []),
    ...execFileSync('git', ['worktree', 'list', '--porcelain'], {
      cwd: repository.path,
      env: gitEnvironment,
      encoding: 'utf8',
    })
      .split('\n')
      .filter((line) => line.startsWith('worktree ') && line !== `worktree ${repository.path}`),
  ];
  const dispose = () => {
    repository.remove();
    rmSync(stateDir, { recursive: true, force: true });
  };
  return { repository, stateDir, data, platform, version, leftovers, dispose };
}

platformContract('the local machine', async (): Promise<PlatformSubject> => {
  const { platform, version, leftovers, dispose } = await open();
  const versions = {
    first: version('first', { 'app.mjs': healthyApp }),
    second: version('second', { 'app.mjs': healthyApp }),
    exits: version('exits', { 'app.mjs': exitingApp }),
    deaf: version('deaf', { 'app.mjs': deafApp }),
  };
  return {
    platform: platform(),
    reopen: platform,
    version: (kind) => versions[kind],
    service: (changes) => smallService({ stopTimeoutMs: 300, ...changes }),
    commands: { succeeds: 'true', fails: 'echo it broke; exit 9' },
    get: ask,
    leftovers,
    dispose,
  };
});

describe('the local platform', () => {
  let world: Awaited<ReturnType<typeof open>>;
  let platform: Platform;
  let started: { environment: string; sha: string }[];
  beforeEach(async () => {
    world = await open();
    platform = world.platform();
    started = [];
  });
  afterEach(async () => {
    for (const { environment, sha } of started) await platform.stop(environment, sha, 1000);
    expect(world.leftovers()).toEqual([]);
    world.dispose();
  });

  const request = (version: Version, changes: Partial<PlatformRequest> = {}): PlatformRequest => {
    started.push({ environment: changes.environment ?? 'production', sha: version.sha });
    return {
      environment: 'production',
      version,
      service: smallService(),
      variables: {},
      fence: 1,
      ...changes,
    };
  };
  const start = (version: Version, changes?: Partial<PlatformRequest>, migrate = false) =>
    platform.start(request(version, changes), { migrate });
  const recordOf = (sha: string) => join(world.stateDir, 'env', 'production', 'instances', `${sha}.json`);

  const running = (sha: string) =>
    processesWith({ ORCHESTRA_INSTANCE: `production/${sha}` }).map((row) => row.pid);

  async function conductor(order: {
    request: PlatformRequest;
    dieAt: string;
    moment: string;
    migrate: boolean;
  }) {
    const { stateDir, repository } = world;
    const whole = JSON.stringify({ ...order, stateDir, repository: repository.path });
    const child = spawn(process.execPath, [await bundled('conductor-that-dies.ts'), whole], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    return { end: await once(child, 'close'), output };
  }

  async function conductorThatDies(order: Parameters<typeof conductor>[0]) {
    expect((await conductor(order)).end).toEqual([null, 'SIGKILL']);
  }

  it('gives one copy to three processes that ask at the same time, and it outlives them', async () => {
    const version = world.version('v1', { 'app.mjs': healthyApp });
    const order = { request: request(version), dieAt: '^never$', moment: 'line', migrate: false };
    const ends = await Promise.all([conductor(order), conductor(order), conductor(order)]);
    const [instance] = await platform.running('production');
    expect(ends).toEqual(
      Array.from({ length: 3 }, () => ({ end: [0, null], output: `${JSON.stringify(instance)}\n` })),
    );
    expect(running(version.sha)).toEqual([instance?.pid]);
    expect(await ask(instance?.port ?? 0, '/name')).toBe('v1');
  });

  it.each([
    ['before anything was done', /^preparing/],
    ['while it installed', /^installing/],
    ['just before the app was started', /^starting/],
    ['while it waited for the app', /^waiting for/],
  ])('N4 goes on where a conductor was killed %s', async (_, at) => {
    const version = world.version('slow', {
      'app.mjs': `
        import { appendFileSync } from 'node:fs';
        appendFileSync(process.env.ORCHESTRA_DATA_DIR + '/starts', process.pid + ' ');
        await new Promise((resolve) => setTimeout(resolve, 400));
        ${healthyApp}`,
    });
    const asked = request(version, { service: smallService({ install: 'echo installed > installed.txt' }) });
    await conductorThatDies({ request: asked, dieAt: at.source, moment: 'line', migrate: false });
    const instance = await platform.start(asked, { migrate: false });
    expect(await ask(instance.port, '/name')).toBe('slow');
    const starts = readFileSync(join(world.data, 'starts'), 'utf8').trim().split(' ');
    expect(starts).toEqual([String(instance.pid)]);
  });

  it('N4 leaves nothing unowned where a conductor was killed right after it started the app', async () => {
    const version = world.version('v1', { 'app.mjs': healthyApp });
    const asked = request(version);
    await conductorThatDies({ request: asked, dieAt: '^starting', moment: 'now', migrate: false });
    expect(existsSync(recordOf(version.sha))).toBe(false);
    const [unowned] = running(version.sha);
    expect(unowned).toBeGreaterThan(0);
    const instance = await platform.start(asked, { migrate: false });
    expect(running(version.sha)).toEqual([instance.pid]);
    expect(instance.pid).not.toBe(unowned);
  });

  it('N4 waits for the migration of a conductor that was killed, and does not run it again', async () => {
    const version = world.version('v1', { 'app.mjs': healthyApp });
    const migration =
      'cd "$ORCHESTRA_DATA_DIR" && mkdir migrating && sleep 0.5 && rmdir migrating && echo done >> done';
    const asked = request(version, { service: smallService({ migrate: migration }) });
    await conductorThatDies({ request: asked, dieAt: '^migrating', moment: 'sleep', migrate: true });
    await platform.start(asked, { migrate: true });
    expect(readFileSync(join(world.data, 'done'), 'utf8')).toBe('done\n');
  });

  it('starts nothing any more for a conductor that was overtaken while it installed', async () => {
    const version = world.version('v1', { 'app.mjs': healthyApp });
    const other = world.version('v2', { 'app.mjs': healthyApp });
    let overtaken: Promise<void> | undefined;
    const starting = start(version, {
      service: smallService({ install: 'sleep 0.4' }),
      onProgress: (line) => {
        if (line.startsWith('installing')) overtaken = world.platform().stop('production', other.sha, 2);
      },
    });
    await expect(starting).rejects.toMatchObject({ code: 'fenced' });
    await overtaken;
    expect(running(version.sha)).toEqual([]);
  });

  it('lets the conductor that overtook have the version, not the one that hangs in its install', async () => {
    const version = world.version('v1', { 'app.mjs': healthyApp });
    const hanging = { install: `test -e "${world.stateDir}/second" || sleep 600` };
    let second: Promise<Instance> | undefined;
    const first = start(version, {
      service: smallService(hanging),
      onProgress: (line) => {
        if (!line.startsWith('installing')) return;
        writeFileSync(join(world.stateDir, 'second'), '');
        second = world
          .platform()
          .start(request(version, { service: smallService(hanging), fence: 2 }), { migrate: false });
      },
    });
    await expect(first).rejects.toThrow();
    const instance = await second;
    expect(running(version.sha)).toEqual([instance?.pid]);
  });

  it.each(['install', 'build', 'migrate'] as const)(
    'ends the %s command when it is aborted',
    async (step) => {
      const version = world.version('v1', { 'app.mjs': healthyApp });
      const abort = new AbortController();
      const begun = join(world.stateDir, 'begun');
      const service = smallService({ [step]: `touch '${begun}'; sleep 600 & sleep 600`, stopTimeoutMs: 300 });
      const starting = start(version, { service, signal: abort.signal }, true);
      const timer = setInterval(() => {
        if (existsSync(begun)) abort.abort(new Error('enough'));
      }, 20);
      await expect(starting).rejects.toThrow('enough');
      clearInterval(timer);
      expect(processesWith({ ORCHESTRA_DATA_DIR: world.data })).toEqual([]);
    },
  );

  it('takes no other process for its own because the pid is the same', async () => {
    const version = world.version('v1', { 'app.mjs': healthyApp });
    const first = await start(version);
    await platform.stop('production', version.sha, 1);
    const stranger = spawn('sleep', ['60'], { stdio: 'ignore' });
    const record = {
      schema: 'orchestra/instance@1',
      ...first,
      pid: stranger.pid,
      logFrom: 0,
      startedAt: new Date().toISOString(),
      stopTimeoutMs: 100,
    };
    mkdirSync(join(world.stateDir, 'env', 'production', 'instances'), { recursive: true });
    writeFileSync(recordOf(version.sha), JSON.stringify(record));
    expect(await platform.running('production')).toEqual([]);
    const second = await start(version);
    expect(second.pid).not.toBe(stranger.pid);
    await platform.stop('production', version.sha, 1);
    expect(stranger.exitCode ?? stranger.signalCode).toBeNull();
    const exit = once(stranger, 'exit');
    stranger.kill('SIGKILL');
    await exit;
  });

  it('starts a killed version again', async () => {
    const version = world.version('v1', { 'app.mjs': healthyApp });
    const first = await start(version);
    process.kill(first.pid, 'SIGKILL');
    await expect.poll(() => platform.running('production')).toEqual([]);
    const second = await start(version);
    expect(second.startTime).not.toBe(first.startTime);
    expect(await ask(second.port, '/name')).toBe('v1');
  });

  it('frees what a version held that died, once another is started, and keeps its log', async () => {
    const dead = world.version('v1', { 'app.mjs': healthyApp });
    const next = world.version('v2', { 'app.mjs': healthyApp });
    const instance = await start(dead);
    process.kill(instance.pid, 'SIGKILL');
    await expect.poll(() => platform.running('production')).toEqual([]);
    await start(next);
    expect(
      readdirSync(join(world.stateDir, 'worktrees')).filter((name) => name.includes(dead.sha.slice(0, 12))),
    ).toEqual([]);
    expect(existsSync(recordOf(dead.sha))).toBe(false);
    expect(existsSync(recordOf(next.sha))).toBe(true);
    expect(readFileSync(instance.log, 'utf8')).toBe('listening\n');
  });

  it('ends a copy whose record was lost before it starts another', async () => {
    const version = world.version('v1', { 'app.mjs': healthyApp });
    const lost = await start(version);
    rmSync(recordOf(version.sha));
    const found = await start(version);
    expect(found.pid).not.toBe(lost.pid);
    expect(await ask(lost.port, '/name')).toBeUndefined();
    expect(running(version.sha)).toEqual([found.pid]);
  });

  it('goes on past a record that does not parse', async () => {
    const version = world.version('v1', { 'app.mjs': healthyApp });
    await start(version);
    writeFileSync(recordOf(version.sha), '{"schema": "orch');
    expect(await platform.running('production')).toEqual([]);
    expect(await ask((await start(version)).port, '/name')).toBe('v1');
  });

  it('replaces a copy that runs but is not healthy', async () => {
    const version = world.version('v1', {
      'app.mjs': `
        import { existsSync } from 'node:fs';
        const sick = () => existsSync(process.env.ORCHESTRA_DATA_DIR + '/sick-' + process.pid);
        ${healthyApp.replace("request.url === '/healthz' ?", "request.url === '/healthz' && !sick() ?")}`,
    });
    const service = smallService({ health: { path: '/healthz', intervalMs: 20, timeoutMs: 3000 } });
    const first = await start(version, { service });
    writeFileSync(join(world.data, `sick-${first.pid}`), '');
    expect(await platform.healthy(first, service)).toBe(false);
    const second = await start(version, { service });
    expect(second.pid).not.toBe(first.pid);
    expect(await platform.healthy(second, service)).toBe(true);
    expect(await ask(first.port, '/name')).toBeUndefined();
  });

  it('ends an app that ignores SIGTERM, and the children it made, one of them out of its group', async () => {
    const version = world.version('forks', {
      'app.mjs': `
        import { spawn } from 'node:child_process';
        process.on('SIGTERM', () => {});
        spawn('sh', ['-c', 'trap "" TERM; while :; do sleep 1; done'], { stdio: 'ignore' });
        spawn('sleep', ['600'], { stdio: 'ignore', detached: true }).unref();
        ${healthyApp}`,
    });
    await start(version, { service: smallService({ stopTimeoutMs: 200 }) });
    await expect.poll(() => running(version.sha).length).toBeGreaterThanOrEqual(3);
    await platform.stop('production', version.sha, 1);
    expect(running(version.sha)).toEqual([]);
  });

  it('E3 hands over the port, what was set and what Orchestra knows, and nothing of the caller', async () => {
    process.env['ORCHESTRA_TEST_TOKEN'] = 's3cret';
    process.env['ORCHESTRA_TEST_OTHER'] = 'not for the app';
    const version = world.version('v1', {
      'app.mjs': healthyApp.replace('process.env.PORT', 'process.env.LISTEN_ON'),
    });
    const lines: string[] = [];
    const instance = await start(version, {
      service: smallService({ portEnv: 'LISTEN_ON', variables: { LEVEL: 'service', MODE: 'plain' } }),
      variables: {
        LEVEL: 'environment',
        TOKEN: 'Bearer ${ORCHESTRA_TEST_TOKEN}',
        FILE: '${ORCHESTRA_DATA_DIR}/shop.json',
      },
      onProgress: (line) => lines.push(line),
    });
    const seen: unknown = JSON.parse((await ask(instance.port, '/env')) ?? '{}');
    delete process.env['ORCHESTRA_TEST_TOKEN'];
    delete process.env['ORCHESTRA_TEST_OTHER'];
    expect(seen).toMatchObject({
      LISTEN_ON: String(instance.port),
      LEVEL: 'environment',
      MODE: 'plain',
      TOKEN: 'Bearer s3cret',
      FILE: join(world.data, 'shop.json'),
      ORCHESTRA_VERSION: version.sha,
      ORCHESTRA_ENVIRONMENT: 'production',
      ORCHESTRA_DATA_DIR: world.data,
      PATH: process.env['PATH'],
    });
    expect(seen).not.toHaveProperty('ORCHESTRA_TEST_OTHER');
    expect(statSync(world.data).isDirectory()).toBe(true);
    for (const file of readdirSync(world.stateDir, { recursive: true, encoding: 'utf8' })) {
      const path = join(world.stateDir, file);
      if (statSync(path).isFile()) expect(readFileSync(path, 'utf8'), path).not.toContain('s3cret');
    }
    expect(lines.join()).not.toContain('s3cret');
  });

  it('asks for another port when one was taken in between', async () => {
    const version = world.version('v1', {
      'app.mjs': `
        import { existsSync, writeFileSync } from 'node:fs';
        const once = process.env.ORCHESTRA_DATA_DIR + '/tried';
        if (!existsSync(once)) {
          writeFileSync(once, '');
          throw Object.assign(new Error('listen EADDRINUSE: address already in use 127.0.0.1'), { code: 'EADDRINUSE' });
        }
        ${healthyApp}`,
    });
    expect(await ask((await start(version)).port, '/name')).toBe('v1');
  });

  it('migrates before it starts, with the app’s own environment, and shows why it failed', async () => {
    const version = world.version('v1', {
      'app.mjs': healthyApp,
      'migrate.sh': 'echo "$1 $MODE $PORT" >> "$ORCHESTRA_DATA_DIR/done"',
    });
    const service = smallService({ migrate: 'sh migrate.sh up', variables: { MODE: 'expand' } });
    await start(version, { service }, true);
    expect(readFileSync(join(world.data, 'done'), 'utf8')).toMatch(/^up expand \d+\n$/);
    const broken = world.version('v2', { 'app.mjs': healthyApp });
    await expect(
      start(broken, { service: smallService({ migrate: 'echo column exists already; exit 4' }) }, true),
    ).rejects.toMatchObject({
      code: 'migrate-failed',
      message: expect.stringContaining('ended with exit code 4'),
      hint: expect.stringContaining('may be half migrated'),
      details: { log: ['column exists already'] },
    });
  });

  it('R1 takes a migration back once only, whoever asks again, until the version is started anew', async () => {
    const version = world.version('v1', { 'app.mjs': healthyApp });
    const service = smallService({ migrateDown: 'echo down >> "$ORCHESTRA_DATA_DIR/undone"' });
    await start(version, { service });
    await platform.stop('production', version.sha, 1);
    await platform.migrateDown(request(version, { service }));
    await world.platform().migrateDown(request(version, { service }));
    expect(readFileSync(join(world.data, 'undone'), 'utf8')).toBe('down\n');
    await platform.stop('production', version.sha, 1);
    await start(version, { service });
    await platform.migrateDown(request(version, { service }));
    expect(readFileSync(join(world.data, 'undone'), 'utf8')).toBe('down\ndown\n');
    const failing = smallService({ migrateDown: 'exit 3' });
    const other = world.version('v2', { 'app.mjs': healthyApp });
    await expect(platform.migrateDown(request(other, { service: failing }))).rejects.toMatchObject({
      code: 'migrate-failed',
    });
  });

  it('shows the end of a log without what it could do to a terminal', async () => {
    const version = world.version('v1', { 'app.mjs': exitingApp });
    await expect(start(version)).rejects.toMatchObject({
      details: { log: ['fatal: no database \ufffd]0;owned\ufffd'] },
    });
  });

  it('keeps environments apart: same version, own process, own data', async () => {
    const version = world.version('v1', { 'app.mjs': healthyApp });
    const one = await start(version);
    const two = await start(version, { environment: 'staging' });
    expect(two.pid).not.toBe(one.pid);
    await platform.stop('staging', version.sha, 1);
    expect(await ask(one.port, '/name')).toBe('v1');
  });
});
