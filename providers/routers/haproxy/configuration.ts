import { isIP } from 'node:net';
import { OrchestraError, exitCode } from '../../../src/domain/errors.ts';
import { routed, type Server, type Table, weightOf } from './table.ts';

export const mapFile = 'routes.map';
/** The backend whose servers are the versions. */
export const versions = 'versions';
/** A server that gets checks and no traffic: whether stable accepts connections. */
export const probe = 'stable_probe/probe';
/** The table that counts answers by version and time. */
export const latencyTable = 'latency';

/** An address as HAProxy reads it without guessing; `host` is an IP address. */
export function addressOf({ host, port }: Pick<Server, 'host' | 'port'>): string {
  return `${isIP(host) === 6 ? 'ipv6' : 'ipv4'}@${host}:${port}`;
}

/** What every server is given beside its address. An idle connection is closed before the version closes it. */
export const serverWords = ['pool-purge-delay', '1s'] as const;

function plain(text: string): string {
  return `content-type "text/plain; charset=utf-8" hdr Cache-Control no-store string "${text}\\n"`;
}

export interface Listening {
  host: string;
  port: number;
  /** The Runtime API's socket, relative to the folder. */
  socket: string;
  threads: number;
}

/**
 * HAProxy's configuration. How a request is decided:
 * - the map's `now` is read once, so stable, candidate and share always belong together;
 * - the ticket is the request's number times an odd constant, modulo 65536 (a Weyl sequence: 40503 / 65536 is nearly the
 *   golden ratio). It visits every value once and spreads evenly over any stretch, so a share is exact to a few requests
 *   however few there are, and a pattern in the traffic does not line up with it;
 * - where a side has several copies, they take its requests in turn;
 * - a rollout nobody has been heard of since DUE gets nothing, if stable accepts connections: the dead man's switch;
 * - a request whose server refuses, or closes without a word, is sent again: to a copy of stable, for the others weigh nothing. Not
 *   where repeating it could do something twice (RFC 9110 9.2.2).
 *
 * Throws code `bad-listen` (78) for a host that is neither a name nor an address.
 */
export function configuration(listening: Listening, table: Table): string {
  const { host, port, socket, threads } = listening;
  return `# Written by Orchestra at each start; changes here are lost.
global
  stats socket unix@${socket} mode 600 level admin
  stats timeout 30s
  nbthread ${threads}
  # Two proxies on one port would share its users.
  noreuseport
  hard-stop-after 5s

defaults
  mode http
  timeout connect 5s
  timeout client 65s
  timeout http-request 30s
  timeout http-keep-alive 65s
  timeout server 60s
  timeout queue 5s
  timeout tunnel 1h
  retries 2
  option redispatch 1
  retry-on conn-failure empty-response

frontend users
  bind ${bindAddress(host, port)}
  http-request set-var(txn.began) date(0,us)
  http-request set-var(txn.now) str(now),map(${mapFile})
  http-request set-var(txn.side) var(txn.now),field(1,/)
  http-request set-var(txn.share) var(txn.now),field(3,/)
  http-request set-var(txn.due) var(txn.now),field(4,/)
  http-request set-var(txn.silence) date(0,ms),sub(txn.due)
  http-request track-sc0 str(all) table tickets
  http-request set-var(txn.ticket) sc_inc_gpc0(0),and(65535),mul(40503),and(65535)
  acl candidate_wins var(txn.ticket),sub(txn.share) lt 0
  acl silent var(txn.silence) -m int gt 0
  acl stable_healthy nbsrv(stable_probe) gt 0
  http-request set-var(txn.side) var(txn.now),field(2,/) if candidate_wins !silent or candidate_wins !stable_healthy
  http-request set-var(txn.group) var(txn.now),field(5,/)
  http-request set-var(txn.copies) var(txn.now),field(6,/)
  http-request set-var(txn.group) var(txn.now),field(7,/) if candidate_wins !silent or candidate_wins !stable_healthy
  http-request set-var(txn.copies) var(txn.now),field(8,/) if candidate_wins !silent or candidate_wins !stable_healthy
  acl several var(txn.copies) -m int gt 1
  http-request track-sc2 var(txn.group) table turns if several
  http-request set-var(txn.turn) sc_inc_gpc0(2),mod(txn.copies) if several
  http-request set-var(txn.turn) var(txn.group),concat(.,txn.turn),map(${mapFile}) if several
  http-request set-var(txn.side) var(txn.turn) if several { var(txn.turn) -m beg v }
  http-request return status 503 hdr Retry-After 1 ${plain('No version is serving yet.')} if { var(txn.side) -m str none }
  http-request disable-l7-retry if !{ method GET HEAD OPTIONS TRACE PUT DELETE }
  http-request set-header X-Forwarded-Proto http unless { req.hdr(X-Forwarded-Proto) -m found }
  http-request set-header X-Forwarded-Host %[req.hdr(Host)] unless { req.hdr(X-Forwarded-Host) -m found }
  option forwardfor
  default_backend ${versions}

backend ${versions}
  balance roundrobin
  http-error status 502 ${plain('The version that serves did not answer.')}
  http-error status 503 ${plain('The version that serves did not answer.')}
  http-error status 504 ${plain('The version that serves did not answer in time.')}
  use-server %[var(txn.side)] if { var(txn.side) -m found }
  # Time until the answer began, rounded down to a tenth or less of itself; each such time of each version is counted.
  http-response set-var(txn.us) date(0,us),sub(txn.began)
  http-response set-var(txn.time) var(txn.us),div(100),mul(100)
  http-response set-var(txn.time) var(txn.us),div(1000),mul(1000) if { var(txn.us) -m int ge 10000 }
  http-response set-var(txn.time) var(txn.us),div(10000),mul(10000) if { var(txn.us) -m int ge 100000 }
  http-response set-var(txn.time) var(txn.us),div(100000),mul(100000) if { var(txn.us) -m int ge 1000000 }
  http-response set-var(txn.lane) srv_name,concat(/,txn.time)
  http-response track-sc1 var(txn.lane) table ${latencyTable}
  http-response sc-inc-gpc0(1)
${serverLines(table)}
backend tickets
  stick-table type string len 8 size 1 store gpc0

backend turns
  stick-table type string len 16 size 100 store gpc0

backend ${latencyTable}
  stick-table type string len 32 size 20k expire 24d store gpc0

backend stable_probe
  server probe ${probeAddress(table)} check inter 1s fall 2 rise 1
`;
}

/** Where the probe goes; nothing listens on port 1 while there is no stable version. */
export function probeAddress(table: Table): string {
  const stable = table.stable === null ? undefined : table.servers[table.stable];
  return stable ? addressOf(stable) : 'ipv4@127.0.0.1:1';
}

function serverLines(table: Table): string {
  return routed(table)
    .flatMap((name) => {
      const server = table.servers[name];
      if (!server) return [];
      return [
        `  server ${name} ${addressOf(server)} weight ${weightOf(table, name)} ${serverWords.join(' ')}\n`,
      ];
    })
    .join('');
}

function bindAddress(host: string, port: number): string {
  if (isIP(host) !== 0) return addressOf({ host, port });
  if (/^[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$/.test(host)) return `${host}:${port}`;
  throw new OrchestraError('bad-listen', `"${host}" is neither an address nor the name of a host`, {
    hint: 'Correct `host` of the environment in orchestra.yaml.',
    exit: exitCode.config,
  });
}
