import { afterEach, beforeEach, expect, it } from 'vitest';
import type { HistoryRow } from '../../src/domain/memory.ts';
import { historyRowOf } from '../../src/domain/history-row.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { conduct } from '../../src/engine/conductor.ts';
import { endOldSides } from '../../src/engine/end-old-sides.ts';
import type { Memory } from '../../src/ports/memory.ts';
import { requested } from '../harness/deployment-events.ts';
import { phase, plan } from '../harness/plan.ts';
import { candidate, stable, World } from '../harness/world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.remove());

const quick = { bakeMs: 12, extendToMs: 600_000 };
const ana = { name: 'Ana', face: 'cli' } as const;

/** What the memory says of the newest of those, newest first, in their environment. */
function newestOf([last, ...earlier]: readonly HistoryRow[]): Awaited<ReturnType<Memory['newest']>> {
  if (!last) return {};
  const succeeded = [last, ...earlier].find(({ outcome }) => outcome === 'succeeded')?.id ?? null;
  return { [last.environment]: { last, succeeded } };
}

/** Deploys, then looks `after` milliseconds later. */
async function lookedAt(
  after: number,
  keepOldForMs?: number,
  change: (row: HistoryRow) => HistoryRow[] = (row) => [row],
  more: Partial<Plan> = {},
): Promise<string[]> {
  const keep = keepOldForMs === undefined ? {} : { keepOldForMs };
  const first = requested({
    stable,
    plan: plan({ measureEveryMs: 4, phases: [phase(100, quick)], ...keep, ...more }),
  });
  await conduct(world.conductor(), await world.request(first));
  const { archived } = world;
  if (!archived) throw new Error('it did not end');
  const ports = world.conductor();
  const row = historyRowOf(archived);
  if (!row) throw new Error('it did not finish');
  return endOldSides(
    {
      ...ports,
      memory: { ...ports.memory, newest: async () => newestOf(change(row)), record: async () => archived },
      clock: { ...ports.clock, now: () => new Date(Date.now() + after) },
    },
    ana,
  );
}

it('T1 the old side is ended once its time is over, by the next that looks, and not before', async () => {
  expect(await lookedAt(1000, 60_000)).toEqual([]);
  expect([...world.instances.keys()]).toEqual([stable.sha, candidate.sha]);
});

it('T1 what was kept long enough is ended, and the version that serves is not', async () => {
  expect(await lookedAt(61_000, 60_000)).toEqual([
    'v1 was kept for an instant return of production for 1 min, and is ended now',
  ]);
  expect([...world.instances.keys()]).toEqual([candidate.sha]);
  expect(await world.lock.read('production')).toBeUndefined();
});

it('T1 without a time it is kept until the next deployment', async () => {
  expect(await lookedAt(9e9)).toEqual([]);
  expect(world.instances.size).toBe(2);
});

it('T1 what was kept is ended in every place', async () => {
  world.remove();
  const keys = ['production.api', 'production.web'];
  world = new World({ places: keys });
  const { host, port, service, variables } = plan();
  const places = keys.map((key) => ({ key, host, port, service, variables }));
  expect(await lookedAt(61_000, 60_000, undefined, { places })).toHaveLength(1);
  for (const key of keys) expect([...world.at(key).instances.keys()]).toEqual([candidate.sha]);
});

it('N4 nothing is ended that users could be sent to, nor after a deployment that did not succeed', async () => {
  const halted = (row: HistoryRow): HistoryRow[] => [{ ...row, outcome: 'halted' }, row];
  expect(await lookedAt(61_000, 60_000, halted)).toEqual([]);
  const traffic = (row: HistoryRow) => {
    world.router.candidate = { version: stable, host: '127.0.0.1', port: 1 };
    return [row];
  };
  world.remove();
  world = new World();
  expect(await lookedAt(61_000, 60_000, traffic)).toEqual([]);
  expect(world.instances.size).toBe(2);
});
