import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundler } from '../harness/bundle.ts';
import { count } from '../harness/counts.ts';
import { temporaryFolders } from '../harness/folder.ts';
import { checkCopy } from '../harness/memory-copy.ts';
import { randomFrom } from '../harness/random.ts';
import type { Said } from '../harness/memory-life.ts';

/** How many operations lie between two kills: every one is tried with 1. */
const step = Number(process.env['ORCHESTRA_KILL_STEP'] ?? 1);

/** Kills at random moments beside them, several in one memory; more by `ORCHESTRA_RANDOM_KILLS=1000`, others by `ORCHESTRA_SEED`. */
const randomKills = Number(process.env['ORCHESTRA_RANDOM_KILLS'] ?? 20);
const seed = Number(process.env['ORCHESTRA_SEED'] ?? 1);

/** Children at once. */
const atOnce = 3;

const folder = temporaryFolders();
const bundle = bundler();
let child = '';
beforeAll(async () => {
  child = await bundle(fileURLToPath(new URL('children/life.ts', import.meta.url)));
});

/** What a life said, and how many changes it made when it came to its end. */
interface Lived {
  said: Said[];
  changes: number | undefined;
  signal: NodeJS.Signals | null;
}

/** Lives in a memory in a process of its own, killed at its `at`th change of the disk; 0 lets it live. */
async function live(root: string, at: number, start = '2026-11-21T10:15:00.000Z'): Promise<Lived> {
  const dir = path.join(root, 'memory');
  const report = path.join(root, 'report');
  mkdirSync(dir, { recursive: true });
  const running = spawn(process.execPath, [child, dir, report, String(at), start], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  const [, signal] = await once(running, 'exit');
  const lines = readFileSync(report, 'utf8').split('\n').slice(0, -1);
  const told = lines.map((line) => JSON.parse(line));
  const over = told.at(-1)?.kind === 'over' ? told.pop() : undefined;
  return { said: told, changes: over?.changes, signal };
}

describe('N4 kill -9', () => {
  it(
    'before any change of the disk loses nothing that was acknowledged, and leaves nothing behind',
    { timeout: 900_000 },
    async () => {
      const base = folder();
      const whole = await live(path.join(base, 'whole'), 0);
      const changes = whole.changes ?? 0;
      expect(changes).toBeGreaterThan(300);
      const violations: string[] = [];
      let [kills, looked, cut] = [0, 0, 0];
      let next = 1;
      const work = async () => {
        while (next <= changes) {
          const at = next;
          next += step;
          const root = path.join(base, String(at));
          const { said, signal } = await live(root, at);
          if (signal === 'SIGKILL') kills += 1;
          const found = await checkCopy(root, said, '2026-11-21T12:00:00.000Z');
          looked += found.looked;
          cut += found.cut;
          violations.push(...found.problems.map((problem) => `killed at change ${at}: ${problem}`));
          if (found.damaged > 0) violations.push(`killed at change ${at}: a journal is damaged`);
          rmSync(root, { recursive: true });
        }
      };
      await Promise.all(Array.from({ length: atOnce }, work));
      count('kill -9', {
        moments: kills,
        'acknowledged things looked for': looked,
        'torn ends cut': cut,
        violations: violations.length,
      });
      expect(violations).toEqual([]);
      expect(kills).toBe(Math.ceil(changes / step));
    },
  );

  it(
    'at random moments, again and again in one memory, loses nothing either',
    { timeout: 3_600_000 },
    async () => {
      const base = folder();
      const random = randomFrom(seed);
      const violations: string[] = [];
      let [kills, looked, memories] = [0, 0, 0];
      const work = async () => {
        while (kills < randomKills) {
          const root = path.join(base, String((memories += 1)));
          const story: number[] = [];
          const said: Said[] = [];
          for (let left = 1 + Math.floor(random() * 4), hour = 10; left > 0; left -= 1, hour += 1) {
            const at = 1 + Math.floor(random() * 600);
            story.push(at);
            const lived = await live(root, at, `2026-11-21T${hour}:15:00.000Z`);
            rmSync(path.join(root, 'report'));
            said.push(...lived.said);
            if (lived.signal === 'SIGKILL') kills += 1;
          }
          const found = await checkCopy(root, theLast(said), '2026-11-21T23:00:00.000Z');
          looked += found.looked;
          for (const problem of found.problems)
            violations.push(`seed ${seed}, killed at ${story.join(', ')}: ${problem}`);
          rmSync(root, { recursive: true });
        }
      };
      await Promise.all(Array.from({ length: atOnce }, work));
      count('kill -9 at random', {
        kills,
        memories,
        'acknowledged things looked for': looked,
        violations: violations.length,
      });
      expect(violations).toEqual([]);
    },
  );
});

/** What is to be there after several lives: all but the single documents of the earlier ones, which the later replaced. */
function theLast(said: readonly Said[]): Said[] {
  return said.filter((one) => one.kind !== 'patterns' && one.kind !== 'selection');
}
