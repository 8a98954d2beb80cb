import { mkdirSync, openSync, writeSync, fsyncSync, closeSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { JSONFilePreset } from 'lowdb/node';
import { lock } from 'proper-lockfile';
import { withFileLock } from '../../providers/runtime/file-lock.ts';
import { systemClock } from '../../providers/runtime/clock.ts';
import type { HistoryRow } from '../../src/domain/memory.ts';
import { historyRowOf } from '../../src/domain/history-row.ts';
import { openMemory } from '../../src/memory/open-memory.ts';
import { aSuccess } from '../../test/harness/deployment.ts';
import { idOf } from './past.ts';

/**
 * A process that puts finished deployments away, in one of several ways, and says how long each took: `writer.js WAY DIR FIRST
 * TIMES STEP`, with FIRST the time of the first in milliseconds and STEP from one to the next. A way is `ours`, `lowdb` (all rows in one
 * lowdb file under proper-lockfile) or `raw` (one write and fsync). `load` reads the history; `hold` and `hold-proper` take a lock for
 * ever; `take` and `take-proper` take it once.
 */
const [way = '', dir = '', first = '0', times = '0', step = '0'] = process.argv.slice(2);
const say = (value: unknown) => process.stdout.write(`${JSON.stringify(value)}\n`);
const patient = { retries: { retries: 10_000, minTimeout: 1, maxTimeout: 20 } };

const memory = openMemory({ dir, clock: systemClock, fold: () => undefined });

async function ours(id: string): Promise<number> {
  const deployment = aSuccess(id);
  const folder = path.join(dir, 'current', id);
  mkdirSync(path.join(folder, 'inbox'), { recursive: true });
  writeFileSync(path.join(folder, 'journal.ndjson'), '{}\n');
  const began = performance.now();
  await memory.archive(deployment);
  return performance.now() - began;
}

async function lowdb(id: string): Promise<number> {
  const row = historyRowOf(aSuccess(id));
  const file = path.join(dir, 'rows.json');
  const began = performance.now();
  const release = await lock(file, { realpath: false, ...patient });
  const database = await JSONFilePreset<{ rows: (HistoryRow | undefined)[] }>(file, { rows: [] });
  database.data.rows.push(row);
  await database.write();
  await release();
  return performance.now() - began;
}

function raw(id: string): number {
  const text = JSON.stringify(historyRowOf(aSuccess(id)));
  const began = performance.now();
  const file = openSync(path.join(dir, 'raw.log'), 'a');
  writeSync(file, `${text}\n`);
  fsyncSync(file);
  closeSync(file);
  return performance.now() - began;
}

async function timesOf(one: (id: string) => number | Promise<number>): Promise<number[]> {
  const took: number[] = [];
  for (let n = 0; n < Number(times); n += 1) took.push(await one(idOf(Number(first) + n * Number(step))));
  return took;
}

const lockFile = path.join(dir, '.bench.lock');
const forEver = () => new Promise<void>((resolve) => setTimeout(resolve, 600_000));
async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

switch (way) {
  case 'ours':
    say(await timesOf(ours));
    break;
  case 'lowdb':
    say(await timesOf(lowdb));
    break;
  case 'raw':
    say(await timesOf(raw));
    break;
  case 'load': {
    let rows: HistoryRow[] = [];
    const load = await timed(async () => {
      rows = await memory.history();
    });
    const lines = rows.map((row) => JSON.stringify(row));
    const parse = await timed(async () => lines.map((line): unknown => JSON.parse(line)));
    say({ load, parse, rows: rows.length });
    break;
  }
  case 'hold':
    await withFileLock(lockFile, async () => {
      say('held');
      await forEver();
    });
    break;
  case 'hold-proper':
    await lock(lockFile, { realpath: false });
    say('held');
    await forEver();
    break;
  case 'take':
    say(await timed(() => withFileLock(lockFile, async () => undefined)));
    break;
  case 'take-proper':
    say(await timed(() => lock(lockFile, { realpath: false, ...patient })));
    process.exit(0);
    break;
  default:
    throw new TypeError(`no way "${way}"`);
}
