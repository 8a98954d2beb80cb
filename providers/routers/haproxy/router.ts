import { rm } from 'node:fs/promises';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { OrchestraError } from '../../../src/domain/errors.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Route, RouterState, TrafficRouter } from '../../../src/ports/router.ts';
import { endGroup, isAlive } from '../../runtime/processes.ts';
import { findState, writeState } from '../../runtime/state-file.ts';
import { createTurns } from '../../runtime/turns.ts';
import { folderOf } from '../embedded/control-client.ts';
import { ownerOfPort, runsFor } from '../embedded/port-owner.ts';
import { launchHaproxy } from './launch.ts';
import {
  findHaproxy,
  findUnrecorded,
  type HaproxyRecord,
  pidAt,
  requireHaproxy,
  writeRecord,
} from './record.ts';
import { readTable, replaceRoutes, settle } from './routes.ts';
import { command } from './runtime-api.ts';
import { parseStats } from './stats.ts';
import {
  applyChange,
  checkFence,
  emptyTable,
  inForce,
  routed,
  type Server,
  serversOf,
  type Table,
  tableSchema,
} from './table.ts';

/** DESIGN: the dead man's switch. */
const usualDeadManMs = 15_000;
/** A request decided by the routes before a change may not have reached its server yet; after this long it has. */
const settleMs = 20;
/** Requests under way may take this long when HAProxy is asked to stop, its `hard-stop-after` and a little more. */
const stopMs = 7_000;

export interface HaproxyRouterOptions {
  /** Where the environment's folders lie; absolute. */
  stateDir: string;
  clock: Clock;
  /** Time of silence after which a rollout's traffic is taken back; only tests want another than the usual 15 s. */
  deadManMs?: number;
}

/** The HAProxy router can also be ended for good, which a deployment never does. */
export interface HaproxyRouter extends TrafficRouter {
  /** Ends the environment's HAProxy: its listener closes, requests under way may finish. Does nothing when none runs. */
  stop(environment: string): Promise<void>;
}

/**
 * HAProxy as the router: one process an environment, started and owned here, told everything over its Runtime API. What it
 * does is read from its own memory; `haproxy-routes.json` is only what a new process begins with.
 */
export function createHaproxyRouter(options: HaproxyRouterOptions): HaproxyRouter {
  const { stateDir, clock, deadManMs = usualDeadManMs } = options;
  const routesFile = (folder: string) => path.join(folder, 'haproxy-routes.json');
  // A sign of life is a change too: made of what it read before a rollout's own change, it would take that back.
  const inTurn = createTurns();

  /** The routes as HAProxy acts on them now. */
  async function effective(socket: string, table: Table): Promise<Table> {
    const probed = await command(socket, ['show', 'servers', 'state', 'stable_probe']);
    return inForce(table, deadManMs, probeUp(probed), clock.now());
  }

  async function change(folder: string, build: (table: Table, last: number) => Table): Promise<string> {
    const { socket } = await requireHaproxy(folder);
    const { before, after } = await replaceRoutes(socket, deadManMs, async (table, last) =>
      build(await effective(socket, table), last),
    );
    // A sign of life is not worth a write: a new process gives every rollout its full time.
    const onlyHeard = isDeepStrictEqual({ ...before, heardAt: after.heardAt }, after);
    if (!onlyHeard) await writeState(routesFile(folder), after);
    return socket;
  }

  /** The running HAProxy, if it answers and listens where it should; any other is ended. */
  async function adopt(folder: string, host: string, port: number): Promise<boolean> {
    const record = (await findHaproxy(folder)) ?? (await findUnrecorded(folder, { host, port }));
    if (!record) return false;
    if ((await pidAt(record.socket)) !== record.pid || record.host !== host || record.port !== port) {
      await end(record);
      return false;
    }
    let table: Table;
    try {
      table = await readTable(record.socket);
    } catch (error) {
      if (!(error instanceof OrchestraError) || error.code !== 'router-foreign') throw error;
      // Somebody else's routes: a new process with the last ones from here is the way back.
      await end(record);
      return false;
    }
    // Whoever changed the routes last may have died before the rest followed.
    await settle(record.socket, table);
    await writeRecord(folder, record);
    await writeState(routesFile(folder), table);
    return true;
  }

  /** What a new process begins with. A rollout gets its full time again: nobody could be heard while none ran. */
  async function lastRoutes(folder: string): Promise<Table> {
    const found = await findState(routesFile(folder), tableSchema);
    const table = found.kind === 'value' ? found.value : emptyTable;
    const kept = routed(table);
    const servers = Object.fromEntries(Object.entries(table.servers).filter(([name]) => kept.includes(name)));
    return { ...table, servers, heardAt: clock.now().toISOString() };
  }

  /** SIGUSR1 is HAProxy's soft stop: it takes no more connections and leaves when the last is served. */
  async function end(record: HaproxyRecord): Promise<void> {
    if (isAlive(record)) process.kill(record.pid, 'SIGUSR1');
    for (let waited = 0; waited < stopMs && isAlive(record); waited += 50) await clock.sleep(50);
    await endGroup(record, 1_000);
    await rm(record.socket, { force: true });
  }

  return {
    async ensure({ environment, host, port }) {
      const folder = folderOf(stateDir, environment);
      if (await adopt(folder, host, port)) return;
      const table = await lastRoutes(folder);
      const started = await launchHaproxy({ folder, host, port, table, deadManMs, clock });
      if (started !== 'taken') return;
      // Another start for the same environment may have won the port and be about to say so.
      for (let tries = 0; tries < 20; tries++) {
        const rival = await findHaproxy(folder);
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
      const { socket } = await requireHaproxy(folderOf(stateDir, environment));
      return stateOf(await effective(socket, await readTable(socket)));
    },

    async change(environment, wanted) {
      const socket = await inTurn(environment, () =>
        change(folderOf(stateDir, environment), (table, last) =>
          applyChange(table, wanted, last, clock.now()),
        ),
      );
      return stateOf(await effective(socket, await readTable(socket)));
    },

    async heartbeat(environment, rollout, fence) {
      await inTurn(environment, () =>
        change(folderOf(stateDir, environment), (table) => {
          checkFence(table, fence);
          const heardAt = table.rollout === rollout ? clock.now().toISOString() : table.heardAt;
          return { ...table, fence, heardAt };
        }),
      );
    },

    async drain(environment, sha, timeoutMs, copy) {
      const { socket } = await requireHaproxy(folderOf(stateDir, environment));
      const { servers } = await readTable(socket);
      const isThere = (server: Server) => !copy || (server.host === copy.host && server.port === copy.port);
      const names = Object.entries(servers).flatMap(([name, server]) =>
        server.sha === sha && isThere(server) ? [name] : [],
      );
      const underWay = async () => {
        const rows = parseStats(await command(socket, ['show', 'stat']));
        return names.reduce((sum, name) => sum + (rows.get(name)?.('scur') ?? 0), 0);
      };
      let quiet = false;
      for (let waited = 0; ; waited += settleMs) {
        const left = await underWay();
        if (left === 0 && quiet) return 0;
        quiet = left === 0;
        if (!quiet && waited >= timeoutMs) return left;
        await clock.sleep(settleMs);
      }
    },

    async alive(environment) {
      return (await findHaproxy(folderOf(stateDir, environment))) !== undefined;
    },

    async stop(environment) {
      const folder = folderOf(stateDir, environment);
      const record = await findHaproxy(folder);
      if (!record) return;
      await end(record);
      await rm(path.join(folder, 'haproxy.json'), { force: true });
    },
  };
}

/** Whether the probe's server is running (`srv_op_state` 2), from `show servers state`. */
function probeUp(answer: string): boolean {
  const [head = '', values = ''] = answer.split('\n').slice(1);
  const at = head.replace(/^# /, '').split(' ').indexOf('srv_op_state');
  return values.split(' ')[at] === '2';
}

function stateOf(table: Table): RouterState {
  const route = (side: 'stable' | 'candidate'): Route | null => {
    const [server, ...others] = serversOf(table, side).flatMap((name) => table.servers[name] ?? []);
    if (!server) return null;
    const { sha, name, host, port } = server;
    const at = others.map((other) => ({ host: other.host, port: other.port }));
    return { version: { sha, name }, host, port, ...(at.length > 0 ? { others: at } : {}) };
  };
  return {
    stable: route('stable'),
    candidate: route('candidate'),
    weight: table.weight,
    rollout: table.rollout === null ? null : { id: table.rollout, lastHeard: table.heardAt },
    switched: table.switched,
    fence: table.fence,
  };
}
