import { isIP } from 'node:net';
import { z } from 'zod';
import { OrchestraError } from '../../../src/domain/errors.ts';
import type { Address, Route, RouteChange } from '../../../src/ports/router.ts';

const text = z.string().min(1).max(300);
/** A version's stay behind the router, by a name that holds nothing from outside: its counts and its switch go by it. */
const laneName = z.string().regex(/^v[1-9]\d{0,8}$/);

const addressSchema = z.strictObject({
  host: z.string().refine((host) => isIP(host) !== 0, 'an IP address'),
  port: z.number().int().min(1).max(65_535),
});

const sideSchema = z.strictObject({
  lane: laneName,
  sha: text,
  name: text,
  /** Where its copies answer, the first as the route has it. */
  addresses: z.array(addressSchema).min(1).max(100),
});
export type Side = z.infer<typeof sideSchema>;

/** What the router was told, with the number of the configuration that follows from it; each is a file of its own. */
export const tableSchema = z.strictObject({
  number: z.number().int().nonnegative(),
  stable: sideSchema.nullable(),
  candidate: sideSchema.nullable(),
  weight: z.number().min(0).max(100),
  rollout: text.nullable(),
  switched: z.strictObject({ rollout: z.string(), at: z.iso.datetime() }).nullable(),
  fence: z.number().int().nonnegative(),
  lastLane: z.number().int().nonnegative(),
  /** Versions that are not routed any more, newest last: requests may be under way there, and their counts are read. */
  retired: z.array(sideSchema),
});
export type Table = z.infer<typeof tableSchema>;

const keptRetired = 6;

/** A router that was told nothing yet. */
export const emptyTable: Table = {
  number: 0,
  stable: null,
  candidate: null,
  weight: 0,
  rollout: null,
  switched: null,
  fence: 0,
  lastLane: 0,
  retired: [],
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

/** The table after `change`. Throws `fenced`, or `bad-change` for what cannot be routed. */
export function applyChange(table: Table, change: RouteChange): Table {
  checkFence(table, change.fence);
  if (!change.candidate && change.weight > 0) {
    throw refused(`weight ${change.weight} has no candidate to go to`);
  }
  const routed = [table.stable, table.candidate].filter((side) => side !== null);
  let { lastLane } = table;
  const sideOf = (route: Route | null): Side | null => {
    if (!route) return null;
    const { sha, name } = route.version;
    const lane = routed.find((side) => side.sha === sha)?.lane ?? `v${(lastLane += 1)}`;
    const addresses = [route, ...(route.others ?? [])].map(({ host, port }) => ({ host, port }));
    const side = { lane, sha, name, addresses };
    routed.push(side);
    return side;
  };
  const stable = sideOf(change.stable);
  const candidate = sideOf(change.candidate);
  const lanes = [stable?.lane, candidate?.lane];
  const retired = [...table.retired, ...[table.stable, table.candidate].filter((side) => side !== null)];
  const parsed = tableSchema.safeParse({
    ...table,
    stable,
    candidate,
    weight: change.weight,
    rollout: change.rollout,
    fence: change.fence,
    lastLane,
    retired: retired.filter(({ lane }) => !lanes.includes(lane)).slice(-keptRetired),
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
  return table.rollout !== null && table.weight > 0 && table.stable !== null && table.candidate !== null;
}

/** The table after the dead man's switch took the traffic back at `at`. */
export function takenBack(table: Table, at: Date): Table {
  const switched = { rollout: table.rollout ?? '', at: at.toISOString() };
  return { ...table, weight: 0, rollout: null, switched };
}

/** The lanes that may be given new requests. */
export function liveLanes(table: Table): string[] {
  const { stable, candidate, weight } = table;
  return [stable?.lane, weight > 0 ? candidate?.lane : undefined].filter((lane) => lane !== undefined);
}

/** A side as the port has it. */
export function routeOf(side: Side | null): Route | null {
  const [first, ...others] = side?.addresses ?? [];
  if (!side || !first) return null;
  const { sha, name } = side;
  return { version: { sha, name }, ...first, ...(others.length > 0 ? { others } : {}) };
}

/** An address as nginx writes and reads it; `host` is an IP address. */
export function addressOf({ host, port }: Address): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}
