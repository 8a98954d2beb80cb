import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareConfiguration } from '../../../../providers/routers/nginx/launch.ts';
import { processesIn } from '../../../../providers/routers/nginx/processes.ts';
import { whyNoProgram } from '../../../../providers/routers/nginx/program.ts';
import { findNginx, type NginxRecord } from '../../../../providers/routers/nginx/record.ts';
import { createNginxRouter } from '../../../../providers/routers/nginx/router.ts';
import { newestTable } from '../../../../providers/routers/nginx/tables.ts';
import { createNginxMetrics } from '../../../../providers/metrics/nginx.ts';
import { systemClock } from '../../../../providers/runtime/clock.ts';
import { isAlive } from '../../../../providers/runtime/processes.ts';
import type { RouteChange } from '../../../../src/ports/router.ts';
import { ask, eventually, startLoad } from '../../../harness/http.ts';
import { openNginx, type NginxUnderTest } from '../../../harness/nginx-router.ts';
import { withProgram } from '../../../harness/programs.ts';
import { startUpstream, type Upstream } from '../../../harness/upstream.ts';

withProgram('nginx', await whyNoProgram(), () => {
  let under: NginxUnderTest;
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
  const record = async (): Promise<NginxRecord> => {
    const found = await findNginx(under.folder);
    if (!found) throw new Error('no nginx runs');
    return found;
  };
  const counts = async (upstream: Upstream) =>
    (await under.metrics.read('shop')).get(upstream.route.version.sha);

  beforeEach(async () => {
    under = await openNginx();
    stable = await startUpstream('stable');
    candidate = await startUpstream('candidate');
    await under.router.ensure(where());
  });
  afterEach(async () => {
    await under.close();
    await stable.kill();
    await candidate.kill();
  });

  describe('the process of the nginx router', () => {
    it('is adopted by whoever comes next, with its routes, and no request fails', async () => {
      await split(50, { rollout: 'r1' });
      const before = await record();
      const load = startLoad(under.port, 4);
      const next = createNginxRouter({ stateDir: under.stateDir, clock: systemClock });
      await next.ensure(where());
      expect(await record()).toEqual(before);
      expect(await next.read('shop')).toMatchObject({ weight: 50, rollout: { id: 'r1' } });
      expect([...(await load.stop()).keys()].filter((key) => !key.startsWith('200 '))).toEqual([]);
    });

    it('is found again when who started it died before writing down that it did', async () => {
      await split(25);
      const before = await record();
      await rm(path.join(under.folder, 'nginx.json'));
      expect(await under.router.alive('shop')).toBe(false);
      await under.router.ensure(where());
      expect(await record()).toEqual(before);
      expect(await under.router.read('shop')).toMatchObject({ weight: 25 });
    });

    it('N4 begins after a kill with the routes it had, and ends the workers the killed one left', async () => {
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
      expect((await processesIn(under.folder)).filter(({ role }) => role === 'master')).toHaveLength(1);
      await expect(split(5, { fence: 6 })).rejects.toMatchObject({ code: 'fenced' });
    });

    it('says whose port it is when another has it', async () => {
      const other = await openNginx();
      await expect(other.router.ensure({ ...where(), environment: 'else' })).rejects.toMatchObject({
        code: 'port-in-use',
      });
      expect((await ask({ port: under.port })).status).toBe(503);
      await other.close();
    });

    it('leaves no process behind when it is stopped', async () => {
      await split(50);
      await under.router.stop('shop');
      expect(await processesIn(under.folder)).toEqual([]);
      expect((await readdir(under.folder)).filter((name) => name.endsWith('.sock'))).toEqual([]);
    });
  });

  describe('a reload of nginx', () => {
    it('does not happen for a configuration that nginx refuses: the one before stays, and that is said', async () => {
      await split(25);
      const table = await newestTable(under.folder);
      const before = await readFile(path.join(under.folder, 'nginx.conf'), 'utf8');
      const place = { folder: under.folder, host: '256.256.256.256', port: under.port, tenths: false };
      await expect(prepareConfiguration(place, table)).rejects.toMatchObject({
        code: 'router-refused',
        message: expect.stringContaining('the one before is in force'),
        details: { nginx: expect.arrayContaining([expect.stringContaining('256.256.256.256')]) },
      });
      expect(await readFile(path.join(under.folder, 'nginx.conf'), 'utf8')).toBe(before);
      expect((await readdir(under.folder)).filter((name) => name.startsWith('nginx.conf'))).toEqual([
        'nginx.conf',
      ]);
      expect(await under.router.read('shop')).toMatchObject({ weight: 25 });
    });

    it('that nginx answers too late is said; what is in force is what is read then', async () => {
      await split(0);
      const { pid } = await record();
      process.kill(pid, 'SIGSTOP');
      await expect(split(100)).rejects.toMatchObject({
        code: 'router-late',
        message: expect.stringContaining('did not take over'),
      });
      expect(await under.router.read('shop')).toMatchObject({ weight: 0, candidate: candidate.route });
      process.kill(pid, 'SIGCONT');
      const told = (await newestTable(under.folder)).number;
      await eventually(
        async () => (await readFile(path.join(under.folder, 'nginx.conf'), 'utf8')).includes(`"${told} `),
        'the configuration of before is in place',
      );
      expect(await under.router.read('shop')).toMatchObject({ weight: 0 });
      expect((await split(100)).weight).toBe(100);
      expect((await ask({ port: under.port })).text).toBe('candidate');
    }, 60_000);

    it('that was asked for by a conductor who died is made up for by the next', async () => {
      await split(0);
      const table = await newestTable(under.folder);
      await writeFile(
        path.join(under.folder, `table-${table.number + 1}.json`),
        JSON.stringify({ ...table, number: table.number + 1, weight: 100 }),
      );
      expect(await under.router.read('shop')).toMatchObject({ weight: 0 });
      await under.router.ensure(where());
      expect(await under.router.read('shop')).toMatchObject({ weight: 100 });
      expect((await ask({ port: under.port })).text).toBe('candidate');
    });

    it('takes two changes at the same moment one after the other', async () => {
      await split(0);
      const all = await Promise.allSettled([10, 20, 30].map((weight) => split(weight)));
      expect(all.filter(({ status }) => status === 'rejected')).toEqual([]);
      expect([10, 20, 30]).toContain((await under.router.read('shop')).weight);
    });

    it('is not waited for by a rollback: users are away from the candidate before, on kept connections too', async () => {
      await split(100);
      const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
      expect((await ask({ port: under.port, agent })).text).toBe('candidate');
      await rm(path.join(under.folder, 'live', 'v2'));
      expect((await ask({ port: under.port, agent })).text).toBe('stable');
      expect(await under.router.read('shop')).toMatchObject({ weight: 0 });
      agent.destroy();
    });
  });

  describe('a request through nginx', () => {
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
      expect(await counts(silent)).toMatchObject({ requests: 2, failures: 2 });
      expect((await counts(stable))?.failures).toBe(0);
      await silent.kill();
    });

    it('tells the version who asked, and takes no orders from it', async () => {
      const bold = await startUpstream('bold', (_, response) => {
        response.setHeader('X-Accel-Redirect', '/elsewhere');
        response.setHeader('Server', 'bold');
        response.end('bold');
      });
      await split(100, { candidate: bold.route });
      const answer = await ask({
        port: under.port,
        headers: { Host: 'shop.example' },
        path: '/a%2Fb//c?d=%20',
      });
      expect([answer.status, answer.text, answer.headers.server]).toEqual([200, 'bold', 'bold']);
      expect(bold.seen.at(-1)).toMatchObject({
        url: '/a%2Fb//c?d=%20',
        headers: {
          host: 'shop.example',
          'x-forwarded-for': '127.0.0.1',
          'x-forwarded-proto': 'http',
          'x-forwarded-host': 'shop.example',
        },
      });
      await bold.kill();
    });

    it('streams: the version has the first part of a body before the last is sent', async () => {
      const parts: string[] = [];
      const slow = await startUpstream('slow', (request, response) => {
        request.on('data', (part: Buffer) => parts.push(part.toString()));
        request.on('end', () => response.end(parts.join('')));
      });
      await split(100, { candidate: slow.route });
      const request = http.request({
        port: under.port,
        method: 'POST',
        headers: { 'Transfer-Encoding': 'chunked' },
      });
      const text = new Promise<string>((resolve, reject) => {
        request.on('error', reject);
        request.on('response', (response) => {
          response.setEncoding('utf8');
          response.on('data', resolve);
        });
      });
      request.write('first');
      await eventually(() => parts.join('') === 'first', 'the first part arrived');
      request.end(' last');
      expect(await text).toBe('first last');
      await slow.kill();
    });

    it('may become a WebSocket, which lasts across changes of weight', async () => {
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
      await split(50);
      expect(await under.router.drain('shop', stable.route.version.sha, 0)).toBe(1);
      socket.write('hello');
      const heard = await new Promise<string>((resolve) => {
        socket.once('data', (data: Buffer) => resolve(data.toString()));
      });
      expect(heard).toBe('echo hello');
      socket.destroy();
    });

    it('may go to any copy of its version', async () => {
      const second = await startUpstream('candidate two');
      const { host, port } = second.route;
      const wide = { ...candidate.route, others: [{ host, port }] };
      expect((await split(100, { candidate: wide })).candidate).toEqual(wide);
      const tally = await startLoad(under.port, 4, 40).stop();
      expect([...tally.keys()].toSorted()).toEqual(['200 candidate', '200 candidate two']);
      expect((await counts(candidate))?.requests).toBe(40);
      await second.kill();
      expect([...(await startLoad(under.port, 4, 40).stop()).keys()]).toEqual(['200 candidate']);
    });
  });

  describe('the numbers of nginx', () => {
    it('go on where they were, whoever reads them', async () => {
      await split(0);
      await startLoad(under.port, 2, 20).stop();
      // nginx writes a request down once it is answered, so after its user has the answer.
      await eventually(async () => (await counts(stable))?.requests === 20, 'all twenty are written down');
      const next = createNginxMetrics({ stateDir: under.stateDir, clock: systemClock });
      await startLoad(under.port, 2, 5).stop();
      const read = async () => (await next.read('shop')).get(stable.route.version.sha)?.requests;
      await eventually(async () => (await read()) === 25, 'the five after them too');
      expect((await counts(stable))?.requests).toBe(25);
    });

    it('are the same for a version of any name', async () => {
      for (const name of ['a b', 'x;}', '"q" \\ $host', '__proto__', 'ü\u202e']) {
        const odd = { ...candidate.route, version: { sha: name, name } };
        expect((await split(50, { candidate: odd })).candidate).toEqual(odd);
        expect((await under.metrics.read('shop')).get(name)?.requests).toBe(0);
      }
    }, 30_000);
  });
});
