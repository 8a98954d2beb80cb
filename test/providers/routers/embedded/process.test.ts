import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, stat, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { proxyRecordSchema } from '../../../../providers/routers/embedded/protocol.ts';
import { ask, eventually } from '../../../harness/http.ts';
import { type EmbeddedUnderTest, openEmbedded } from '../../../harness/embedded-router.ts';
import { startUpstream, type Upstream } from '../../../harness/upstream.ts';

let under: EmbeddedUnderTest;
let stable: Upstream;
let candidate: Upstream;

beforeEach(async () => {
  under = await openEmbedded();
  stable = await startUpstream('stable');
  candidate = await startUpstream('candidate');
});
afterEach(async () => {
  await under.close();
  await stable.kill();
  await candidate.kill();
});

const record = async () =>
  proxyRecordSchema.parse(JSON.parse(await readFile(path.join(under.folder, 'proxy.json'), 'utf8')));
const change = (weight: number, fence = 3) =>
  under.router.change('shop', {
    stable: stable.route,
    candidate: candidate.route,
    weight,
    rollout: 'r1',
    fence,
  });
const control = async (method: string, url: string, body?: string, token?: string) => {
  const { controlPort, token: own } = await record();
  return ask({
    port: controlPort,
    method,
    path: url,
    headers: {
      Authorization: `Bearer ${token ?? own}`,
      ...(body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }),
    },
    ...(body === undefined ? {} : { body }),
  });
};

it('N4 is started again with its last routes, weight and fence after a kill', async () => {
  await under.router.ensure(under);
  await change(100);
  const before = await record();
  process.kill(before.pid, 'SIGKILL');
  await eventually(async () => !(await under.router.alive('shop')), 'the proxy is dead');
  await expect(under.router.read('shop')).rejects.toMatchObject({ code: 'router-down' });
  await under.router.ensure(under);
  expect((await record()).pid).not.toBe(before.pid);
  expect(await under.router.read('shop')).toMatchObject({
    stable: stable.route,
    candidate: candidate.route,
    weight: 100,
    rollout: { id: 'r1' },
    fence: 3,
  });
  await expect(change(5, 2)).rejects.toMatchObject({ code: 'fenced' });
  expect((await ask({ port: under.port })).text).toBe('candidate');
});

it('is adopted, not started twice, also by two starts at the same moment', async () => {
  await Promise.all([under.router.ensure(under), under.router.ensure(under)]);
  const { pid } = await record();
  await under.router.ensure(under);
  expect((await record()).pid).toBe(pid);
});

it('is not taken for a process that has its pid by chance', async () => {
  await under.router.ensure(under);
  const real = await record();
  await writeFile(path.join(under.folder, 'proxy.json'), JSON.stringify({ ...real, pid: process.pid }));
  expect(await under.router.alive('shop')).toBe(false);
  await under.router.stop('shop');
  process.kill(real.pid, 'SIGTERM');
  await eventually(
    () =>
      ask({ port: under.port }).then(
        () => false,
        () => true,
      ),
    'the proxy is gone',
  );
});

it('goes on after SIGHUP', async () => {
  await under.router.ensure(under);
  process.kill((await record()).pid, 'SIGHUP');
  await eventually(
    async () => (await readFile(path.join(under.folder, 'proxy.log'), 'utf8')).includes('SIGHUP'),
    'the signal arrived',
  );
  expect((await ask({ port: under.port })).status).toBe(503);
});

it('is replaced when it hangs', async () => {
  await under.router.ensure(under);
  await change(0);
  const { pid } = await record();
  process.kill(pid, 'SIGSTOP');
  await under.router.ensure(under);
  expect((await record()).pid).not.toBe(pid);
  expect((await ask({ port: under.port })).text).toBe('stable');
});

it('moves with its routes when the environment has another port', async () => {
  await under.router.ensure(under);
  await change(0);
  const moved = await openEmbedded();
  await under.router.ensure({ ...under, port: moved.port });
  expect((await ask({ port: moved.port })).text).toBe('stable');
  await expect(ask({ port: under.port })).rejects.toThrow('ECONNREFUSED');
  await moved.close();
});

it('says which port is in use, and by whom', async () => {
  const squatter = spawn(process.execPath, [
    '-e',
    `require('net').createServer().listen(${under.port}, '127.0.0.1', () => console.log('up'))`,
  ]);
  await once(squatter.stdout, 'data');
  try {
    await expect(under.router.ensure(under)).rejects.toMatchObject({
      code: 'port-in-use',
      message: expect.stringContaining(String(under.port)),
      details: { port: under.port, ...(process.platform === 'linux' ? { owner: squatter.pid } : {}) },
    });
  } finally {
    squatter.kill('SIGKILL');
  }
});

it('N4 says when the port is held by its own router whose records were deleted', async () => {
  const squatter = spawn(process.execPath, [
    '-e',
    `require('net').createServer().listen(${under.port}, '127.0.0.1', () => console.log('up'))`,
    '--',
    '--folder',
    under.folder,
  ]);
  await once(squatter.stdout, 'data');
  try {
    await expect(under.router.ensure(under)).rejects.toMatchObject({
      code: 'port-in-use',
      hint: expect.stringContaining(`kill ${squatter.pid}`),
    });
  } finally {
    squatter.kill('SIGKILL');
    await once(squatter, 'exit');
  }
});

it('lets a request under way end when it is asked to stop, and takes no new one', async () => {
  let release = () => {};
  const slow = await startUpstream('slow', (_, response) => {
    release = () => void response.end('slow');
  });
  await under.router.ensure(under);
  await under.router.change('shop', {
    stable: slow.route,
    candidate: null,
    weight: 0,
    rollout: null,
    fence: 1,
  });
  const underWay = ask({ port: under.port });
  await eventually(() => slow.seen.length === 1, 'the request arrived');
  const stopped = under.router.stop('shop');
  await eventually(() => refused(under.port), 'no new connections');
  release();
  expect((await underWay).text).toBe('slow');
  await stopped;
  expect(await under.router.alive('shop')).toBe(false);
  await expect(stat(path.join(under.folder, 'proxy.json'))).rejects.toMatchObject({ code: 'ENOENT' });
  await slow.kill();
});

it('moves routes that do not parse aside, says so, and serves again from the next change', async () => {
  await under.router.ensure(under);
  await under.router.stop('shop');
  await writeFile(path.join(under.folder, 'routes.json'), '{"stable":');
  await under.router.ensure(under);
  expect(await readFile(path.join(under.folder, 'routes.json.broken'), 'utf8')).toBe('{"stable":');
  expect(await readFile(path.join(under.folder, 'proxy.log'), 'utf8')).toMatch(/routes\.json does not parse/);
  await change(0);
  expect((await ask({ port: under.port })).text).toBe('stable');
});

it('keeps its token to its owner, and lets nobody in without it', async () => {
  await under.router.ensure(under);
  expect((await stat(path.join(under.folder, 'proxy.json'))).mode & 0o777).toBe(0o600);
  expect((await control('GET', '/v1/state', undefined, '0'.repeat(64))).status).toBe(401);
  expect((await control('POST', '/v1/shutdown', '{}', '')).status).toBe(401);
  expect((await control('GET', '/v1/state')).status).toBe(200);
  expect((await ask({ port: under.port, path: '/v1/state' })).status).toBe(503);
});

it.each([
  ['no JSON', '{', 400],
  ['a wrong type', '{"stable":null,"candidate":null,"weight":"5","rollout":null,"fence":9}', 400],
  ['an unknown key', '{"stable":null,"candidate":null,"weight":0,"rollout":null,"fence":9,"x":1}', 400],
  ['a weight above 100', '{"stable":null,"candidate":null,"weight":101,"rollout":null,"fence":9}', 400],
  [
    'a weight without a candidate',
    '{"stable":null,"candidate":null,"weight":5,"rollout":null,"fence":9}',
    400,
  ],
  ['more than 64 kB', JSON.stringify('x'.repeat(65_536)), 413],
])('refuses a control request with %s and changes nothing', async (_, body, status) => {
  await under.router.ensure(under);
  await change(25);
  const answer = await control('PUT', '/v1/routes', body);
  expect(answer.status).toBe(status);
  expect(answer.text).toContain('"error"');
  expect(await under.router.read('shop')).toMatchObject({ weight: 25, fence: 3, candidate: candidate.route });
});

it('refuses an environment whose name could leave its folder', async () => {
  await expect(under.router.alive('../elsewhere')).rejects.toMatchObject({ code: 'bad-environment' });
});

function refused(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1' });
    socket.on('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.on('error', () => resolve(true));
  });
}
