import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundler } from '../harness/bundle.ts';
import { count } from '../harness/counts.ts';
import { temporaryFolders } from '../harness/folder.ts';
import { installed, leftOut } from '../harness/installed.ts';
import { checkCopy } from '../harness/memory-copy.ts';
import type { Said } from '../harness/memory-life.ts';
import { withProgram } from '../harness/programs.ts';

/** Every write is killed in the long lane, every fifth else. */
const writeStep = process.env['ORCHESTRA_LONG'] === undefined ? 5 : 1;

/** Why no process may be traced here; undefined where it may. Machines forbid it, CI's too. */
function forbidden(): string | undefined {
  const why = leftOut('strace');
  if (why !== undefined) return why;
  const tried = spawnSync(installed('strace'), ['-f', '-o', '/dev/null', process.execPath, '-e', '0'], {
    encoding: 'utf8',
  });
  return tried.status === 0 ? undefined : `strace may not trace: ${tried.stderr.trim().slice(0, 100)}`;
}

const why = forbidden();
const folder = temporaryFolders();
const bundle = bundler({ failpoints: false });
let child = '';

const kills = [
  ['sync', 'fsync,fdatasync', 1],
  ['rename', 'rename,renameat,renameat2', 1],
  ['write', 'write,pwrite64,writev', writeStep],
] as const;

function lanes(): void {
  describe('N4 kill -9 by the system, of a program without failpoints', () => {
    beforeAll(async () => {
      child = await bundle(fileURLToPath(new URL('children/plain-life.ts', import.meta.url)));
    });

    /** Lives until the `at`th of these calls, at which the system kills the process; whether it came that far. */
    async function live(root: string, calls: string, at: number): Promise<boolean> {
      mkdirSync(path.join(root, 'memory'), { recursive: true });
      const running = spawn(
        installed('strace'),
        `-f -qq -o /dev/null -e trace=${calls} -e signal=none -e inject=${calls}:signal=KILL:when=${at}`
          .split(' ')
          .concat(process.execPath, child, path.join(root, 'memory'), path.join(root, 'report')),
        // The system counts calls by thread: one thread does them all.
        { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, UV_THREADPOOL_SIZE: '1' } },
      );
      const [code, signal] = await once(running, 'exit');
      if (code !== 0 && signal !== 'SIGKILL' && code !== 137) throw new Error(`strace ended with ${code}`);
      return code !== 0;
    }

    it.each(kills)(
      'at each %s loses nothing that was acknowledged',
      async (name, calls, step) => {
        const base = folder();
        const violations: string[] = [];
        let [moments, looked, next, over] = [0, 0, 1, false];
        const work = async () => {
          while (!over) {
            const at = next;
            next += step;
            const root = path.join(base, String(at));
            const killed = await live(root, calls, at);
            if (killed) moments += 1;
            else over = true;
            const lines = readReport(path.join(root, 'report'));
            const found = await checkCopy(root, lines, '2026-11-21T12:00:00.000Z');
            looked += found.looked;
            for (const problem of found.problems) violations.push(`killed at ${name} ${at}: ${problem}`);
            rmSync(root, { recursive: true });
          }
        };
        await Promise.all([work(), work(), work()]);
        count(`kill -9 at each ${name} (strace)`, {
          moments,
          'acknowledged things looked for': looked,
          violations: violations.length,
        });
        expect(violations).toEqual([]);
        expect(moments).toBeGreaterThan(10);
      },
      900_000,
    );
  });
}

function readReport(file: string): Said[] {
  let text = '';
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    // It was killed before it began.
  }
  const lines = text.split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line)).filter(({ kind }) => kind !== 'over');
}

if (why !== undefined && leftOut('strace') === undefined) {
  describe('strace', () => {
    it.skip(`not tested: ${why}`, () => {});
  });
} else withProgram('strace', why, lanes);
