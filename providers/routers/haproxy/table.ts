import { isIP } from 'node:net';
import { z } from 'zod';
import { OrchestraError } from '../../../src/domain/errors.ts';
import type { Route, RouteChange } from '../../../src/ports/router.ts';

const text = z.string().min(1).max(300);
/** The names under which versions are servers of HAProxy: nothing from outside is in them. */
const serverName = z.string().regex(/^v[1-9]\d{0,8}$/);

const serverSchema = z.strictObject({
  sha: text,
  name: text,
  host: z.string().refine((host) => isIP(host) !== 0, 'an IP address'),
  port: z.number().int().min(1).max(65_535),
  /** The first server of the same stay of this version behind the router: their counts belong together. */
  lane: serverName,
});
export type Server = z.infer<typeof serverSchema>;

/** What the router is told, kept in HAProxy's own memory; `stable` and `candidate` name servers. */
export const tableSchema = z.strictObject({
  stable: serverName.nullable(),
  candidate: serverName.nullable(),
  weight: z.number().min(0).max(100),
  rollout: text.nullable(),
  heardAt: z.iso.datetime(),
  switched: z.strictObject({ rollout: z.string(), at: z.iso.datetime() }).nullable(),
  fence: z.number().int().nonnegative(),
  /** Routed servers, and some that were: requests may still be under way there, and their counts are read. */
  servers: z.record(serverName, serverSchema),
});
export type Table = z.infer<typeof tableSchema>;

/** A router that was told nothing yet. */
export const emptyTable: Table = {
  stable: null,
  candidate: null,
  weight: 0,
  rollout: null,
  heardAt: new Date(0).toISOString(),
  switched: null,
  fence: 0,
  servers: {},
};

/** Throws code `fenced` when `fence` is lower than the last seen: its holder lost the lock. */
export function checkFence(table: Table, fence: number): void {
  if (fence >= table.fence) return;
  throw new OrchestraError(
    'fenced',
    `the router refused: fencing token ${fence} is older than ${table.fence}, the last one seen`,
    { hint: 'Another process holds the environment now; this one must stop acting for it.' },
  );
}

/**
 * The table after `change` at `now`; new servers are numbered after `last`. Throws `fenced`, or `bad-change` for what
 * cannot be routed.
 */
export function applyChange(table: Table, change: RouteChange, last: number, now: Date): Table {
  checkFence(table, change.fence);
  if (!change.candidate && change.weight > 0) {
    throw refused(`weight ${change.weight} has no candidate to go to`);
  }
  const servers = { ...table.servers };
  const routed = [table.stable, table.candidate];
  let next = last;
  const nameFor = (route: Route | null): string | null => {
    if (!route) return null;
    const { sha, name } = route.version;
    const before = routed.filter((server) => server !== null && servers[server]?.sha === sha);
    const same = before.find((server) => {
      const at = server === null ? undefined : servers[server];
      return at?.host === route.host && at.port === route.port;
    });
    if (same) return same;
    const added = `v${(next += 1)}`;
    const [first] = before;
    const lane = (first ? servers[first]?.lane : undefined) ?? added;
    servers[added] = { sha, name, host: route.host, port: route.port, lane };
    routed.push(added);
    return added;
  };
  const parsed = tableSchema.safeParse({
    stable: nameFor(change.stable),
    candidate: nameFor(change.candidate),
    weight: change.weight,
    rollout: change.rollout,
    heardAt: now.toISOString(),
    switched: table.switched,
    fence: change.fence,
    servers,
  });
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw refused(`${issue?.path.join('.') ?? 'the change'}: ${issue?.message ?? 'is not valid'}`);
}

function refused(why: string): OrchestraError {
  return new OrchestraError('bad-change', `the router refused: ${why}`, {
    hint: 'Check the values of the request; nothing was changed.',
  });
}

/** Whether an unfinished rollout has traffic that could be taken back. */
export function isArmed(table: Table): boolean {
  return table.rollout !== null && table.weight > 0 && table.stable !== null;
}

/** The table as HAProxy acts on it at `now`: a rollout that has been silent for `limitMs` has lost its traffic. */
export function inForce(table: Table, limitMs: number, stableHealthy: boolean, now: Date): Table {
  const until = Date.parse(table.heardAt) + limitMs;
  if (!isArmed(table) || !stableHealthy || now.getTime() <= until) return table;
  const switched = { rollout: table.rollout ?? '', at: new Date(until).toISOString() };
  return { ...table, weight: 0, rollout: null, switched };
}

/** Servers that nothing is routed to any more, oldest first. */
export function retired(table: Table): string[] {
  return Object.keys(table.servers)
    .filter((name) => name !== table.stable && name !== table.candidate)
    .toSorted((a, b) => numberOf(a) - numberOf(b));
}

/** The number in a server's name. */
export function numberOf(server: string): number {
  return Number(server.slice(1));
}

/** The table with what HAProxy's servers really are: one that is gone takes no traffic, another address counts. */
export function asObserved(table: Table, real: ReadonlyMap<string, Pick<Server, 'host' | 'port'>>): Table {
  const servers = Object.fromEntries(
    Object.entries(table.servers).flatMap(([name, server]) => {
      const at = real.get(name);
      return at ? [[name, { ...server, ...at }]] : [];
    }),
  );
  const present = (name: string | null) => (name !== null && Object.hasOwn(servers, name) ? name : null);
  return { ...table, stable: present(table.stable), candidate: present(table.candidate), servers };
}

/**
 * What a server weighs for HAProxy's own choice, which only requests meet that are sent again: they go to stable. A candidate
 * with traffic weighs a little, for with one server alone HAProxy would wait a second before it repeats anything.
 */
export function weightOf(table: Table, name: string): number {
  if (name === table.stable) return 256;
  return name === table.candidate && table.weight > 0 ? 1 : 0;
}
