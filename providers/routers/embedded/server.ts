import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { safeText } from '../../../src/domain/safe-text.ts';
import type { RouteChange } from '../../../src/ports/router.ts';
import { identify } from '../../runtime/processes.ts';
import { findState, writeState } from '../../runtime/state-file.ts';
import { type Controlled, createControlServer } from './control.ts';
import { addressOf } from './copies.ts';
import { DeadMan } from './dead-man.ts';
import { limits } from './limits.ts';
import { answersHttp } from './probe.ts';
import { type ProxyRecord, proxyRecordSchema, type Report, type Table, tableSchema } from './protocol.ts';
import { closeGently, createPublicServer, listen, sweepStalls } from './public-server.ts';
import { Sides } from './sides.ts';
import { applyChange, checkFence, emptyTable, takeBack } from './table.ts';

export interface ProxyOptions {
  /** The environment's folder, for `proxy.json` and `routes.json`. */
  folder: string;
  host: string;
  port: number;
  deadManMs?: number;
  log: (line: string) => void;
}

export interface RunningProxy {
  /** Takes no new connections, lets requests under way end (5 s at most), and leaves. */
  stop(): Promise<void>;
  /** Resolves once stopped, however that was asked for. */
  stopped: Promise<void>;
}

/**
 * Starts the proxy in this process: restores the persisted routes, binds the users' port (so that two starts cannot both
 * succeed), opens the control API and says in `proxy.json` how to reach it. Rejects with the system's error when the port is taken.
 */
export async function startProxy(options: ProxyOptions): Promise<RunningProxy> {
  const { folder, host, port, log } = options;
  const routesFile = path.join(folder, 'routes.json');
  const recordFile = path.join(folder, 'proxy.json');
  const sides = new Sides();
  const server = createPublicServer(sides);
  // The very first request after a restart finds the routes; once the port is ours alone, they are read for good.
  sides.use(await restore(routesFile, log));
  await listen(server, port, host);
  let table = await restore(routesFile, log);
  sides.use(table);
  let lastHeard = new Date();
  const armed = () => table.rollout !== null && table.weight > 0 && table.stable !== null;
  const deadMan = new DeadMan({
    limitMs: options.deadManMs ?? limits.deadManMs,
    now: () => performance.now(),
    armed,
    stableHealthy: async () => {
      const copies = table.stable ? [table.stable, ...(table.stable.others ?? [])] : [];
      return (await Promise.all(copies.map((copy) => answersHttp(copy, limits.probeMs)))).includes(true);
    },
    takeBack: () =>
      inTurn(async () => {
        const { rollout, weight } = table;
        if (!armed()) return;
        await commit(takeBack(table, new Date()));
        log(safeText(`rollout ${rollout}: no sign of life, stable is healthy: weight ${weight} % -> 0 %`));
      }),
    log,
  });

  // Changes are made one after another, so that what is on the disk is never older than what was answered.
  let last: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(work, work);
    last = mine.catch(() => {});
    return mine;
  }

  /** Taking traffic away from the candidate happens before it is written down, giving it some afterwards: a crash in between errs towards stable. */
  async function commit(next: Table): Promise<void> {
    const first = next.weight === 0;
    if (first) {
      table = next;
      sides.use(next);
    }
    await writeState(routesFile, next);
    if (first) return;
    table = next;
    sides.use(next);
  }

  const proxy: Controlled = {
    report: (): Report => ({
      listen: { host, port },
      state: {
        ...table,
        rollout: table.rollout === null ? null : { id: table.rollout, lastHeard: lastHeard.toISOString() },
      },
    }),
    change: (change: RouteChange) =>
      inTurn(async () => {
        const next = applyChange(table, change);
        await commit(next);
        lastHeard = new Date();
        deadMan.heard();
        log(
          safeText(
            `stable ${next.stable?.version.name ?? 'none'}, candidate ${next.candidate?.version.name ?? 'none'} ${next.weight} %`,
          ),
        );
      }),
    heartbeat: (rollout, fence) =>
      inTurn(async () => {
        checkFence(table, fence);
        if (fence > table.fence) await commit({ ...table, fence });
        if (rollout !== table.rollout) return;
        lastHeard = new Date();
        deadMan.heard();
      }),
    drain: (sha, timeoutMs, copy) =>
      sides.lane(sha)?.drained(timeoutMs, copy && addressOf(copy)) ?? Promise.resolve(0),
    counts: () => sides.counts(),
    routes: () => sides.routes(),
    shutdown: () => void stop(),
  };

  const token = randomBytes(32).toString('hex');
  const control = createControlServer(proxy, token, log);
  await listen(control, 0, '127.0.0.1');
  const record: ProxyRecord = {
    pid: process.pid,
    startTime: identify(process.pid)?.startTime ?? '',
    controlPort: (control.address() as AddressInfo).port,
    token,
    host,
    port,
  };
  await writeState(recordFile, record);
  log(`pid ${process.pid} listens on ${host}:${port}`);

  const every = Math.min(limits.sweepMs, (options.deadManMs ?? limits.deadManMs) / 5);
  const sweep = setInterval(() => {
    sweepStalls(sides, performance.now());
    for (const [sha, lane] of sides.allLanes()) {
      const untold = lane.takeUntold();
      if (!untold) continue;
      const { failures, why } = untold;
      const what = failures > 0 ? `${failures} failed, the last because` : 'another copy was asked, because';
      log(safeText(`version ${sha}: ${what} ${why}`));
    }
    deadMan.tick().catch((error: unknown) => log(`taking traffic back failed: ${String(error)}`));
  }, every);

  let stopping: Promise<void> | undefined;
  let announce = () => {};
  const stopped = new Promise<void>((resolve) => {
    announce = resolve;
  });
  function stop(): Promise<void> {
    stopping ??= leave();
    return stopping;
  }
  async function leave(): Promise<void> {
    log('stopping');
    await closeGently(server, limits.stopMs);
    clearInterval(sweep);
    await last;
    const found = await findState(recordFile, proxyRecordSchema);
    if (found.kind === 'value' && found.value.token === token) await rm(recordFile, { force: true });
    await closeGently(control, 100);
    log('stopped');
    announce();
  }
  return { stop, stopped };
}

/** The routes of the proxy that ran before; what does not parse is moved aside and said, and nobody serves until the next change. */
async function restore(file: string, log: (line: string) => void): Promise<Table> {
  const found = await findState(file, tableSchema);
  if (found.kind === 'value') return found.value;
  if (found.kind === 'broken') {
    await rename(file, `${file}.broken`);
    log(`routes.json does not parse and was moved to routes.json.broken`);
  }
  return emptyTable;
}
