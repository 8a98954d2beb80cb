import { afterEach, expect, it } from 'vitest';
import { conduct } from '../../src/engine/conductor.ts';
import { requested } from '../harness/deployment-events.ts';
import { gatedPlan } from '../harness/gates.ts';
import { phase } from '../harness/plan.ts';
import { candidate, Killed, stable, World } from '../harness/world.ts';

const quick = { bakeMs: 12, extendToMs: 600_000, minimumSample: 50 };

let world: World;
afterEach(() => world.remove());

const asked = (overrides: { gate: string; by: string; why: string }[] = []) =>
  requested({
    stable,
    source: { kind: 'version', ref: candidate.name, sha: candidate.sha, features: [] },
    plan: gatedPlan(
      { sign_offs: ['qa'], 'rollback-plan': { severity: 'warning' } },
      { measureEveryMs: 4, phases: [phase(100, quick)], overrides },
    ),
  });

async function untilTheEnd(id: string, killAfter: number): Promise<number> {
  for (let deaths = 0, left = killAfter; ; deaths++, left = Number.POSITIVE_INFINITY) {
    try {
      await conduct(world.conductor(left), id);
      return deaths;
    } catch (error) {
      if (!(error instanceof Killed)) throw error;
    }
  }
}

it('G1 N4 killed at any event before and while its gates are looked at, it ends blocked with production untouched', async () => {
  for (let killAfter = 1, deaths = 1; deaths > 0; killAfter++) {
    world = new World();
    const id = await world.request(asked());
    deaths = await untilTheEnd(id, killAfter);
    expect(world.archived?.status, `killed after ${killAfter}`).toMatchObject({
      outcome: 'blocked',
      reason: expect.stringContaining('missing for this candidate: qa'),
    });
    expect([world.serving(), world.copies(candidate.sha)]).toEqual([stable.sha, []]);
    const events = await world.journals.read(id);
    expect(events.filter(({ type }) => type === 'gates.checked')).toHaveLength(1);
    if (deaths > 0) world.remove();
  }
}, 60_000);

it('G1 with the gate let pass it goes on, and its record has who and why', async () => {
  world = new World();
  const id = await world.request(asked([{ gate: 'sign_offs', by: 'Ana', why: 'qa is ill' }]));
  await untilTheEnd(id, Number.POSITIVE_INFINITY);
  expect(world.archived?.gates?.before).toContainEqual(
    expect.objectContaining({ id: 'sign_offs', status: 'failed', override: { by: 'Ana', why: 'qa is ill' } }),
  );
  expect(world.archived?.stages.testing.status).toBe('skipped');
  expect(world.archived?.gates?.before?.length).toBeGreaterThan(5);
});
