import { createHash } from 'node:crypto';
import { OrchestraError } from '../../../src/domain/errors.ts';
import { isArmed, serversOf, type Table, tableSchema } from './table.ts';

/** Steps of the split: HAProxy draws a ticket in 0 … 65535 for each request. */
const tickets = 65_536;
/** A moment that never comes, in milliseconds since 1970. */
const never = 99_999_999_999_999;

/** How many tickets win for the candidate; any share above 0 gets one, and only 100 % gets all. */
export function shareOf(weight: number): number {
  if (weight <= 0) return 0;
  if (weight >= 100) return tickets;
  return Math.min(tickets - 1, Math.max(1, Math.round((weight / 100) * tickets)));
}

/**
 * The map that routes: `now` is what every request is decided by, `STABLE/CANDIDATE/SHARE/DUE`, where the candidate's
 * share ends at DUE (milliseconds since 1970) unless somebody is heard of. `/GROUP/COPIES` for each side follow; where it has
 * several copies, `GROUP.0`, `GROUP.1` … name their servers. `table` is what it was made from, encoded so
 * that no text from outside meets a parser of HAProxy's.
 */
export function mapLines(table: Table, limitMs: number): string[] {
  const due = isArmed(table) ? Date.parse(table.heardAt) + limitMs : never;
  const [stable, candidate] = [serversOf(table, 'stable'), serversOf(table, 'candidate')];
  const now = [
    table.stable ?? 'none',
    table.candidate ?? 'none',
    shareOf(table.weight),
    due,
    ...[stable, candidate].flatMap((servers) => [groupOf(servers), servers.length]),
  ].join('/');
  const copies = [stable, candidate].flatMap((servers) =>
    servers.length > 1 ? servers.map((server, i) => `${groupOf(servers)}.${i} ${server}`) : [],
  );
  return [
    `now ${now}`,
    ...new Set(copies),
    `table ${Buffer.from(JSON.stringify(table)).toString('base64url')}`,
  ];
}

/** A name for exactly these servers: a request never meets one group's number of copies and another group's servers. */
function groupOf(servers: readonly string[]): string {
  return `g${createHash('sha256').update(servers.join(' ')).digest('hex').slice(0, 12)}`;
}

/**
 * The table that HAProxy's own map amounts to, from the answer to `show map` (`ID KEY VALUE` a line). Where `now` was
 * changed by someone else, `now` counts. Throws code `router-foreign` for a map that is not Orchestra's.
 */
export function parseMap(answer: string): Table {
  const entries = new Map(
    answer.split('\n').map((line) => {
      const [, key = '', value = ''] = line.split(' ');
      return [key, value];
    }),
  );
  const table = decode(entries.get('table') ?? '');
  const [stable, candidate, share] = (entries.get('now') ?? '').split('/');
  const known = (name: string | undefined): name is string =>
    name === 'none' || (name !== undefined && table !== undefined && Object.hasOwn(table.servers, name));
  if (!table || !known(stable) || !known(candidate) || !/^\d{1,6}$/.test(share ?? '')) {
    throw new OrchestraError('router-foreign', 'HAProxy has other routes than Orchestra ever gives it', {
      hint: 'Something else changes this HAProxy; the next deployment starts it again with its last routes.',
    });
  }
  const won = Number(share);
  const named = (name: string) => (name === 'none' ? null : name);
  return {
    ...table,
    stable: named(stable),
    candidate: named(candidate),
    others: {
      stable: named(stable) === table.stable ? table.others.stable : [],
      candidate: named(candidate) === table.candidate ? table.others.candidate : [],
    },
    weight: won === shareOf(table.weight) ? table.weight : (won / tickets) * 100,
  };
}

function decode(value: string): Table | undefined {
  try {
    return tableSchema.safeParse(JSON.parse(Buffer.from(value, 'base64url').toString('utf8'))).data;
  } catch {
    return undefined;
  }
}
