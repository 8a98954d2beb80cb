import { renameSync, writeFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { parseArgs } from 'node:util';
import { identify, isAlive } from '../../providers/runtime/processes.ts';
import { nextAsk, sequence } from './mix.ts';
import { send } from './send.ts';
import { Tally, type LoadStats } from './tally.ts';

/** Nobody left it running on purpose for longer than this. */
const maxMinutes = 120;

const tickMs = 5;

const { values } = parseArgs({
  options: {
    url: { type: 'string' },
    stats: { type: 'string' },
    rate: { type: 'string', default: '200' },
    minutes: { type: 'string', default: String(maxMinutes) },
    /** `PID:START`: ends when that process has ended. */
    parent: { type: 'string' },
  },
});
if (!values.url || !values.stats) {
  process.stderr.write('usage: load.js --url http://127.0.0.1:PORT --stats FILE [--rate N] [--minutes N]\n');
  process.exit(2);
}
const url = new URL(values.url);
const stats = values.stats;
const rate = Number(values.rate);
const endAt = Date.now() + Math.min(maxMinutes, Number(values.minutes)) * 60_000;
const [parentPid = '', ...parentStart] = (values.parent ?? '').split(':');
const parent = values.parent ? { pid: Number(parentPid), startTime: parentStart.join(':') } : undefined;

const agent = new Agent({ keepAlive: true, maxSockets: 128, scheduling: 'fifo' });
const tally = new Tally();
const random = sequence(Date.now());
const startedAt = new Date().toISOString();

function report(): void {
  const now: LoadStats = {
    pid: process.pid,
    startTime: identify(process.pid)?.startTime ?? '',
    url: url.origin,
    rate,
    startedAt,
    at: new Date().toISOString(),
    ...tally.second(),
  };
  writeFileSync(`${stats}.new`, `${JSON.stringify(now, null, 2)}\n`);
  renameSync(`${stats}.new`, stats);
}

function end(): never {
  report();
  process.exit(0);
}

report();
setInterval(() => {
  report();
  if (Date.now() > endAt || (parent && !isAlive(parent))) end();
}, 1000);

// An open loop: what is due is sent whether or not the shop keeps up, as real users do. A second missed (a laptop
// that slept) is not made up for.
let due = 0;
let last = performance.now();
setInterval(() => {
  const now = performance.now();
  due += (Math.min(1000, now - last) / 1000) * rate;
  last = now;
  for (; due >= 1; due -= 1) send(url, agent, nextAsk(random), tally);
}, tickMs);

for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, end);
