import { execFile } from 'node:child_process';
import { readdir, rm, stat } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { whyNoProgram } from '../../../../providers/routers/haproxy/program.ts';
import { findHaproxy, type HaproxyRecord } from '../../../../providers/routers/haproxy/record.ts';
import { createHaproxyRouter } from '../../../../providers/routers/haproxy/router.ts';
import { command } from '../../../../providers/routers/haproxy/runtime-api.ts';
import { systemClock } from '../../../../providers/runtime/clock.ts';
import { isAlive } from '../../../../providers/runtime/processes.ts';
import type { RouteChange } from '../../../../src/ports/router.ts';
import { openHaproxy, type HaproxyUnderTest } from '../../../harness/haproxy-router.ts';
import { ask, eventually, startLoad } from '../../../harness/http.ts';
import { withProgram } from '../../../harness/programs.ts';
import { startUpstream, type Upstream } from '../../../harness/upstream.ts';

withProgram('haproxy', await whyNoProgram(), () => {
  let under: HaproxyUnderTest;
  let stable: Upstream;
  let candidate: Upstream;

  const where = () => ({ environment: under.environment, host: under.host, port: under.port });
  const split = (weight: number, more: Partial<RouteChange> = {}) =>
    under.router.change('shop', {
      stable: stable.route,
      candidate: candidate.route,
      weight,
      rollout: null,
      fence: 1,
      ...more,
    });
  const record = async (): Promise<HaproxyRecord> => {
    const found = await findHaproxy(under.folder);
    if (!found) throw new Error('no HAProxy runs');
    return found;
  };
  const counts = async (upstream: Upstream) =>
    (await under.metrics.read('shop')).get(upstream.route.version.sha);
  const asBefore = () => createHaproxyRouter({ stateDir: under.stateDir, clock: systemClock });

  beforeEach(async () => {
    under = await openHaproxy();
    stable = await startUpstream('stable');
    candidate = await startUpstream('candidate');
    await under.router.ensure(where());
  });
  afterEach(async () => {
    await under.close();
    await stable.kill();
    await candidate.kill();
  });

  describe('the process of the HAProxy router', () => {
    it('is adopted by whoever comes next, with its routes, and no request fails', async () => {
      await split(50, { rollout: 'r1' });
      const before = await record();
      const load = startLoad(under.port, 4);
      const next = asBefore();
      await next.ensure(where());
      expect(await record()).toEqual(before);
      expect(await next.read('shop')).toMatchObject({ weight: 50, rollout: { id: 'r1' } });
      expect([...(await load.stop()).keys()].filter((key) => !key.startsWith('200 '))).toEqual([]);
    });

    it('is found again when who started it died before writing down that it did', async () => {
      await split(25);
      const before = await record();
      await rm(path.join(under.folder, 'haproxy.json'));
      expect(await under.router.alive('shop')).toBe(false);
      await under.router.ensure(where());
      expect(await record()).toEqual(before);
      expect(await under.router.read('shop')).toMatchObject({ weight: 25 });
    });

    it('N4 begins after a kill with the routes it had, from its first request on', async () => {
      await split(100, { fence: 7 });
      const before = await record();
      process.kill(before.pid, 'SIGKILL');
      await eventually(() => !isAlive(before), 'it is gone');
      expect(await under.router.alive('shop')).toBe(false);
      await expect(under.router.read('shop')).rejects.toMatchObject({ code: 'router-down' });
      await under.router.ensure(where());
      expect((await ask({ port: under.port })).text).toBe('candidate');
      expect(await under.router.read('shop')).toMatchObject({
        stable: stable.route,
        candidate: candidate.route,
        weight: 100,
        fence: 7,
      });
      await expect(split(5, { fence: 6 })).rejects.toMatchObject({ code: 'fenced' });
      expect((await split(5, { fence: 7 })).weight).toBe(5);
    });

    it('moves to another port when the plan says another', async () => {
      await split(0);
      const before = await record();
      const other = await openHaproxy();
      await under.router.ensure({ ...where(), port: other.port });
      expect(isAlive(before)).toBe(false);
      expect((await ask({ port: other.port })).text).toBe('stable');
      await other.close();
    });

    it('says whose port it is when another has it', async () => {
      const other = await openHaproxy();
      await expect(other.router.ensure({ ...where(), environment: 'else' })).rejects.toMatchObject({
        code: 'port-in-use',
        details: { owner: (await record()).pid },
      });
      expect((await ask({ port: under.port })).status).toBe(503);
      await other.close();
    });

    it('keeps its files and its socket to its user', async () => {
      await split(0);
      for (const name of await readdir(under.folder)) {
        expect([name, (await stat(path.join(under.folder, name))).mode & 0o077]).toEqual([name, 0]);
      }
    });

    it('leaves no process and no socket behind when it is stopped', async () => {
      const before = await record();
      await under.router.stop('shop');
      expect(isAlive(before)).toBe(false);
      expect((await readdir(under.folder)).filter((name) => name.endsWith('.sock'))).toEqual([]);
    });
  });

  describe('the routes in HAProxy itself', () => {
    it('are what is read: a share, an address or a server that somebody else changed is seen', async () => {
      await split(50);
      const { socket } = await record();
      await command(socket, ['set', 'map', 'routes.map', 'now', 'v1/v2/16384/99999999999999']);
      expect(await under.router.read('shop')).toMatchObject({ weight: 25 });
      await command(socket, ['set', 'server', 'versions/v2', 'addr', '127.0.0.9', 'port', '9']);
      expect(await under.router.read('shop')).toMatchObject({ candidate: { host: '127.0.0.9', port: 9 } });
      await command(socket, ['set', 'server', 'versions/v2', 'state', 'maint']);
      await command(socket, ['del', 'server', 'versions/v2']);
      expect(await under.router.read('shop')).toMatchObject({ stable: stable.route, candidate: null });
      expect((await split(50)).candidate).toEqual(candidate.route);
      const tally = await startLoad(under.port, 4, 200).stop();
      expect([...tally.keys()].toSorted()).toEqual(['200 candidate', '200 stable']);
      expect(Math.abs((tally.get('200 candidate') ?? 0) - 100)).toBeLessThan(5);
    });

    it('come back from the last ones of Orchestra when somebody made a mess of them', async () => {
      await split(100);
      const { socket } = await record();
      await command(socket, ['clear', 'map', 'routes.map']);
      await expect(under.router.read('shop')).rejects.toMatchObject({ code: 'router-foreign' });
      expect((await ask({ port: under.port })).text).toBe('stable');
      await under.router.ensure(where());
      expect((await ask({ port: under.port })).text).toBe('candidate');
    });

    it('stay with the successor when a conductor wakes up in the middle of its change', async () => {
      await split(5, { fence: 1 });
      const { socket } = await record();
      // What the sleeper did before it was stopped: it reserved a version, read the routes, and found its fence good.
      const reserved = /(\d+)$/.exec(await command(socket, ['prepare', 'map', 'routes.map']))?.[1] ?? '';
      await split(0, { fence: 2 });
      await command(socket, ['add', 'map', `@${reserved}`, 'routes.map'], ['now v1/v2/65536/99999999999999']);
      expect(await command(socket, ['commit', 'map', `@${reserved}`, 'routes.map'])).toContain(
        'out of range',
      );
      expect(await under.router.read('shop')).toMatchObject({ weight: 0, fence: 2 });
      expect((await ask({ port: under.port })).text).toBe('stable');
    });

    it('take two changes at the same moment one after the other', async () => {
      await split(0);
      const all = await Promise.allSettled([10, 20, 30].map((weight) => split(weight)));
      expect(all.filter(({ status }) => status === 'rejected')).toEqual([]);
      expect([10, 20, 30]).toContain((await under.router.read('shop')).weight);
    });

    it('carry any name a version can have, and no name is a command', async () => {
      const names = [
        'a b',
        'x;shutdown frontend users',
        'x\nshow info',
        '"q" \\ <<',
        '${PATH} %[src]',
        '__proto__',
        'ü\u202e',
      ];
      for (const name of names) {
        const odd = { ...candidate.route, version: { sha: name, name } };
        expect((await split(50, { candidate: odd })).candidate).toEqual(odd);
        expect(await under.router.drain('shop', name, 1_000)).toBe(0);
        expect((await under.metrics.read('shop')).get(name)?.requests).toBe(0);
      }
      expect((await ask({ port: under.port })).status).toBe(200);
    });

    it('keep the servers of few versions, however many there were', async () => {
      for (let i = 0; i < 12; i++) {
        await split(50, { candidate: { ...candidate.route, version: { sha: `s${i}`, name: `s${i}` } } });
        await startLoad(under.port, 2, 10).stop();
      }
      const { socket } = await record();
      const said = await command(socket, ['show', 'servers', 'state', 'versions']);
      expect(said.match(/ versions /g)?.length).toBeLessThanOrEqual(9);
    });
  });

  describe('a request through HAProxy', () => {
    it('is not sent twice where that could do something twice', async () => {
      const seen: string[] = [];
      const silent = await startUpstream('silent', (request) => {
        seen.push(request.method ?? '');
        request.socket.destroy();
      });
      await split(100, { candidate: silent.route });
      expect((await ask({ port: under.port, method: 'POST', body: 'buy' })).status).toBe(502);
      expect(seen).toEqual(['POST']);
      expect((await ask({ port: under.port })).text).toBe('stable');
      const did = await counts(silent);
      expect(did?.failures).toBeGreaterThanOrEqual(2);
      expect(did?.requests).toBe(did?.failures);
      expect((await counts(stable))?.failures).toBe(0);
      await silent.kill();
    });

    it('tells the version who asked, and does not wait a second before it tries stable', async () => {
      await split(100);
      await ask({ port: under.port, headers: { Host: 'shop.example' } });
      expect(candidate.seen.at(-1)?.headers).toMatchObject({
        host: 'shop.example',
        'x-forwarded-for': '127.0.0.1',
        'x-forwarded-proto': 'http',
        'x-forwarded-host': 'shop.example',
      });
      await candidate.kill();
      await startLoad(under.port, 1, 10).stop();
      expect(Object.keys((await counts(stable))?.latency ?? {}).every((bucket) => Number(bucket) < 45)).toBe(
        true,
      );
    });

    it('says in plain words that the version which serves does not answer', async () => {
      await split(0, { candidate: null });
      await stable.kill();
      const answer = await ask({ port: under.port });
      expect([answer.status, answer.text]).toEqual([503, 'The version that serves did not answer.\n']);
    });

    it('may become a WebSocket', async () => {
      await split(0);
      stable.server.on('upgrade', (_, socket) => {
        // The answer to that key in RFC 6455 1.3.
        socket.write(
          'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n',
        );
        socket.on('end', () => socket.destroy());
        socket.on('data', (data: Buffer) => socket.write(`echo ${data.toString()}`));
      });
      const request = http.request({
        port: under.port,
        headers: {
          Connection: 'Upgrade',
          Upgrade: 'websocket',
          'Sec-WebSocket-Version': '13',
          'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
        },
      });
      const socket = await new Promise<Duplex>((resolve, reject) => {
        request.on('upgrade', (_, opened) => resolve(opened));
        request.on('response', (answer) => reject(new Error(`no upgrade: ${answer.statusCode}`)));
        request.on('error', reject);
        request.end();
      });
      socket.write('hello');
      const [heard] = await new Promise<[Buffer]>((resolve) =>
        socket.once('data', (d: Buffer) => resolve([d])),
      );
      expect(heard.toString()).toBe('echo hello');
      socket.destroy();
    });
  });

  it('the generated configuration has nothing that HAProxy warns of', async () => {
    await split(50);
    const { stdout, stderr } = await promisify(execFile)(
      'haproxy',
      ['-c', '-C', under.folder, '-f', 'haproxy.cfg'],
      { env: { PATH: '/usr/sbin:/usr/bin:/bin' } },
    );
    expect(stdout).toContain('Configuration file is valid');
    expect(stderr).not.toMatch(/WARNING|ALERT/);
  });
});
