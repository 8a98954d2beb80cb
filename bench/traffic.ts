import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { routerKinds } from '../providers/routers/registry.ts';
import { freeServerPort } from '../providers/runtime/free-port.ts';
import type { RouterName } from '../src/domain/settings.ts';
import type { Route } from '../src/ports/router.ts';
import { type Figure, figure } from './figure.ts';
import { load, type LoadResult } from './load.ts';
import { startUpstream, type Upstream } from './upstream.ts';

const environment = 'bench';
const connections = 16;

interface Measured {
  /** As the figures name it. */
  called: string;
  name: RouterName;
  /** A rollback's decision to the last request at the candidate, milliseconds at most; null where none is owed. */
  rollbackMs: number | null;
}

const routers: readonly Measured[] = [
  { called: 'the proxy', name: 'embedded', rollbackMs: 50 },
  { called: 'HAProxy', name: 'haproxy', rollbackMs: 250 },
  { called: 'nginx', name: 'nginx', rollbackMs: null },
];

/** What each router does to traffic: failed requests while weights move, how fast a rollback is, and what it costs. */
export async function bench(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const measured of routers) figures.push(...(await measure(measured)));
  return figures;
}

async function measure(measured: Measured): Promise<Figure[]> {
  const stateDir = await mkdtemp(path.join(os.tmpdir(), 'orchestra-bench-'));
  const clock = { now: () => new Date(), sleep: pause };
  const kind = routerKinds[measured.name]({ stateDir, clock, proxyEntry: path.resolve('dist/proxy.js') });
  const missing = await kind.missing();
  if (missing) {
    process.stderr.write(`traffic through ${measured.called} is not measured: ${missing.why}\n`);
    return [];
  }
  const { router } = kind;
  const stable = await startUpstream('stable');
  const candidate = await startUpstream('candidate');
  try {
    const port = await freeServerPort();
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
      ...(await weightsMove(measured, port, weigh)),
      await rollback(measured, port, weigh, candidate),
      await cost(measured, port, stable.port),
    ];
  } finally {
    await router.stop(environment);
    stable.stop();
    candidate.stop();
    await rm(stateDir, { recursive: true, force: true });
  }
}

type Weigh = (weight: number) => Promise<unknown>;

async function weightsMove({ called }: Measured, port: number, weigh: Weigh): Promise<Figure[]> {
  const total: LoadResult = { answers: 0, failed: 0, byVersion: new Map(), seconds: 0, times: [] };
  let changes = 0;
  while (total.answers + total.failed < 100_000) {
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
    figure('traffic', `requests failed by ${called} while weights move`, total.failed, beside, { atMost: 0 }),
    figure('traffic', `share of ${called} off its weight, points`, off, `5 % of ${share.answers} requests`, {
      atMost: 0.5,
    }),
  ];
}

async function rollback(
  { called, rollbackMs }: Measured,
  port: number,
  weigh: Weigh,
  candidate: Upstream,
): Promise<Figure> {
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
    `rollback decided to last request at the candidate through ${called}, ms`,
    slowest,
    'slowest of 20 under load',
    rollbackMs === null ? 'none' : { atMost: rollbackMs },
  );
}

async function cost({ called }: Measured, port: number, bare: number): Promise<Figure> {
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
    `requests per second through ${called}`,
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
