import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Figure, figure } from './figure.ts';
import { Keyboard } from './keypress/keyboard.ts';
import type { Frames } from './keypress/frames.ts';
import { median, quantile } from './measure.ts';

/** Keys that are timed in each view, one at a time. */
const keys = 200;
const bursts = 5;
const burst = 'j'.repeat(60);
const burstKeyMs = 500 / 60;

const views = [
  { name: 'Discovery', open: '', ready: '1 of 10000', beside: 'a bare Ink list' },
  { name: 'Selection', open: '2', ready: 'Selection ·', beside: 'a bare Ink list' },
  { name: 'History', open: 'H', ready: 'outcome', beside: 'ink-table alone' },
] as const;

type View = (typeof views)[number];

const screen = path.resolve('.build/bench-screen.js');

async function openScreen({ open, ready }: View): Promise<Keyboard> {
  const ours = new Keyboard(screen, []);
  await ours.shows('10000 features');
  if (open !== '') await ours.press(open);
  await ours.shows(ready);
  return ours;
}

/** What the screen shows at first and after each key, for a bare program to draw. */
async function record(view: View): Promise<Frames> {
  const ours = await openScreen(view);
  try {
    const look = {
      list: [] as Extract<Frames, { kind: 'list' }>['frames'],
      table: [] as string[][][],
      columns: [''],
    };
    for (let i = 0; i <= keys; i += 1) {
      if (i > 0) await ours.press('j');
      if (view.name === 'History') {
        const { columns, rows } = await ours.table('deployment');
        look.columns = columns;
        look.table.push(rows);
      } else look.list.push(await ours.pieces());
    }
    return view.name === 'History'
      ? { kind: 'table', columns: look.columns, frames: look.table }
      : { kind: 'list', frames: look.list };
  } finally {
    ours.close();
  }
}

interface Timed {
  ms: number[];
  bytes: number[];
}

/** The same keys in turn at each program, so that a busy machine slows all of them. */
async function timeKeys(programs: readonly Keyboard[]): Promise<Timed[]> {
  const timed = programs.map((): Timed => ({ ms: [], bytes: [] }));
  for (let i = 0; i < keys; i += 1)
    for (const [at, program] of programs.entries()) {
      const { ms, bytes } = await program.press('j');
      timed[at]?.ms.push(ms);
      timed[at]?.bytes.push(bytes);
    }
  return timed;
}

async function measureView(view: View, folder: string): Promise<Figure[]> {
  const file = path.join(folder, `${view.name}.json`);
  writeFileSync(file, JSON.stringify(await record(view)));
  const ours = await openScreen(view);
  const plain = new Keyboard(path.resolve('.build/bench-ink.js'), [file]);
  const lean = new Keyboard(path.resolve('.build/bench-lean.js'), [file]);
  try {
    for (const program of [plain, lean]) await program.shows('00');
    const [mine, bare, leanBare] = await timeKeys([ours, plain, lean]);
    if (!mine || !bare || !leanBare) return [];
    const told = ({ ms, bytes }: Timed) =>
      `p50 ${quantile(ms, 0.5).toFixed(1)}, p95 ${quantile(ms, 0.95).toFixed(1)} ms, ${(median(bytes) / 1000).toFixed(1)} kB`;
    const figures = [
      figure(
        'keypress',
        `${view.name}, key to frame p95, times ${view.beside}`,
        quantile(mine.ms, 0.95) / quantile(bare.ms, 0.95),
        `${view.beside}: ${told(bare)}; ours ${told(mine)}; ${keys} keys`,
        { atMost: 1.15 },
      ),
      figure(
        'keypress',
        `${view.name}, the same with our changes to Ink in both`,
        quantile(mine.ms, 0.95) / quantile(leanBare.ms, 0.95),
        `${view.beside} with them: ${told(leanBare)}`,
        'none',
      ),
    ];
    if (view.name !== 'Discovery') return figures;
    return [...figures, await measureBurst(ours, file)];
  } finally {
    for (const program of [ours, plain, lean]) program.close();
  }
}

/** Sixty keys in half a second, some times over; the slowest counts. */
async function measureBurst(ours: Keyboard, file: string): Promise<Figure> {
  const settled: number[] = [];
  const bare: number[] = [];
  const frames: number[] = [];
  for (let i = 0; i < bursts; i += 1) {
    const answer = await ours.press(burst, burstKeyMs);
    settled.push(answer.ms);
    frames.push(answer.frames);
    await pause(100);
    const fresh = new Keyboard(path.resolve('.build/bench-ink.js'), [file]);
    await fresh.shows('00');
    bare.push((await fresh.press(burst, burstKeyMs)).ms);
    fresh.close();
    await pause(100);
  }
  await ours.shows(`${1 + keys + bursts * burst.length} of 10000`);
  return figure(
    'keypress',
    '60 keys in half a second: the last key to the settled screen, slowest of 5, ms',
    Math.max(...settled),
    `a bare Ink list: ${Math.max(...bare).toFixed(0)} ms; ours median ${median(settled).toFixed(0)} ms in ${median(frames)} frames`,
    { atMost: 150 },
  );
}

/** From a key to the last byte of the frame it brings, in a terminal of 200 × 50, beside Ink drawing the same cells. */
export async function bench(): Promise<Figure[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'orchestra-bench-'));
  try {
    const figures: Figure[] = [];
    for (const view of views) figures.push(...(await measureView(view, folder)));
    return figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
