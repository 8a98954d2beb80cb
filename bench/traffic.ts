import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createEmbeddedRouter } from '../providers/routers/embedded/router.ts';
import { freePort } from '../providers/runtime/free-port.ts';
import type { Route } from '../src/ports/router.ts';
import { type Figure, figure } from './figure.ts';
import { load, type LoadResult } from './load.ts';
import { startUpstream, type Upstream } from './upstream.ts';

const environment = 'bench';
const connections = 16;

/** What the proxy does to traffic: failed requests while weights move, how fast a rollback is, and what it costs. */
export async function bench(): Promise<Figure[]> {
  const stateDir = await mkdtemp(path.join(os.tmpdir(), 'orchestra-bench-'));
  const router = createEmbeddedRouter({
    stateDir,
    clock: { now: () => new Date(), sleep: pause },
    proxyEntry: path.resolve('dist/proxy.js'),
  });
  const stable = await startUpstream('stable');
  const candidate = await startUpstream('candidate');
  try {
    const port = await freePort();
    await router.ensure({ environment, host: '127.0.0.1', port });
    let fence = 1;
    const weigh = (weight: number) =>
      router.change(environment, {
        stable: route(stable),
        candidate: route(candidate),
        weight,
        rollout: null,
        fence: fence++,
      });
    await weigh(0);
    return [
      ...(await weightsMove(port, weigh)),
      await rollback(port, weigh, candidate),
      await cost(port, stable.port),
    ];
  } finally {
    await router.stop(environment);
    stable.stop();
    candidate.stop();
    await rm(stateDir, { recursive: true, force: true });
  }
}

type Weigh = (weight: number) => Promise<unknown>;

async function weightsMove(port: number, weigh: Weigh): Promise<Figure[]> {
  const total: LoadResult = { answers: 0, failed: 0, byVersion: new Map(), seconds: 0 };
  let changes = 0;
  while (total.answers + total.failed < 20_000) {
    const running = new AbortController();
    const result = load({ port, connections, signal: running.signal });
    for (const weight of [5, 25, 50, 100, 50, 0]) {
      await weigh(weight);
      changes++;
      await pause(100);
    }
    running.abort();
    const part = await result;
    total.answers += part.answers;
    total.failed += part.failed;
  }
  await weigh(5);
  const share = await load({ port, connections, requests: 10_000 });
  await weigh(0);
  const off = Math.abs(((share.byVersion.get('candidate') ?? 0) / share.answers) * 100 - 5);
  const beside = `${total.answers + total.failed} requests, ${changes} changes of weight`;
  return [
    figure('traffic', 'requests failed while weights move', total.failed, beside, { atMost: 0 }),
    figure('traffic', 'share off its weight, points', off, `5 % of ${share.answers} requests`, {
      atMost: 0.5,
    }),
  ];
}

async function rollback(port: number, weigh: Weigh, candidate: Upstream): Promise<Figure> {
  let slowest = 0;
  for (let trial = 0; trial < 20; trial++) {
    await weigh(50);
    const running = new AbortController();
    const result = load({ port, connections, signal: running.signal });
    await pause(60);
    const decided = performance.timeOrigin + performance.now();
    await weigh(0);
    await pause(150);
    running.abort();
    await result;
    const { last } = await candidate.last();
    slowest = Math.max(slowest, last - decided);
  }
  return figure(
    'traffic',
    'rollback decided to last request at the candidate, ms',
    slowest,
    'slowest of 20 under load',
    { atMost: 100 },
  );
}

async function cost(port: number, bare: number): Promise<Figure> {
  const ratios: number[] = [];
  await load({ port, connections, requests: 3_000 });
  await load({ port: bare, connections, requests: 3_000 });
  for (let round = 0; round < 5; round++) {
    const direct = await load({ port: bare, connections, requests: 6_000 });
    const through = await load({ port, connections, requests: 6_000 });
    ratios.push(through.answers / through.seconds / (direct.answers / direct.seconds));
  }
  ratios.sort((a, b) => a - b);
  return figure(
    'traffic',
    'requests per second through the proxy',
    ratios[2] ?? 0,
    'the bare application = 1',
    'none',
  );
}

function route(upstream: Upstream): Route {
  return {
    version: { sha: upstream.name, name: upstream.name },
    host: '127.0.0.1',
    port: upstream.port,
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
