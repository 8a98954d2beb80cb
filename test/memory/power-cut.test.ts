import { describe, expect, it } from 'vitest';
import { failWith } from '../../providers/runtime/failpoints.ts';
import { count } from '../harness/counts.ts';
import { checkMemory } from '../harness/memory-check.ts';
import { liveLong, steppingClock, type Said } from '../harness/memory-life.ts';
import { randomFrom } from '../harness/random.ts';
import type { Luck } from '../harness/power-cut.ts';
import { SimulatedDisk } from '../harness/simulated-disk.ts';
import { asAfterwards, simulatedMemory } from '../harness/simulated-memory.ts';

/** How many states are looked at; more by `ORCHESTRA_STATES=100000`, others by `ORCHESTRA_SEED=7`. */
const states = Number(process.env['ORCHESTRA_STATES'] ?? 10_000);
const seed = Number(process.env['ORCHESTRA_SEED'] ?? 1);

const lucks: readonly Luck[] = ['none', 'mixed', 'in-order', 'mixed', 'all', 'mixed', 'in-order', 'mixed'];

/** A life on a simulated disk: how far it was, in operations, when each thing was acknowledged. */
async function recorded(lives: number) {
  const { dir, disk } = await simulatedMemory();
  const said: { after: number; said: Said }[] = [];
  failWith(undefined, disk);
  await liveLong(dir, lives, steppingClock('2026-11-21T10:15:00.000Z'), (one) =>
    said.push({ after: disk.operations.length, said: one }),
  );
  return { dir, operations: disk.operations, said };
}

describe('N4 a power cut', () => {
  it(
    `at any moment loses nothing that was acknowledged, in ${states.toLocaleString('en-US')} states of the disk`,
    { timeout: 3_600_000 },
    async () => {
      const { operations, said, dir } = await recorded(2);
      const random = randomFrom(seed);
      const violations = new Map<string, string>();
      let [looked, cut, damaged] = [0, 0, 0];
      for (let n = 0; n < states; n += 1) {
        const moment = n % (operations.length + 1);
        const luck = lucks[Math.floor(n / (operations.length + 1)) % lucks.length] ?? 'mixed';
        const before = operations.slice(0, moment);
        const acknowledged = said.filter(({ after }) => after <= moment).map((one) => one.said);
        const disk = SimulatedDisk.crashed(before, random, luck);
        const left = disk.paths();
        const then = asAfterwards({ dir, disk }, acknowledged);
        failWith(undefined, disk);
        const found = await checkMemory(then.dir, then.said, steppingClock('2026-11-21T12:00:00.000Z'));
        looked += found.looked;
        cut += found.cut;
        damaged += found.damaged;
        for (const problem of found.problems)
          if (violations.size < 20 && !violations.has(problem))
            violations.set(
              problem,
              `state ${n}, ${luck}, after ${moment} of ${operations.length}:\n${left.join('\n')}`,
            );
      }
      failWith(undefined);
      count('power cuts', {
        states,
        moments: operations.length + 1,
        'acknowledged things looked for': looked,
        'torn ends cut': cut,
        'journals flagged': damaged,
        violations: violations.size,
      });
      expect([...violations].map(([problem, where]) => `${problem}\n${where}`)).toEqual([]);
    },
  );
});
