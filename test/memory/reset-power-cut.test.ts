import { describe, expect, it } from 'vitest';
import { failWith } from '../../providers/runtime/failpoints.ts';
import { messageOf } from '../../src/domain/errors.ts';
import { openBackups } from '../../src/memory/backups.ts';
import { count } from '../harness/counts.ts';
import { liveOnce, steppingClock, type Said } from '../harness/memory-life.ts';
import { randomFrom } from '../harness/random.ts';
import type { Luck } from '../harness/power-cut.ts';
import { SimulatedDisk } from '../harness/simulated-disk.ts';
import { asAfterwards, rubbish, simulatedMemory } from '../harness/simulated-memory.ts';

/** How often each moment is tried, each time with other luck. */
const rounds = Number(process.env['ORCHESTRA_STATES'] ?? 10_000) / 1000;
const seed = Number(process.env['ORCHESTRA_SEED'] ?? 1);
const lucks: readonly Luck[] = ['all', 'none', 'mixed', 'in-order'];

const by = { name: 'Ada', face: 'cli' } as const;

/** Where a deployment's journal is, below the memory. */
async function journalsOf(disk: SimulatedDisk, dir: string, id: string): Promise<string[]> {
  const found = disk.paths().filter((name) => name.startsWith(dir) && name.endsWith(`/${id}/journal.ndjson`));
  return Promise.all(found.map(async (file) => (await disk.read(file)).toString('utf8')));
}

describe('N4 a power cut or a kill in the middle of a reset', () => {
  it('at any moment leaves each deployment in one place, whole; the reset is ended, and the next deployment goes through', async () => {
    const { dir, disk } = await simulatedMemory();
    failWith(undefined, disk);
    const said: Said[] = [];
    await liveOnce(dir, 0, steppingClock('2026-11-21T10:15:00.000Z'), (one) => said.push(one), 'brief');
    const events = said.flatMap((one) => (one.kind === 'event' ? [one.event] : []));
    const id = events[0]?.deployment ?? '';
    const [journal = ''] = await journalsOf(disk, dir, id);
    expect(journal.split('\n')).toHaveLength(events.length + 1);
    const begun = disk.operations.length;
    const backups = openBackups({ dir, clock: steppingClock('2026-11-21T11:00:00.000Z') });
    await backups.swap({ by, keepPreferences: true });
    const { operations } = disk;
    const random = randomFrom(seed);
    const problems = new Map<string, string>();
    let [states, finished] = [0, 0];
    for (let round = 0; round < rounds; round += 1)
      for (let moment = begun; moment <= operations.length; moment += 1) {
        const luck = lucks[round % lucks.length] ?? 'mixed';
        const left = SimulatedDisk.crashed(operations.slice(0, moment), random, luck);
        const then = asAfterwards({ dir, disk: left }, []);
        failWith(undefined, left);
        states += 1;
        const problem = (what: string) =>
          problems.set(what, `${luck}, after ${moment - begun} of ${operations.length - begun}`);
        try {
          const after = openBackups({ dir: then.dir, clock: steppingClock('2026-11-21T12:00:00.000Z') });
          const open = (await after.list()).find(({ state }) => state !== 'done');
          if (open) {
            finished += 1;
            await after.finish(open.name);
          }
          const found = await journalsOf(left, then.dir, id);
          if (found.length !== 1) problem(`the journal is in ${found.length} places`);
          if (found.some((text) => text !== journal)) problem('the journal is another');
          if (moment === operations.length && (await after.list())[0]?.state !== 'done')
            problem('it is not done');
          await liveOnce(then.dir, 0, steppingClock('2026-11-21T13:00:00.000Z'), () => {}, 'brief');
          await after.swap({ by, keepPreferences: true });
        } catch (error) {
          problem(messageOf(error));
        }
        for (const name of left.paths())
          if (rubbish.test(name) && !/\/backups\/.*\.lock\//.test(name))
            problem(`left over: ${name.replace(/^\/r\d+/, '')}`);
      }
    failWith(undefined);
    count('power cuts and kills in a reset', {
      states,
      'resets ended afterwards': finished,
      violations: problems.size,
    });
    expect([...problems]).toEqual([]);
    expect(finished).toBeGreaterThan(10);
  }, 600_000);
});
