import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { routerKinds } from '../providers/routers/registry.ts';
import { freeServerPort } from '../providers/runtime/free-port.ts';
import type { RouterName } from '../src/domain/settings.ts';
import { type Figure, figure } from './figure.ts';
import { type Answered, startLoadApart } from './load-apart.ts';
import { median } from './measure.ts';
import { rivalNames, startRival } from './rivals.ts';
import { startUpstream, type Upstream } from './upstream.ts';

const connections = 32;
const requests = 6_000;
const rounds = 9;
const ours = 'the proxy';
const bare = 'the bare application';

interface Contender {
  name: string;
  port: number;
  /** Its process, where it is one that can be told from others. */
  pid?: number | undefined;
  stop: () => unknown;
}

/** A stretch of load, and the processor time that the contender took for it, in clock ticks. */
type Run = Answered & { ticks: number };

/**
 * The embedded proxy beside others, in front of the same application, with the same connections, a stretch of each in turn: so
 * that what else the machine does meets all alike. Each round's ratios are taken within it; the median counts.
 */
export async function bench(): Promise<Figure[]> {
  const stateDir = await mkdtemp(path.join(os.tmpdir(), 'orchestra-bench-'));
  const application = await startUpstream('application');
  const load = startLoadApart();
  const contenders: Contender[] = [{ name: bare, port: application.port, stop: () => {} }];
  try {
    contenders.push(await startRouter('embedded', ours, stateDir, application));
    for (const name of rivalNames) contenders.push({ name, ...(await startRival(name, application.port)) });
    for (const name of ['haproxy', 'nginx'] as const) {
      const missing = await kindOf(name, stateDir).missing();
      if (missing) process.stderr.write(`${name} is not measured: ${missing.why}\n`);
      else contenders.push(await startRouter(name, name, stateDir, application));
    }
    for (const { port } of contenders) await load.run({ port, connections, requests });
    const runs: Map<string, Run>[] = [];
    for (let round = 0; round < rounds; round++) {
      const run = new Map<string, Run>();
      // Each begins a round in turn.
      for (let i = 0; i < contenders.length; i++) {
        const contender = contenders[(i + round) % contenders.length];
        if (!contender) continue;
        const { name, port, pid } = contender;
        const before = ticksOf(pid);
        const answered = await load.run({ port, connections, requests });
        run.set(name, { ...answered, ticks: ticksOf(pid) - before });
      }
      runs.push(run);
    }
    return figures(
      runs,
      contenders.map(({ name }) => name),
    );
  } finally {
    for (const { stop } of contenders) await stop();
    application.stop();
    load.stop();
    await rm(stateDir, { recursive: true, force: true });
  }
}

function figures(runs: Map<string, Run>[], names: string[]): Figure[] {
  const perSecond = (run: Map<string, Run>, name: string) => {
    const answered = run.get(name);
    return answered ? answered.answers / answered.seconds : Number.NaN;
  };
  const p99 = (run: Map<string, Run>, name: string) => run.get(name)?.p99 ?? Number.NaN;
  const typical = (name: string, of: typeof perSecond) => median(runs.map((run) => of(run, name)));
  const fastest = rivalNames.toSorted((a, b) => typical(b, perSecond) - typical(a, perSecond))[0] ?? '';
  const calmest = rivalNames.toSorted((a, b) => typical(a, p99) - typical(b, p99))[0] ?? '';
  const ratio = (of: typeof perSecond, name: string, beside: string) =>
    median(runs.map((run) => of(run, name) / of(run, beside)));
  const ticks = (name: string) => runs.reduce((sum, run) => sum + (run.get(name)?.ticks ?? 0), 0);
  const thriftiest = rivalNames.toSorted((a, b) => ticks(a) - ticks(b))[0] ?? '';
  const failed = runs.reduce((sum, run) => sum + (run.get(ours)?.failed ?? 0), 0);
  const busiest = Math.max(...runs.flatMap((run) => [...run.values()].map(({ busy }) => busy)));
  const each = `${connections} connections, ${rounds} rounds of ${requests}`;
  return [
    figure(
      'proxy',
      `requests per second of ${ours}`,
      ratio(perSecond, ours, fastest),
      `${fastest}, the fastest of ${rivalNames.join(', ')} = 1; ${each}`,
      { atLeast: 1.2 },
    ),
    figure('proxy', `p99 of ${ours}`, ratio(p99, ours, calmest), `${calmest}, the lowest of the three = 1`, {
      atMost: 1,
    }),
    figure(
      'proxy',
      `processor time a request of ${ours}`,
      ticks(ours) / ticks(thriftiest),
      `${thriftiest}, the thriftiest of the three = 1`,
      'none',
    ),
    figure('proxy', `requests failed by ${ours}`, failed, `${rounds * requests} requests`, { atMost: 0 }),
    ...names
      .filter((name) => name !== bare)
      .map((name) =>
        figure(
          'proxy',
          `requests per second of ${name}`,
          ratio(perSecond, name, bare),
          `${bare} = 1; p99 ${typical(name, p99).toFixed(1)} ms, ${Math.round(typical(name, perSecond))} a second`,
          'none',
        ),
      ),
    figure(
      'proxy',
      'processors that the load itself took at most',
      busiest,
      `of ${os.availableParallelism()}`,
      'none',
    ),
  ];
}

function kindOf(name: RouterName, stateDir: string) {
  const clock = {
    now: () => new Date(),
    sleep: (ms: number) =>
      new Promise<void>((resolve) => {
        setTimeout(resolve, ms);
      }),
  };
  return routerKinds[name]({ stateDir, clock, proxyEntry: path.resolve('dist/proxy.js') });
}

async function startOwn(folder: string, port: number): Promise<number | undefined> {
  await mkdir(folder, { recursive: true });
  const started = ['dist/proxy.js', '--folder', folder, '--host', '127.0.0.1', '--port', String(port)];
  const child = spawn(process.execPath, started, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  await once(child, 'message');
  return child.pid;
}

async function startRouter(
  name: RouterName,
  called: string,
  stateDir: string,
  application: Upstream,
): Promise<Contender> {
  const { router } = kindOf(name, stateDir);
  const port = await freeServerPort();
  // In this session as its rivals are, and adopted: the system shares processors between sessions first (sched(7)).
  const pid = name === 'embedded' ? await startOwn(path.join(stateDir, 'env', name), port) : undefined;
  await router.ensure({ environment: name, host: '127.0.0.1', port });
  await router.change(name, {
    stable: {
      version: { sha: 'application', name: 'application' },
      host: '127.0.0.1',
      port: application.port,
    },
    candidate: null,
    weight: 0,
    rollout: null,
    fence: 1,
  });
  return { name: called, port, pid, stop: () => router.stop(name) };
}

/** User and system time of a process (fields 14 and 15 of proc(5)); 0 where the system does not show it. */
function ticksOf(pid: number | undefined): number {
  if (pid === undefined) return 0;
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return 0;
  }
}
