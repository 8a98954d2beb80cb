import { isDeepStrictEqual } from 'node:util';
import { messageOf, OrchestraError } from '../../../src/domain/errors.ts';
import { addressOf, mapFile, probe, probeAddress, serverWords, versions } from './configuration.ts';
import { mapLines, parseMap } from './route-map.ts';
import { command, order } from './runtime-api.ts';
import { asObserved, numberOf, retired, routed, serversOf, type Table, weightOf } from './table.ts';

/** Versions that are not routed any more, but whose counts can still be read. */
const keptRetired = 6;
/** How often another process may get its change in first before this one gives up. */
const mostAttempts = 5;

/** What HAProxy really does at this moment: its map, with its servers' own addresses. */
export async function readTable(socket: string): Promise<Table> {
  const map = await command(socket, ['show', 'map', mapFile]);
  return asObserved(parseMap(map), await realServers(socket));
}

/** Where the versions' servers are, from `show servers state` (management guide 9.3). */
async function realServers(socket: string): Promise<Map<string, { host: string; port: number }>> {
  const lines = (await command(socket, ['show', 'servers', 'state', versions])).split('\n');
  const head = lines.find((line) => line.startsWith('# ')) ?? '';
  const fields = head.slice(2).split(' ');
  const servers = new Map<string, { host: string; port: number }>();
  for (const line of lines) {
    const values = line.split(' ');
    const value = (field: string) => values[fields.indexOf(field)] ?? '';
    if (/^v\d+$/.test(value('srv_name'))) {
      servers.set(value('srv_name'), { host: value('srv_addr'), port: Number(value('srv_port')) });
    }
  }
  return servers;
}

/**
 * Replaces the routes by what `build` makes of the present ones; `last` is the highest number that a server has. A version of the
 * map is reserved first, then the routes are read. HAProxy refuses a version older than one that was put in force in between, but
 * not one that is newer: so whether the routes are still those is looked at last of all. Either way all begins again. What is left is
 * the moment between that look and the commit, for which callers of one process take turns, and of two processes one is fenced.
 * Between two requests everything changes at once.
 */
export async function replaceRoutes(
  socket: string,
  limitMs: number,
  build: (table: Table, last: number) => Promise<Table>,
): Promise<{ before: Table; after: Table }> {
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    const version = /^New version created: (\d+)$/.exec(
      await command(socket, ['prepare', 'map', mapFile]),
    )?.[1];
    if (version === undefined) throw disagrees('it has no versions of maps');
    const real = await realServers(socket);
    const read = await command(socket, ['show', 'map', mapFile]);
    const before = asObserved(parseMap(read), real);
    const last = Math.max(0, ...[...real.keys()].map(numberOf));
    const next = await forgetOldest(socket, await build(before, last));
    await addServers(socket, before, next);
    const at = `@${version}`;
    await command(socket, ['add', 'map', at, mapFile], mapLines(next, limitMs));
    if ((await command(socket, ['show', 'map', mapFile])) !== read) {
      await command(socket, ['clear', 'map', at, mapFile]);
      continue;
    }
    const said = await command(socket, ['commit', 'map', at, mapFile]);
    if (said === '') {
      // A sign of life changes nothing beside the map.
      if (!isDeepStrictEqual({ ...before, heardAt: next.heardAt }, next)) await settle(socket, next);
      return { before, after: next };
    }
    if (!said.includes('out of range')) throw disagrees(said);
  }
  throw disagrees(`others changed its routes ${mostAttempts} times in a row`);
}

/** What a change needs before a request may be sent there. */
async function addServers(socket: string, before: Table, next: Table): Promise<void> {
  for (const [name, server] of Object.entries(next.servers)) {
    if (Object.hasOwn(before.servers, name)) continue;
    const words = ['add', 'server', `${versions}/${name}`, addressOf(server), 'weight', '0', ...serverWords];
    await order(socket, words, /^New server registered\.$/);
    await order(socket, ['enable', 'server', `${versions}/${name}`]);
  }
  for (const name of serversOf(next, 'stable')) await weigh(socket, next, name);
}

/** Everything beside the map follows it: where repeated requests go, the probe of stable, what takes nothing any more. */
export async function settle(socket: string, table: Table): Promise<void> {
  const stable = serversOf(table, 'stable');
  const rest = Object.keys(table.servers).filter((name) => !stable.includes(name));
  for (const name of [...stable, ...rest]) await weigh(socket, table, name);
  for (const name of retired(table)) {
    await order(socket, ['set', 'server', `${versions}/${name}`, 'state', 'maint']);
  }
  const [, address = ''] = probeAddress(table).split('@');
  const host = address.slice(0, address.lastIndexOf(':'));
  const port = address.slice(address.lastIndexOf(':') + 1);
  await command(socket, ['set', 'server', probe, 'addr', host, 'port', port]);
}

async function weigh(socket: string, table: Table, name: string): Promise<void> {
  const weight = String(weightOf(table, name));
  await order(socket, ['set', 'server', `${versions}/${name}`, 'weight', weight]);
}

/**
 * Takes out the oldest retired servers beyond those kept; one with requests under way stays until the next change, and so do
 * those of routed versions, for their counts belong to what runs.
 */
async function forgetOldest(socket: string, table: Table): Promise<Table> {
  const servers = { ...table.servers };
  const lanes = new Set(routed(table).map((name) => servers[name]?.lane));
  const old = retired(table).filter((name) => !lanes.has(servers[name]?.lane));
  for (const name of old.slice(0, Math.max(0, old.length - keptRetired))) {
    const said = await command(socket, ['del', 'server', `${versions}/${name}`]).catch(messageOf);
    if (/^(Server deleted\.|No such server\.)/.test(said)) delete servers[name];
  }
  return { ...table, servers };
}

function disagrees(why: string): OrchestraError {
  return new OrchestraError('router-disagrees', `HAProxy did not take the change: ${why}`, {
    hint: 'Something else changes this HAProxy; nothing was changed by this request.',
  });
}
