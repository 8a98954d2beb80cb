import { bucketOf, emptyCounts, type Counts } from '../../../src/domain/sample.ts';
import { versions } from './configuration.ts';
import { numberOf, type Table } from './table.ts';

/** One server of the versions in `show stat`: its numbers by HAProxy's own names. */
export type Row = (field: string) => number;

/** The rows of the versions' servers by name, from the CSV of `show stat`. */
export function parseStats(csv: string): Map<string, Row> {
  const [head = '', ...lines] = csv.split('\n');
  const fields = head.replace(/^# /, '').split(',');
  const rows = new Map<string, Row>();
  for (const line of lines) {
    // Only the last columns may be texts with commas; the ones read here come before.
    const values = line.split(',');
    const [backend, server = ''] = values;
    if (backend !== versions || !/^v\d+$/.test(server)) continue;
    rows.set(server, (field) => {
      const value = Number(values[fields.indexOf(field)]);
      return Number.isSafeInteger(value) && value >= 0 ? value : 0;
    });
  }
  return rows;
}

/** Answers by server and time, from `show table`: lines `0x…: key=v1/2300 use=0 exp=… gpc0=2`, the time in µs. */
export function parseLatencies(answer: string): Map<string, Counts['latency']> {
  const found = new Map<string, Counts['latency']>();
  for (const [, server = '', time = '0', n = '0'] of answer.matchAll(
    / key=(v\d+)\/(\d+) [^\n]*gpc0=(\d+)/g,
  )) {
    const latency = found.get(server) ?? {};
    const bucket = String(bucketOf(Number(time) / 1000));
    latency[bucket] = (latency[bucket] ?? 0) + Number(n);
    found.set(server, latency);
  }
  return found;
}

/**
 * What one server did. A status is counted when the answer begins, so an answer that broke off (`srv_abrt`, also in
 * `eresp`) is in its class and a failure too, one request all the same. A connection refused or closed without a word is a failure also where the
 * request was then sent to another server (`wretr`, `wredis`).
 */
function countsOf(row: Row, latency: Counts['latency']): Counts {
  const status: Counts['status'] = [
    row('hrsp_1xx'),
    row('hrsp_2xx'),
    row('hrsp_3xx'),
    row('hrsp_4xx'),
    row('hrsp_5xx'),
  ];
  const begun = status.reduce((sum, n) => sum + n, row('hrsp_other'));
  const brokeOff = row('srv_abrt');
  const silent = row('econ') + Math.max(0, row('eresp') - brokeOff) + row('wretr') + row('wredis');
  return { requests: begun + silent, status, failures: silent + brokeOff, latency };
}

/** Counts per sha: of all servers that a version had during its newest stay behind the router. */
export function countsBySha(
  table: Table,
  rows: ReadonlyMap<string, Row>,
  latencies: ReadonlyMap<string, Counts['latency']>,
): Map<string, Counts> {
  const newest = new Map<string, string>();
  const names = Object.keys(table.servers).toSorted((a, b) => numberOf(a) - numberOf(b));
  for (const name of names) {
    const server = table.servers[name];
    if (server) newest.set(server.sha, server.lane);
  }
  const counts = new Map<string, Counts>();
  for (const name of names) {
    const server = table.servers[name];
    if (!server || newest.get(server.sha) !== server.lane) continue;
    const row = rows.get(name);
    const own = row ? countsOf(row, latencies.get(name) ?? {}) : emptyCounts();
    const before = counts.get(server.sha);
    counts.set(server.sha, before ? sum(before, own) : own);
  }
  return counts;
}

function sum(a: Counts, b: Counts): Counts {
  const latency = { ...a.latency };
  for (const [bucket, n] of Object.entries(b.latency)) latency[bucket] = (latency[bucket] ?? 0) + n;
  const both = (i: 0 | 1 | 2 | 3 | 4) => a.status[i] + b.status[i];
  return {
    requests: a.requests + b.requests,
    status: [both(0), both(1), both(2), both(3), both(4)],
    failures: a.failures + b.failures,
    latency,
  };
}
