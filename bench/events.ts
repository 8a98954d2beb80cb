import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { now, Screen } from './events/screen.ts';
import { type Figure, figure } from './figure.ts';
import { median } from './measure.ts';
import type { BenchOptions } from './options.ts';

/** Lone events whose way to the screen is timed, and the longest pause between two, in milliseconds. */
const loneEvents = 220;
const longestPauseMs = 250;

/** Events a second in the long run, and how long it lasts by default, in seconds. */
const perSecond = 100;
const usualSeconds = 30;
const keyPresses = 24;
const fillSeconds = 12;

const size = { cols: 120, rows: 40 };

const percentile = (values: readonly number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(values.length * share) - 1)] ??
  Number.NaN;

/** How fast an event that one process journals is on the screen of another; and what a hundred a second cost that screen. */
export async function bench(options: BenchOptions): Promise<Figure[]> {
  const dir = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'orchestra-bench-')));
  const state = path.join(dir, 'state');
  const shop = path.join(dir, 'shop');
  const heap = path.join(dir, 'heap');
  const preload = path.join(dir, 'preload.cjs');
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: dir,
    LANG: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    ORCHESTRA_STATE_DIR: state,
    ORCHESTRA_VERIFICATION: 'off',
    ORCHESTRA_WARM_START: 'off',
    ORCHESTRA_TOUR: '0',
  };
  writeFileSync(
    preload,
    `process.on('SIGUSR2', () => { gc(); gc(); require('node:fs').writeFileSync(${JSON.stringify(heap)}, String(process.memoryUsage().heapUsed)); });\n`,
  );
  execFileSync('git', ['init', '-q', '-b', 'main', shop], { env });
  writeFileSync(
    path.join(shop, 'orchestra.yaml'),
    'version: 1\nproject: bench\nservices: {web: {start: node server.js}}\nenvironments: {production: {port: 65000}}\n',
  );
  const identity = ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.org'];
  execFileSync('git', ['add', '-A'], { env, cwd: shop });
  execFileSync('git', [...identity, 'commit', '-qm', 'feat: the shop'], { env, cwd: shop });
  const own = createHash('sha256').update(path.join(shop, '.git')).digest('hex').slice(0, 16);
  const writer = startWriter(path.join(shop, 'deployment_memory'), path.join(state, own));
  let screen: Screen | undefined;
  const bare: Screen[] = [];
  try {
    await writer.ready;
    screen = new Screen(['--expose-gc', '--require', preload, path.resolve('dist/bin.js')], {
      cwd: shop,
      env,
      ...size,
    });
    // It finds the deployment under way; then the log is opened, where every event is a line.
    await screen.shows(/decisions/u);
    screen.press('L');
    await screen.shows(/following/u);
    const lone = await loneLatencies(writer, screen);
    const seconds = options.seconds ?? usualSeconds;
    const heapOf = async (of: Screen) => {
      process.kill(of.pid, 'SIGUSR2');
      await sleep(1500);
      return Number(readFileSync(heap, 'utf8')) / 1e6;
    };
    // Until the log holds as many as it keeps: what grows after that grows for ever.
    await writer.rate(400, fillSeconds);
    await sleep(500);
    const recorded = path.join(dir, 'recorded.json');
    writeFileSync(recorded, JSON.stringify(screen.pieces()));
    for (const program of ['bare-redraw', 'lean-redraw'])
      bare.push(
        new Screen([path.resolve(`.build/${program}.js`), recorded, '10'], { cwd: shop, env, ...size }),
      );
    for (const one of bare) await one.shows(/tick-/u);
    const [plain, lean] = bare;
    if (!plain || !lean) throw new TypeError('both were started');
    const before = { heap: await heapOf(screen), memory: screen.memory() };
    const run = await measured(writer, { screens: [screen, plain, lean], seconds });
    const after = { heap: await heapOf(screen), memory: screen.memory() };
    const keys = await keyTimes(writer, screen);
    return [
      figure(
        'events',
        'a lone event of another process on the screen, p95, ms',
        percentile(lone, 0.95),
        `${lone.length} events, p50 ${Math.round(median(lone))} ms, slowest ${Math.round(Math.max(...lone))} ms; from before it is written and synced until the terminal has it`,
        { atMost: 100 },
      ),
      figure(
        'events',
        'a lone event of another process on the screen, p50, ms',
        median(lone),
        `${lone.length} events`,
        'none',
      ),
      figure(
        'events',
        'frames a second while events rush in',
        run.ours.frames,
        `${Math.round(run.events)} events a second for ${Math.round(run.took)} s, the log open at ${size.cols}×${size.rows}`,
        { atMost: 10 },
      ),
      figure(
        'events',
        'CPU, times bare Ink that redraws the same cells at that rate',
        times(run.ours, run.plain),
        `Ink as it comes ${told(run.plain)}, ours ${told(run.ours)}, at the same time`,
        { atMost: 1.3 },
      ),
      figure(
        'events',
        'CPU, the same with our changes to Ink in both',
        times(run.ours, run.lean),
        `bare Ink with them ${told(run.lean)}; the rest is the journal, the state, and what runs where`,
        'none',
      ),
      figure(
        'events',
        'growth of the heap after a collection, MB',
        after.heap - before.heap,
        `${before.heap.toFixed(1)} MB once the log is full, ${after.heap.toFixed(1)} MB ${Math.round(run.took)} s later; resident ${before.memory.toFixed(0)} → ${after.memory.toFixed(0)} MB`,
        { atMost: 2 },
      ),
      figure(
        'events',
        'a key answered while events rush in, p95, ms',
        percentile(keys, 0.95),
        `${keys.length} keys, p50 ${Math.round(median(keys))} ms; until what it changes is on the screen`,
        { atMost: 100 },
      ),
    ];
  } finally {
    await screen?.close();
    for (const one of bare) await one.close();
    writer.end();
    rmSync(dir, { recursive: true, force: true });
  }
}

interface Writer {
  ready: Promise<void>;
  /** Journals one event; its word, and when it began to be written. */
  one: () => Promise<{ word: string; at: number }>;
  rate: (perSecond: number, seconds: number) => Promise<{ events: number; tookMs: number }>;
  end: () => void;
}

/** Another process that journals what it is told to. */
function startWriter(memory: string, state: string): Writer {
  const child = spawn(process.execPath, [path.resolve('.build/events-writer.js'), memory, state], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting = new Map<string, (rest: string[]) => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const [word = '', ...rest] = line.split(' ');
    waiting.get(word.replace(/-\d+$/u, ''))?.([word, ...rest]);
  });
  let gone = () => {};
  child.once('exit', () => gone());
  const said = (word: string) =>
    new Promise<string[]>((resolve, reject) => {
      gone = () => reject(new Error('the process that writes the journal ended'));
      waiting.set(word, resolve);
    });
  const ready = said('ready').then(() => undefined);
  return {
    ready,
    async one() {
      const told = said('tick');
      child.stdin.write('one\n');
      const [word = '', at = ''] = await told;
      return { word, at: Number(at) };
    },
    async rate(events, seconds) {
      const told = said('rate-done');
      child.stdin.write(`rate ${events} ${seconds}\n`);
      const [, , took = ''] = await told;
      return { events: events * seconds, tookMs: Number(took) };
    },
    end: () => void child.kill('SIGKILL'),
  };
}

async function loneLatencies(writer: Writer, screen: Screen): Promise<number[]> {
  const latencies: number[] = [];
  for (let n = 1; n <= loneEvents; n++) {
    // Never in step with anything that looks at fixed times.
    await sleep(longestPauseMs / 2 + (Math.random() * longestPauseMs) / 2);
    const seen = screen.shows(new RegExp(`tick-${String(n).padStart(6, '0')}`, 'u'));
    const { at } = await writer.one();
    latencies.push((await seen) - at);
  }
  return latencies;
}

/** What each of the screens took while events rushed in, all at the same time. */
async function measured(
  writer: Writer,
  { screens, seconds }: { screens: readonly Screen[]; seconds: number },
) {
  const at = now();
  const cpu = screens.map((of) => of.cpu());
  const { events } = await writer.rate(perSecond, seconds);
  const took = (now() - at) / 1000;
  const [ours = nothing, plain = nothing, lean = nothing] = screens.map((of, i) => ({
    frames: of.frames.filter((drawn) => drawn >= at).length / took,
    /** Share of a core. */
    cpu: (of.cpu() - (cpu[i] ?? 0)) / took,
  }));
  return { took, events: events / took, ours, plain, lean };
}

const nothing = { frames: Number.NaN, cpu: Number.NaN };

type Spent = typeof nothing;

/** How much processor time a frame of ours takes, for one of the other's. */
const times = (ours: Spent, other: Spent) => ours.cpu / ours.frames / (other.cpu / other.frames);

const told = ({ cpu, frames }: Spent) =>
  `${(100 * cpu).toFixed(1)} % of a core at ${frames.toFixed(1)} frames a second`;

/** Leaves the newest event and follows it again, while events rush in. */
async function keyTimes(writer: Writer, screen: Screen): Promise<number[]> {
  const rushing = writer.rate(perSecond, keyPresses * 0.6);
  const times: number[] = [];
  for (let n = 0; n < keyPresses / 2; n++)
    for (const [key, shown] of [
      ['k', /held/u],
      ['F', /following/u],
    ] as const) {
      await sleep(300 + Math.random() * 300);
      const at = now();
      const seen = screen.shows(shown);
      screen.press(key);
      times.push((await seen) - at);
    }
  await rushing;
  return times;
}
