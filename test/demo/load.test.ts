import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ensureLoad, readLoad } from '../../demo/load/load-process.ts';
import { nextAsk, sequence } from '../../demo/load/mix.ts';
import { Tally } from '../../demo/load/tally.ts';
import { endProcesses } from '../../demo/processes.ts';
import { identifyChild, isAlive } from '../../providers/runtime/processes.ts';
import type { ProcessIdentity } from '../../src/ports/processes.ts';
import { temporaryFolder } from './repository.ts';

const program = path.resolve(import.meta.dirname, '../../.build/load.js');

describe('the mix of requests', () => {
  it('is mostly looking, a few percent writing, and about a third single products', () => {
    const random = sequence(1);
    const asks = Array.from({ length: 20_000 }, () => nextAsk(random));
    const share = (what: (path: string, method: string) => boolean) =>
      asks.filter(({ path, method }) => what(path, method)).length / asks.length;
    expect(share((_, method) => method === 'POST')).toBeLessThan(0.06);
    expect(share((_, method) => method === 'POST')).toBeGreaterThan(0.03);
    expect(share((at) => /^\/products\/./.test(at))).toBeCloseTo(0.34, 1);
  });

  it('orders only what was put into the cart just before', () => {
    const random = sequence(2);
    const orders = Array.from({ length: 5000 }, () => nextAsk(random)).filter(({ next }) => next);
    expect(orders.length).toBeGreaterThan(20);
    for (const { path: at, next } of orders) {
      expect(next?.path).toBe('/orders');
      expect(at).toBe(`/cart/${JSON.parse(next?.body ?? '{}').cart}/items`);
    }
  });
});

describe('the tally', () => {
  it('counts 5xx answers and missing ones as failures, and nothing else', () => {
    const tally = new Tally();
    for (const status of [200, 404, 500, 503]) {
      tally.sent();
      tally.answered('/x', status, status);
    }
    tally.sent();
    tally.failed('/y', 'refused');
    expect(tally.second()).toMatchObject({
      sent: 5,
      answered: 4,
      failed: 3,
      byStatus: { 200: 1, 404: 1, 500: 1, 503: 1 },
      lastSecond: { sent: 5, failed: 3, p95Ms: 503 },
      lastFailure: '/y: refused',
    });
    expect(tally.second().lastSecond).toEqual({ sent: 0, failed: 0, p95Ms: null });
  });
});

describe('the load generator as a process', () => {
  const { folder, remove } = temporaryFolder();
  const seen: IncomingMessage[] = [];
  const connections = new Set<unknown>();
  const server = createServer((request, response) => {
    seen.push(request);
    response.end('{}');
  });
  let started: ProcessIdentity[] = [];
  let url = '';

  beforeAll(async () => {
    if (!existsSync(program)) throw new Error('the load generator is not built: run "npm run build" first');
    server.on('connection', (socket) => connections.add(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  });
  afterEach(async () => {
    await endProcesses(started);
    started = [];
  });
  afterAll(() => {
    server.close();
    server.closeAllConnections();
    remove();
  });

  async function until(what: () => boolean): Promise<void> {
    while (!what()) await sleep(20);
  }

  it('sends over connections it keeps, names itself, writes its numbers, and ends when told', async () => {
    const load = ensureLoad({ program, folder, url, boundToMe: false });
    started.push(load);
    await until(() => (readLoad(folder)?.sent ?? 0) > 100);
    expect(seen[0]?.headers['user-agent']).toBe('orchestra-demo-load');
    expect(connections.size).toBeLessThan(seen.length / 2);
    expect(readLoad(folder)).toMatchObject({ pid: load.pid, startTime: load.startTime, failed: 0 });
    expect(ensureLoad({ program, folder, url, boundToMe: false })).toMatchObject({ pid: load.pid });
    await endProcesses([load]);
    expect(isAlive(load)).toBe(false);
  });

  it('ends by itself when the demo it belongs to is gone', async () => {
    const parent = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    const demo = identifyChild(parent.pid ?? 0);
    const bound = ['--stats', path.join(folder, 'bound.json'), '--parent', `${demo.pid}:${demo.startTime}`];
    spawn(process.execPath, [program, '--url', url, ...bound], { detached: true, stdio: 'ignore' }).unref();
    const numbers = () => {
      try {
        return JSON.parse(readFileSync(path.join(folder, 'bound.json'), 'utf8'));
      } catch {
        return undefined;
      }
    };
    await until(() => numbers()?.sent > 0);
    const { pid, startTime } = numbers();
    started.push({ pid, startTime });
    expect(isAlive({ pid, startTime })).toBe(true);
    parent.kill('SIGKILL');
    await until(() => !isAlive({ pid, startTime }));
  });
});
