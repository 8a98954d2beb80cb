import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { systemClock } from '../providers/runtime/clock.ts';
import { openMemory } from '../src/memory/open-memory.ts';
import { type Figure, figure } from './figure.ts';
import { median, nothing, peakMemory, quantile, timed } from './measure.ts';
import { makePast, pastDeployments } from './memory/past.ts';
import { makeShop } from './memory/shop.ts';
import { takenUp } from './memory/taken-up.ts';

const run = promisify(execFile);

/** Processes that write at once, and how often each. */
const writers = 8;
const updates = 40;
/** How many past deployments there are. */
const [few, some, many] = [100, 10_000, 100_000];
/** Of the rival, whose update rewrites all of its file: more would take minutes. */
const rivalPast = 1000;
const rivalUpdates = 8;
const rounds = 7;

const now = Date.UTC(2026, 0, 1);
const program = () => path.resolve('.build/memory-writer.js');

/** What a process of `bench/memory/writer.ts` says. */
async function said<T>(...args: (string | number)[]): Promise<T> {
  const { stdout } = await run(process.execPath, [program(), ...args.map(String)], { maxBuffer: 1e8 });
  const value: T = JSON.parse(stdout);
  return value;
}

/** All times of several processes that write at once, each its own deployments. */
async function together(way: string, dir: string, times: number, from: number): Promise<number[]> {
  const all = await Promise.all(
    Array.from({ length: writers }, (_, i) =>
      said<number[]>(way, dir, from + i * 1000, times, writers * 1000),
    ),
  );
  return all.flat();
}

/** How long another process waits for a lock whose holder was killed, in milliseconds. */
async function afterKill(dir: string, hold: string, take: string): Promise<number> {
  const child = spawn(process.execPath, [program(), hold, dir], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await once(child, 'exit');
  return said<number>(take, dir);
}

/** What a finished deployment costs the memory, with many before it and many at once, and what reading it costs. */
export async function bench(): Promise<Figure[]> {
  const dir = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'orchestra-bench-')));
  const at = (name: string) => path.join(dir, name);
  try {
    await makePast(at('many'), many, now);
    await makePast(at('few'), few, now);
    const loads = [];
    for (let n = 0; n < rounds; n += 1)
      loads.push(await said<{ load: number; parse: number; rows: number }>('load', at('many')));
    // The first update counts all there is: what any later one finds.
    for (const name of ['many', 'few']) await said('ours', at(name), now, 1, 1000);
    const alone: Record<string, number[]> = { many: [], few: [], raw: [], lowdb: [] };
    mkdirSync(at('raw'));
    mkdirSync(at('lowdb'));
    writeFileSync(at('lowdb/rows.json'), JSON.stringify({ rows: pastDeployments(rivalPast, now) }));
    for (let n = 0; n < rounds; n += 1) {
      const from = now + (n + 1) * 100_000;
      for (const name of ['many', 'few'])
        alone[name]?.push(...(await said<number[]>('ours', at(name), from, 30, 1000)).slice(5));
      alone['raw']?.push(...(await said<number[]>('raw', at('raw'), from, 30, 1000)).slice(5));
      alone['lowdb']?.push(...(await said<number[]>('lowdb', at('lowdb'), from, 6, 1000)).slice(1));
    }
    const typical = (name: string) => median(alone[name] ?? []);
    const before = await counted(at('many'));
    const crowd = await together('ours', at('many'), updates, now + 10_000_000);
    const after = await counted(at('many'));
    const rivals = await together('lowdb', at('lowdb'), rivalUpdates, now + 10_000_000);
    const kept = rowsOf(at('lowdb/rows.json')) - rivalPast - rounds * 6;
    const kill = await afterKill(dir, 'hold', 'take');
    const killProper = await afterKill(dir, 'hold-proper', 'take-proper');
    const load = Math.min(...loads.map((one) => one.load));
    return [
      figure(
        'memory',
        `an update with ${writers} processes writing at ${many} past deployments, p99, ms`,
        quantile(crowd, 0.99),
        `${crowd.length} updates, p50 ${median(crowd).toFixed(1)} ms; lowdb under proper-lockfile at ${rivalPast}: p99 ${quantile(rivals, 0.99).toFixed(0)} ms, p50 ${median(rivals).toFixed(0)} ms, ${writers * rivalUpdates - kept} of ${writers * rivalUpdates} lost`,
        { atMost: 25 },
      ),
      figure(
        'memory',
        'updates lost of these, in the history or the statistics',
        2 * crowd.length - (after.rows - before.rows) - (after.deployments - before.deployments),
        `${crowd.length} updates`,
        { atMost: 0 },
      ),
      figure(
        'memory',
        `an update at ${many} past deployments, times one at ${few}`,
        typical('many') / typical('few'),
        `${typical('many').toFixed(2)} ms and ${typical('few').toFixed(2)} ms, alternating, median of ${alone['many']?.length}`,
        { atMost: 1.3 },
      ),
      figure(
        'memory',
        'an update, times one raw write and fsync',
        typical('many') / typical('raw'),
        `a line appended and synced, ${typical('raw').toFixed(2)} ms`,
        'none',
      ),
      figure(
        'memory',
        `an update, times one with proper-lockfile and lowdb at ${rivalPast}`,
        typical('many') / typical('lowdb'),
        `${typical('lowdb').toFixed(1)} ms, which grows with what is in the file and syncs nothing`,
        { atMost: 1 },
      ),
      figure(
        'memory',
        `the index of ${many} loaded, ms`,
        load,
        `best of ${rounds} new processes, median ${median(loads.map((one) => one.load)).toFixed(0)}; its rows parsed as lines of JSON, nothing checked: ${Math.min(...loads.map((one) => one.parse)).toFixed(0)} ms`,
        { atMost: 300 },
      ),
      ...(await statusFigures(dir)),
      figure(
        'memory',
        'a lock whose holder was killed is another’s after, ms',
        kill,
        `proper-lockfile: ${killProper.toFixed(0)} ms`,
        { atMost: 500 },
      ),
      await takenUp(dir),
    ];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const rowsOf = (file: string): number => {
  const data: { rows: unknown[] } = JSON.parse(readFileSync(file, 'utf8'));
  return data.rows.length;
};

async function counted(dir: string): Promise<{ rows: number; deployments: number }> {
  const memory = openMemory({ dir, clock: systemClock });
  await memory.settle();
  const { statistics } = await memory.preferences();
  return { rows: (await memory.history()).length, deployments: statistics.deployments };
}

/** `status` with a long past, beside one with none and a Node that does nothing. */
async function statusFigures(dir: string): Promise<Figure[]> {
  const shops = ['none', 'some'].map((name) => path.join(dir, `shop-${name}`));
  const [none = '', past = ''] = shops;
  for (const shop of shops) {
    makeShop(shop);
  }
  const memory = path.join(past, 'deployment_memory');
  await makePast(memory, some, now);
  await said('ours', memory, now, 1, 1000);
  const env = {
    ...process.env,
    ORCHESTRA_STATE_DIR: path.join(dir, 'state'),
    ORCHESTRA_VERIFICATION: 'off',
    ORCHESTRA_WARM_START: 'off',
  };
  const status = (shop: string) =>
    timed(() => run(process.execPath, [path.resolve('dist/bin.js'), '-C', shop, 'status'], { env }));
  const took = { none: [] as number[], past: [] as number[], node: [] as number[] };
  for (let n = 0; n < rounds * 2; n += 1) {
    took.node.push(await timed(nothing));
    took.none.push(await status(none));
    took.past.push(await status(past));
  }
  const memories = { none: [] as number[], past: [] as number[] };
  for (let n = 0; n < rounds; n += 1) {
    memories.none.push(await peakMemory(['-C', none, 'status']));
    memories.past.push(await peakMemory(['-C', past, 'status']));
  }
  return [
    figure(
      'memory',
      `status at ${some} past deployments, ms`,
      median(took.past),
      `node -e 0: ${median(took.node).toFixed(0)} ms; status with no past: ${median(took.none).toFixed(0)} ms; median of ${rounds * 2}`,
      { atMost: 200 },
    ),
    figure(
      'memory',
      `growth of its resident memory from none to ${some}, MB`,
      median(memories.past) - median(memories.none),
      `${median(memories.none).toFixed(0)} MB with none`,
      { atMost: 20 },
    ),
  ];
}
