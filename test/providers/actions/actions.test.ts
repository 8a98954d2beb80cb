import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createActions } from '../../../providers/actions/actions.ts';
import { systemClock } from '../../../providers/runtime/clock.ts';
import { freeServerPort } from '../../../providers/runtime/free-port.ts';
import { createRunner } from '../../../providers/runtime/runner.ts';
import type { ActionPlan } from '../../../src/domain/action.ts';
import type { ActionContext } from '../../../src/ports/actions.ts';
import { hook, smoke } from '../../harness/action.ts';
import { eventually } from '../../harness/http.ts';
import { plan } from '../../harness/plan.ts';

let folder: string;
const servers: Server[] = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'orchestra-actions-'));
});
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(folder, { recursive: true, force: true });
});

async function serve(listener: RequestListener): Promise<number> {
  const server = createServer(listener);
  servers.push(server);
  const port = await freeServerPort();
  await new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', resolve));
  return port;
}

const machine = { PATH: process.env['PATH'], API_TOKEN: 'tok-5ecret-value', DB_HOST: '127.0.0.1' };

function act(action: ActionPlan, change: Partial<ActionContext> = {}, signal = new AbortController().signal) {
  const actions = createActions({
    runner: createRunner(),
    cwd: folder,
    clock: systemClock,
    environment: machine,
  });
  const context: ActionContext = {
    deployment: '20260302_100000',
    environment: 'production',
    point: 'before-traffic',
    version: { sha: 'b'.repeat(40), name: 'v2' },
    stable: { sha: 'a'.repeat(40), name: 'v1' },
    phase: { name: 'canary 5 %', weight: 5 },
    weight: 5,
    outcome: '',
    reason: '',
    url: 'http://127.0.0.1:1',
    service: plan().service,
    variables: {},
    router: { host: '127.0.0.1', port: 1, alive: true },
    ...change,
  };
  return actions.perform(action, context, '20260302_100000/production/act', signal);
}

const asking = async (listener: RequestListener, test: Parameters<typeof smoke>[0], timeoutMs = 2000) =>
  act(smoke(test, { timeoutMs }), { url: `http://127.0.0.1:${await serve(listener)}` });

describe('a smoke test', () => {
  it('G3 passes an answer that is as expected in status, header, text and JSON', async () => {
    const outcome = await asking(
      (request, response) => {
        expect(request.headers['authorization']).toBe('Bearer tok-5ecret-value');
        response.writeHead(201, { 'content-type': 'application/json; charset=utf-8' });
        response.end('{"status":"ok","rows":[{"id":7}]}');
      },
      {
        method: 'POST',
        path: '/status?deep=1',
        body: '{}',
        headers: { authorization: 'Bearer ${API_TOKEN}' },
        status: 201,
        expectHeaders: { 'Content-Type': 'application/JSON' },
        contains: '"ok"',
        json: { '$.status': 'ok', '$.rows[0].id': 7 },
      },
    );
    expect(outcome).toMatchObject({
      passed: true,
      detail: expect.stringContaining('answered 201 as expected'),
    });
  });

  it.each([
    [{ status: 200 }, { expected: 'status 200', actual: '503' }],
    [{}, { expected: 'a 2xx status', actual: '503' }],
    [{ status: 503, expectHeaders: { 'x-version': 'v2' } }, { actual: 'v1' }],
    [
      { status: 503, contains: 'welcome' },
      { expected: 'an answer that contains "welcome"', actual: '{"a":1}' },
    ],
    [
      { status: 503, json: { '$.a': 2 } },
      { expected: '$.a = 2', actual: '1' },
    ],
    [{ status: 503, json: { '$.__proto__': 2 } }, { actual: 'nothing there' }],
  ])('says what was expected and what came: %j', async (test, said) => {
    const outcome = await asking(
      (_, response) => response.writeHead(503, { 'x-version': 'v1' }).end('{"a":1}'),
      test,
    );
    expect(outcome).toMatchObject({ passed: false, detail: 'GET /', ...said });
  });

  it.each<[string, RequestListener, RegExp]>([
    ['hangs', () => undefined, /no whole answer within 300 ms/],
    [
      'drips',
      (_, response) => {
        const timer = setInterval(() => response.write('x'), 20);
        response.on('close', () => clearInterval(timer));
      },
      /no whole answer within 300 ms/,
    ],
    [
      'never stops',
      (_, response) => {
        const more = () => {
          while (response.write('x'.repeat(65_536)));
        };
        response.on('drain', more);
        more();
      },
      /larger than 1000000 bytes|no whole answer/,
    ],
    [
      'breaks off',
      (_, response) =>
        response.writeHead(200, { 'content-length': '9' }).write('x', () => response.destroy()),
      /broke off|aborted/,
    ],
    [
      'sends control sequences',
      (_, response) => response.writeHead(500).end('\u001b]0;evil\u0007'),
      /^GET \/$/,
    ],
  ])('ends in time and safely where the answer %s', async (_, listener, detail) => {
    const outcome = await asking(listener, {}, 300);
    expect(outcome.passed).toBe(false);
    expect(outcome.detail).toMatch(detail);
    // oxlint-disable-next-line no-control-regex
    expect(JSON.stringify(outcome)).not.toMatch(/[\u0000-\u001f]/);
  });

  it('never leaves the version it asks, whatever the path', async () => {
    let asked = '';
    await asking(
      (request, response) => {
        asked = request.url ?? '';
        response.writeHead(302, { location: 'http://127.0.0.1:9/' }).end();
      },
      { path: '//127.0.0.1:9/evil', status: 302 },
    );
    expect(asked).toBe('//127.0.0.1:9/evil');
  });
});

describe('a hook', () => {
  it('is told what happens, and its output is kept without secrets', async () => {
    const outcome = await act(
      hook('before-phase', {
        run: 'echo "$ORCHESTRA_DEPLOYMENT $ORCHESTRA_ENVIRONMENT $ORCHESTRA_VERSION $ORCHESTRA_STABLE $ORCHESTRA_PHASE $ORCHESTRA_WEIGHT"; echo "token $API_TOKEN"; echo "db [$DB_HOST]"; pwd',
        env: ['API_TOKEN'],
      }),
    );
    expect(outcome.passed).toBe(true);
    expect(outcome.output.slice(0, 3)).toEqual([
      '20260302_100000 production v2 v1 canary 5 % 5',
      'token •••',
      'db []',
    ]);
    expect(JSON.stringify(outcome)).not.toContain('5ecret');
  });

  it('fails by its exit code, with its last words', async () => {
    expect(await act(hook('before-phase', { run: 'echo no room >&2; exit 3' }))).toMatchObject({
      passed: false,
      detail: 'it ended with exit code 3: no room',
    });
    expect(await act(hook('before-phase', { run: 'true', env: ['ABSENT'] }))).toMatchObject({
      passed: false,
      detail: 'the variable ABSENT is not set where orchestrate was started',
    });
  });

  it('that hangs is ended wholly, with the children it left behind', async () => {
    const run = 'trap "" TERM; (trap "" TERM; while :; do date > alive; sleep 0.05; done) & sleep 60';
    const outcome = await act(hook('before-phase', { run, timeoutMs: 300 }));
    expect(outcome).toMatchObject({
      passed: false,
      detail: expect.stringContaining('did not end within 300 ms'),
    });
    rmSync(path.join(folder, 'alive'), { force: true });
    await eventually(async () => {
      rmSync(path.join(folder, 'alive'), { force: true });
      await new Promise((resolve) => setTimeout(resolve, 200));
      return !existsSync(path.join(folder, 'alive'));
    }, 'the child has ended');
  });

  it('N4 that a dead conductor left running is ended before it runs again', async () => {
    const hanging = new AbortController();
    const first = createRunner().shell('while :; do date >> first; sleep 0.05; done', {
      cwd: folder,
      env: { PATH: machine.PATH ?? '', ORCHESTRA_RUN: `${folder}#20260302_100000/production/act` },
      signal: hanging.signal,
    });
    await eventually(() => Promise.resolve(existsSync(path.join(folder, 'first'))), 'the first one runs');
    expect(await act(hook('before-phase', { run: 'echo again' }))).toMatchObject({ passed: true });
    expect(await first).toMatchObject({ signal: 'SIGTERM' });
    expect(readFileSync(path.join(folder, 'first'), 'utf8')).not.toBe('');
    hanging.abort();
  });
});

describe('a dependency check', () => {
  const dependency = (
    target: Extract<ActionPlan, { kind: 'dependency-check' }>['target'],
    tolerate = 0,
  ): ActionPlan => ({
    kind: 'dependency-check',
    name: 'database',
    at: ['before-deployment'],
    timeoutMs: 500,
    onFailure: 'abort',
    target,
    tolerate,
    intervalMs: 10,
  });

  it('G2 asks a port, an address or a command', async () => {
    const port = await serve((_, response) => response.end('ok'));
    expect(await act(dependency({ kind: 'tcp', address: `\${DB_HOST}:${port}` }))).toMatchObject({
      passed: true,
      detail: `\${DB_HOST}:${port} takes connections`,
    });
    expect(await act(dependency({ kind: 'http', url: `http://127.0.0.1:${port}/ready` }))).toMatchObject({
      passed: true,
    });
    expect(await act(dependency({ kind: 'command', run: 'true', env: [] }))).toMatchObject({ passed: true });
  });

  it('tolerates as many failures as it may, and says how many there were', async () => {
    let asked = 0;
    const port = await serve((_, response) => response.writeHead((asked += 1) < 3 ? 503 : 200).end());
    const url = `http://127.0.0.1:${port}/`;
    expect(await act(dependency({ kind: 'http', url }, 2))).toMatchObject({
      passed: true,
      detail: expect.stringContaining('after 2 failures'),
    });
    asked = 0;
    expect(await act(dependency({ kind: 'http', url }, 1))).toMatchObject({
      passed: false,
      detail: expect.stringContaining('2 times in a row'),
      actual: '503',
    });
  });

  it('fails where nothing listens, and for an address that is none', async () => {
    const port = await freeServerPort();
    expect(await act(dependency({ kind: 'tcp', address: `127.0.0.1:${port}` }))).toMatchObject({
      passed: false,
      detail: 'it took no connection: ECONNREFUSED',
    });
    expect(await act(dependency({ kind: 'tcp', address: 'nowhere' }))).toMatchObject({
      passed: false,
      detail: 'its address is not host:port',
    });
  });
});

describe('the configuration check', () => {
  const check: ActionPlan = {
    kind: 'configuration-check',
    name: 'configuration',
    at: ['before-deployment'],
    timeoutMs: 1000,
    onFailure: 'abort',
  };
  const service = {
    ...plan().service,
    variables: { A: '${NOT_THERE}', B: '${ALSO_NOT}', C: '${API_TOKEN}' },
  };

  it('G1 names every variable without a value, and no value', async () => {
    const outcome = await act(check, { service });
    expect(outcome.detail).toContain('NOT_THERE');
    expect(outcome.detail).toContain('ALSO_NOT');
    expect(outcome.passed).toBe(false);
    expect(JSON.stringify(outcome)).not.toContain('5ecret');
  });

  it('says when somebody else has the router’s port', async () => {
    const port = await serve(() => undefined);
    const router = { host: '127.0.0.1', port };
    expect(await act(check, { router: { ...router, alive: false } })).toMatchObject({
      passed: false,
      detail: expect.stringContaining(`cannot have port ${port}`),
    });
    expect(await act(check, { router: { ...router, alive: true } })).toMatchObject({ passed: true });
  });
});
