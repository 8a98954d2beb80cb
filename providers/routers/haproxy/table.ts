import { isIP } from 'node:net';
import { z } from 'zod';
import { OrchestraError } from '../../../src/domain/errors.ts';
import type { Version } from '../../../src/domain/event.ts';
import type { Address, Route, RouteChange } from '../../../src/ports/router.ts';

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
  /** Further copies of the routed versions, beside the first that `stable` and `candidate` name. */
  others: z
    .strictObject({ stable: z.array(serverName).max(63), candidate: z.array(serverName).max(63) })
    .default({ stable: [], candidate: [] }),
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
  others: { stable: [], candidate: [] },
  servers: {},
};

/** The servers of one side's copies; none where the side is not there. */
export function serversOf(table: Table, side: 'stable' | 'candidate'): string[] {
  const first = table[side];
  return first === null ? [] : [first, ...table.others[side]];
}

/** Every server that requests are sent to, each once. */
export function routed(table: Table): string[] {
  return [...new Set([...serversOf(table, 'stable'), ...serversOf(table, 'candidate')])];
}

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
  const known = routed(table);
  let next = last;
  const nameFor = ({ sha, name }: Version, { host, port }: Address): string => {
    const before = known.filter((server) => servers[server]?.sha === sha);
    const same = before.find((server) => servers[server]?.host === host && servers[server].port === port);
    if (same) return same;
    const added = `v${(next += 1)}`;
    const [first] = before;
    const lane = (first ? servers[first]?.lane : undefined) ?? added;
    servers[added] = { sha, name, host, port, lane };
    known.push(added);
    return added;
  };
  const namesFor = (route: Route | null): string[] =>
    route ? [route, ...(route.others ?? [])].map((at) => nameFor(route.version, at)) : [];
  const [stable = null, ...otherStable] = namesFor(change.stable);
  const [candidate = null, ...otherCandidate] = namesFor(change.candidate);
  const parsed = tableSchema.safeParse({
    stable,
    candidate,
    others: { stable: otherStable, candidate: otherCandidate },
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
  const busy = routed(table);
  return Object.keys(table.servers)
    .filter((name) => !busy.includes(name))
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
  const those = (names: string[]) => names.filter((name) => present(name) !== null);
  const [stable = null, ...otherStable] = those(serversOf(table, 'stable'));
  const [candidate = null, ...otherCandidate] = those(serversOf(table, 'candidate'));
  return { ...table, stable, candidate, others: { stable: otherStable, candidate: otherCandidate }, servers };
}

/**
 * What a server weighs for HAProxy's own choice, which only requests meet that are sent again: they go to stable. A candidate
 * with traffic weighs a little, for with one server alone HAProxy would wait a second before it repeats anything.
 */
export function weightOf(table: Table, name: string): number {
  if (serversOf(table, 'stable').includes(name)) return 256;
  return table.weight > 0 && serversOf(table, 'candidate').includes(name) ? 1 : 0;
}
