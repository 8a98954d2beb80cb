import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawn } from '@lydell/node-pty';
import { type Figure, figure } from './figure.ts';
import { median } from './measure.ts';

const runs = 21;

/** Milliseconds from the start of the program to its first whole frame, after which it must answer a key. */
async function firstFrame(bin: string, cwd: string, env: Record<string, string>): Promise<number> {
  const began = performance.now();
  const pty = spawn(process.execPath, [bin], { name: 'xterm-256color', cols: 80, rows: 24, cwd, env });
  const ended = new Promise<void>((resolve) => {
    pty.onExit(() => resolve());
  });
  let seen = '';
  let drawn: number | undefined;
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`No frame that answers keys. Seen: ${seen}`)), 20_000);
    pty.onData((data) => {
      seen += data;
      if (drawn === undefined && seen.includes('Learning') && seen.includes('quit')) {
        drawn = performance.now() - began;
        seen = '';
        pty.write('?');
      } else if (drawn !== undefined && seen.includes('esc')) {
        clearTimeout(timer);
        resolve();
      }
    });
  });
  pty.write('\u0003');
  await ended;
  return drawn ?? Number.NaN;
}

/** Milliseconds that Node takes to start, do nothing and end, in the same kind of terminal. */
async function nothing(cwd: string, env: Record<string, string>): Promise<number> {
  const began = performance.now();
  const pty = spawn(process.execPath, ['-e', '0'], { name: 'xterm-256color', cols: 80, rows: 24, cwd, env });
  await new Promise<void>((resolve) => {
    pty.onExit(() => resolve());
  });
  return performance.now() - began;
}

/** How long a person waits for the screen, beside a Node that does nothing; the runs alternate, so a busy machine slows both. */
export async function bench(): Promise<Figure[]> {
  const bin = path.resolve('dist/bin.js');
  const dir = mkdtempSync(path.join(os.tmpdir(), 'orchestra-bench-'));
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: dir,
    ORCHESTRA_TOUR: '0',
    LANG: 'C.UTF-8',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
  };
  try {
    execFileSync('git', ['init', '-q', dir], { env });
    const frames: number[] = [];
    const cold: number[] = [];
    const bare: number[] = [];
    await firstFrame(bin, dir, env);
    for (let i = 0; i < runs; i += 1) {
      bare.push(await nothing(dir, env));
      frames.push(await firstFrame(bin, dir, env));
      // A cache folder in which nothing was kept yet, every few runs.
      if (i % 4 === 0)
        cold.push(await firstFrame(bin, dir, { ...env, XDG_CACHE_HOME: path.join(dir, `cold-${i}`) }));
    }
    const base = median(bare);
    const frame = median(frames);
    const first = median(cold);
    return [
      figure(
        'startup',
        'time to the first frame, times `node -e 0`',
        frame / base,
        `node -e 0, ${Math.round(base)} ms; the frame ${Math.round(frame)} ms, median of ${runs}; compiled code kept by an earlier start`,
        { atMost: 3.2 },
      ),
      figure(
        'startup',
        'first frame, very first start, times `node -e 0`',
        first / base,
        `the frame ${Math.round(first)} ms, median of ${cold.length}; nothing kept yet`,
        'none',
      ),
    ];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}
