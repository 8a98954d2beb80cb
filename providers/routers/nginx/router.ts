import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { OrchestraError } from '../../../src/domain/errors.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { RouterState, TrafficRouter } from '../../../src/ports/router.ts';
import { endGroup, isAlive } from '../../runtime/processes.ts';
import { createTurns } from '../../runtime/turns.ts';
import { ownerOfPort } from '../embedded/port-owner.ts';
import { answersHttp } from '../embedded/probe.ts';
import { runningAt } from './control.ts';
import { launchNginx, type Place, prepareConfiguration, socketName } from './launch.ts';
import { connectionsTo, processesIn } from './processes.ts';
import {
  findNginx,
  findUnrecorded,
  folderOf,
  type NginxRecord,
  recordFile,
  requireNginx,
  writeRecord,
} from './record.ts';
import { reload } from './reload.ts';
import { Switches } from './switches.ts';
import { applyChange, checkFence, isArmed, routeOf, type Table, takenBack } from './table.ts';
import { addTable, newestTable, tableAt, withdraw } from './tables.ts';

/** DESIGN: the dead man's switch. */
const usualDeadManMs = 15_000;
const probeMs = 2_000;
const lookMs = 20;
/** Requests under way may take this long when nginx is asked to stop. */
const stopMs = 5_000;

export interface NginxRouterOptions {
  /** Where the environments' folders lie; absolute. */
  stateDir: string;
  clock: Clock;
  /** Time of silence after which a rollout's traffic is taken back; only tests want another than the usual 15 s. */
  deadManMs?: number;
}

/** The nginx router can also be ended for good, which a deployment never does. */
export interface NginxRouter extends TrafficRouter {
  /** Ends the environment's nginx: its listener closes, requests under way may finish. Does nothing when none runs. */
  stop(environment: string): Promise<void>;
}

/**
 * nginx as the router: one an environment, started and owned here, everything of it in one folder. Each change is a table of
 * its own, a generated configuration and a graceful reload; what must act at once are files that nginx looks at for each
 * request (`switches.ts`).
 */
export function createNginxRouter(options: NginxRouterOptions): NginxRouter {
  const { stateDir, clock, deadManMs = usualDeadManMs } = options;
  // What somebody is just bringing about looks, to a sign of life, like what the candidate may not have.
  const inTurn = createTurns();
  const at = (environment: string) => {
    const folder = folderOf(stateDir, environment);
    return { folder, switches: new Switches(folder, deadManMs), socket: path.join(folder, socketName) };
  };
  type At = ReturnType<typeof at>;

  const placeOf = ({ folder, switches }: At, { host, port }: { host: string; port: number }): Place => ({
    folder,
    host,
    port,
    tenths: switches.tenths,
  });

  /** The table as nginx acts on it: without traffic for a candidate that may have none, or whose conductor is silent. */
  async function inForce(table: Table, { switches }: At): Promise<Table> {
    const { candidate, stable } = table;
    const live = candidate !== null && table.weight > 0 && (await switches.isLive(candidate.lane));
    const seen = table.weight > 0 && !live ? { ...table, weight: 0 } : table;
    if (!isArmed(seen)) return seen;
    const until = (await switches.lastHeard()).getTime() + deadManMs;
    if (clock.now().getTime() <= until) return seen;
    const route = routeOf(stable);
    return route && (await answersHttp(route, probeMs)) ? takenBack(seen, new Date(until)) : seen;
  }

  async function stateOf(where: At): Promise<RouterState> {
    const running = await runningAt(where.socket);
    const told = running === undefined ? undefined : await tableAt(where.folder, running.number);
    if (!told) throw unknownRoutes(where.folder, running?.number);
    const table = await inForce(told, where);
    const lastHeard = (await where.switches.lastHeard()).toISOString();
    return {
      stable: routeOf(table.stable),
      candidate: routeOf(table.candidate),
      weight: table.weight,
      rollout: table.rollout === null ? null : { id: table.rollout, lastHeard },
      switched: table.switched,
      fence: Math.max(table.fence, (await newestTable(where.folder)).fence),
    };
  }

  /** Puts the newest table in force; `before` is the one nginx has now. */
  async function enforce(where: At, record: NginxRecord, table: Table, before: Table): Promise<void> {
    const { switches, folder } = where;
    // Who loses traffic loses it now, where the routes of before have somebody else for it.
    const stays = [table.stable?.lane, table.weight > 0 ? table.candidate?.lane : undefined];
    if (before.stable && stays.includes(before.stable.lane)) await switches.forbidOthers(table);
    try {
      await switches.allow(table);
      await reload(placeOf(where, record), record, table, switches, clock);
    } catch (error) {
      const code = error instanceof OrchestraError ? error.code : undefined;
      if (code === 'router-refused') await withdraw(folder, table);
      if (code === 'router-late') await goBack(where, record, before);
      throw error;
    }
    await switches.forbidOthers(table);
  }

  /** nginx may still take what it was given too late: then it shall find the routes of before, and so shall who comes next. */
  async function goBack(where: At, record: NginxRecord, before: Table): Promise<void> {
    const again = await addTable(where.folder, (newest) =>
      Promise.resolve({ ...before, fence: newest.fence, lastLane: newest.lastLane }),
    );
    if (!again) return;
    await where.switches.forbidOthers(again);
    await prepareConfiguration(placeOf(where, record), again);
  }

  async function change(where: At, build: (table: Table) => Table): Promise<void> {
    const { folder, switches, socket } = where;
    const record = await requireNginx(folder);
    let before: Table | undefined;
    const added = await addTable(folder, async (table) => {
      before = table;
      const seen = await inForce(table, where);
      return build(seen);
    });
    await switches.watch(clock.now());
    if (!added || !before) return;
    if (isArmed(added)) await switches.heard(clock.now());
    for (let table = added; ;) {
      await enforce(where, record, table, before);
      // Another may have come in between; the newest is what counts, whoever brings it about.
      const newest = await newestTable(folder);
      if (newest.number === (await runningAt(socket))?.number) return;
      if (newest.number <= table.number) return;
      before = table;
      table = newest;
    }
  }

  async function end(folder: string, record: NginxRecord | undefined): Promise<void> {
    const running = async () => (await processesIn(folder)).length > 0;
    const signalAll = async (signal: NodeJS.Signals) => {
      for (const { pid } of await processesIn(folder)) signalTo(pid, signal);
    };
    // SIGQUIT: no more connections, and leave when the last is served. To the workers too, whose master may be gone.
    await signalAll('SIGQUIT');
    for (let waited = 0; waited < stopMs && (await running()); waited += 50) await clock.sleep(50);
    await signalAll('SIGTERM');
    for (let waited = 0; waited < 1_000 && (await running()); waited += 50) await clock.sleep(50);
    await signalAll('SIGKILL');
    if (record) await endGroup(record, 1_000);
    await rm(path.join(folder, socketName), { force: true });
  }

  /** The running nginx, if it answers and listens where it should; any other is ended. */
  async function adopt(where: At, host: string, port: number): Promise<boolean> {
    const { folder, switches, socket } = where;
    const record = (await findNginx(folder)) ?? (await findUnrecorded(folder, { host, port }));
    const running = record && isAlive(record) ? await runningAt(socket) : undefined;
    const table = running ? await tableAt(folder, running.number) : undefined;
    if (!record || !table || running?.host !== host || running.port !== port) {
      if ((await processesIn(folder)).length > 0) await end(folder, record);
      return false;
    }
    await writeRecord(folder, record);
    // Whoever made the last change may have died before it was in force.
    const newest = await newestTable(folder);
    await switches.keepUsers();
    if (newest.number !== running.number) await enforce(where, record, newest, table);
    return true;
  }

  return {
    async ensure({ environment, host, port }) {
      const where = at(environment);
      const { folder, switches } = where;
      await mkdir(folder, { recursive: true, mode: 0o700 });
      if (await adopt(where, host, port)) return;
      await switches.prepare();
      const table = await newestTable(folder);
      // A rollout gets its full time again: nobody could be heard while none ran.
      await switches.heard(clock.now());
      await switches.watch(clock.now());
      await switches.allow(table);
      await switches.forbidOthers(table);
      const started = await launchNginx(placeOf(where, { host, port }), table, clock);
      if (started !== 'taken') return;
      for (let tries = 0; tries < 20; tries++) {
        const rival = await findNginx(folder);
        if (rival?.host === host && rival.port === port) return;
        await clock.sleep(50);
      }
      const owner = await ownerOfPort(port);
      throw new OrchestraError(
        'port-in-use',
        `port ${port} on ${host} is taken${owner === undefined ? '' : ` by process ${owner}`}`,
        {
          hint: 'End that process, or give the environment another `port` in orchestra.yaml.',
          details: { host, port, ...(owner === undefined ? {} : { owner }) },
        },
      );
    },

    async read(environment) {
      const where = at(environment);
      await requireNginx(where.folder);
      return stateOf(where);
    },

    async change(environment, wanted) {
      const where = at(environment);
      await inTurn(environment, () => change(where, (table) => applyChange(table, wanted)));
      return stateOf(where);
    },

    async heartbeat(environment, rollout, fence) {
      const where = at(environment);
      await requireNginx(where.folder);
      const look = async () => {
        const newest = await newestTable(where.folder);
        checkFence(newest, fence);
        const table = await inForce(newest, where);
        return { table, isNews: table.switched !== newest.switched || fence > newest.fence };
      };
      const { table, isNews } = await look();
      if (table.rollout === rollout) await where.switches.heard(clock.now());
      if (!isNews) return;
      await inTurn(environment, async () => {
        if (!(await look()).isNews) return;
        await change(where, (seen) => {
          checkFence(seen, fence);
          return { ...seen, fence };
        });
      });
    },

    async drain(environment, sha, timeoutMs, copy) {
      const { folder } = at(environment);
      await requireNginx(folder);
      const { stable, candidate, retired } = await newestTable(folder);
      const addresses = [stable, candidate, ...retired]
        .flatMap((side) => (side?.sha === sha ? side.addresses : []))
        .filter((address) => !copy || (address.host === copy.host && address.port === copy.port));
      const underWay = async () => {
        const pids = (await processesIn(folder)).map(({ pid }) => pid);
        return connectionsTo(pids, addresses);
      };
      let quiet = false;
      for (let waited = 0; ; waited += lookMs) {
        const left = await underWay();
        if (left === 0 && quiet) return 0;
        quiet = left === 0;
        if (!quiet && waited >= timeoutMs) return left;
        await clock.sleep(lookMs);
      }
    },

    async alive(environment) {
      return (await findNginx(folderOf(stateDir, environment))) !== undefined;
    },

    async stop(environment) {
      const folder = folderOf(stateDir, environment);
      const record = await findNginx(folder);
      if ((await processesIn(folder)).length === 0) return;
      await end(folder, record);
      await rm(recordFile(folder), { force: true });
    },
  };
}

function signalTo(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in the meantime, which is what was wanted.
  }
}

function unknownRoutes(folder: string, number: number | undefined): OrchestraError {
  return number === undefined
    ? new OrchestraError('router-down', 'nginx does not answer on its control socket', {
        hint: 'A deployment starts it again with its last routes.',
        details: { folder },
      })
    : new OrchestraError(
        'router-foreign',
        `nginx runs the configuration ${number}, which nobody here knows`,
        {
          hint: 'Something else changes this nginx; the next deployment starts it again with its last routes.',
          details: { folder },
        },
      );
}
