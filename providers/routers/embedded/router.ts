import { z } from 'zod';
import { OrchestraError } from '../../../src/domain/errors.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { TrafficRouter } from '../../../src/ports/router.ts';
import { isAlive } from '../../runtime/processes.ts';
import { callProxy, findProxy, folderOf, requireProxy } from './control-client.ts';
import { launchProxy } from './launch.ts';
import { ownerOfPort, runsFor } from './port-owner.ts';
import { drainedSchema, type ProxyRecord, reportSchema } from './protocol.ts';

/** A control request is answered from memory or after one small write; more time than this means that the proxy hangs. */
const answerMs = 5_000;
const nothing = z.object({});

export interface EmbeddedRouterOptions {
  /** Where the environment's folders lie; absolute. */
  stateDir: string;
  clock: Clock;
  /** The bundled proxy program, `dist/proxy.js`; absolute. */
  proxyEntry: string;
  /** Time of silence after which a rollout's traffic is taken back; only tests want another than the usual 15 s. */
  deadManMs?: number;
}

/** The embedded router can also be ended for good, which a deployment never does. */
export interface EmbeddedRouter extends TrafficRouter {
  /** Ends the environment's proxy: its listener closes, requests under way may finish. Does nothing when none runs. */
  stop(environment: string): Promise<void>;
}

/** The router that needs nothing but Node: a proxy process per environment, found again by pid and start time. */
export function createEmbeddedRouter(options: EmbeddedRouterOptions): EmbeddedRouter {
  const { stateDir, clock, proxyEntry, deadManMs } = options;

  const report = (record: ProxyRecord) =>
    callProxy(record, { method: 'GET', path: '/v1/state', answer: reportSchema, timeoutMs: answerMs });

  async function waitGone(record: ProxyRecord, timeoutMs: number): Promise<boolean> {
    for (let waited = 0; waited < timeoutMs; waited += 50) {
      if (!isAlive(record)) return true;
      await clock.sleep(50);
    }
    return !isAlive(record);
  }

  async function end(record: ProxyRecord, graceMs = 8_000): Promise<void> {
    signal(record.pid, 'SIGTERM');
    if (await waitGone(record, graceMs)) return;
    if (isAlive(record)) signal(record.pid, 'SIGKILL');
    await waitGone(record, 2_000);
  }

  /** The running proxy, if it answers and listens where it should; any other is ended. */
  async function adopt(folder: string, host: string, port: number): Promise<boolean> {
    const record = await findProxy(folder);
    if (!record) return false;
    try {
      const { listen } = await report(record);
      if (listen.host === host && listen.port === port) return true;
    } catch (error) {
      if (!(error instanceof OrchestraError) || error.code !== 'router-down') throw error;
      await end(record, 500);
      return false;
    }
    await end(record);
    return false;
  }

  return {
    async ensure({ environment, host, port }) {
      const folder = folderOf(stateDir, environment);
      if (await adopt(folder, host, port)) return;
      const said = await launchProxy({ entry: proxyEntry, folder, host, port, deadManMs, clock });
      if (said.kind === 'ready') return;
      if (said.code !== 'EADDRINUSE') {
        throw new OrchestraError(
          'router-failed',
          `the proxy cannot listen on ${host}:${port}: ${said.message}`,
          {
            hint: 'Check `host` and `port` of the environment in orchestra.yaml.',
            details: { host, port, code: said.code },
          },
        );
      }
      // Another start of the same proxy may have won the port and be about to say so.
      for (let tries = 0; tries < 20; tries++) {
        const rival = await findProxy(folder);
        if (rival?.host === host && rival.port === port) return;
        await clock.sleep(50);
      }
      const owner = await ownerOfPort(port);
      throw new OrchestraError(
        'port-in-use',
        `port ${port} on ${host} is taken${owner === undefined ? '' : ` by process ${owner}`}`,
        {
          hint: (await runsFor(owner, folder))
            ? `It is this environment’s own router, whose records in ${folder} were deleted: end it (kill ${owner}), then deploy again.`
            : 'End that process, or give the environment another `port` in orchestra.yaml.',
          details: { host, port, ...(owner === undefined ? {} : { owner }) },
        },
      );
    },

    async read(environment) {
      return (await report(await requireProxy(folderOf(stateDir, environment)))).state;
    },

    async change(environment, change) {
      const record = await requireProxy(folderOf(stateDir, environment));
      const request = { method: 'PUT', path: '/v1/routes', body: change } as const;
      return (await callProxy(record, { ...request, answer: reportSchema, timeoutMs: answerMs })).state;
    },

    async heartbeat(environment, rollout, fence) {
      const record = await requireProxy(folderOf(stateDir, environment));
      const request = { method: 'POST', path: '/v1/heartbeat', body: { rollout, fence } } as const;
      await callProxy(record, { ...request, answer: nothing, timeoutMs: answerMs });
    },

    async drain(environment, sha, timeoutMs, copy) {
      const record = await requireProxy(folderOf(stateDir, environment));
      const only = copy && { host: copy.host, port: copy.port };
      const body = { sha, timeoutMs, copy: only };
      const request = { method: 'POST', path: '/v1/drain', body } as const;
      const { left } = await callProxy(record, {
        ...request,
        answer: drainedSchema,
        timeoutMs: timeoutMs + answerMs,
      });
      return left;
    },

    async alive(environment) {
      return (await findProxy(folderOf(stateDir, environment))) !== undefined;
    },

    async stop(environment) {
      const record = await findProxy(folderOf(stateDir, environment));
      if (record) await end(record);
    },
  };
}

function signal(pid: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended in the meantime, which is what was wanted.
  }
}
