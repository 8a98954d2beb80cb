import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Look } from '../../src/domain/progress.ts';
import { createShowProgress } from '../../src/engine/show-progress.ts';
import { fold } from '../../src/engine/fold.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import { requested } from '../harness/deployment-events.ts';
import { World } from '../harness/world.ts';

let world: World;
beforeEach(() => {
  world = new World();
});
afterEach(() => world.remove());

/** A deployment in an environment of its own, which nobody conducts yet. */
async function begun(environment: string): Promise<Deployment> {
  const id = await world.journals.claim(new Date());
  await world.journals.create(id, requested({ environment }), new Date());
  const d = await fold(world.journals, id);
  if (!d) throw new Error('it did not begin');
  return d;
}

/** What a conductor writes for `own`, as its watchers would see it. */
function conductor(): { looks: () => readonly Look[]; show: (own?: Deployment) => Promise<void> } {
  let seen: readonly Look[] = [];
  const ports = world.conductor();
  const show = createShowProgress({
    ...ports,
    memory: {
      ...ports.memory,
      writeProgress: async (gather) => {
        seen = await gather();
      },
    },
  });
  return { looks: () => seen, show };
}

const shown = (looks: readonly Look[]) => looks.map(({ deployment: d }) => [d.environment, d.status.kind]);

describe('M10 several deployments at once', () => {
  it('each conductor shows all of them, the others’ as far as their journals are now', async () => {
    const [production, staging] = [await begun('production'), await begun('staging')];
    const [first, second] = [conductor(), conductor()];
    await first.show(production);
    await second.show(staging);
    expect(shown(first.looks())).toEqual([
      ['production', 'running'],
      ['staging', 'running'],
    ]);
    expect(shown(second.looks())).toEqual(shown(first.looks()));

    const journal = await world.journals.open(staging.id);
    await journal.append([{ type: 'deployment.paused', reason: 'slower' }], new Date());
    await journal.close();
    await first.show(production);
    expect(shown(first.looks())).toEqual([
      ['production', 'running'],
      ['staging', 'paused'],
    ]);
  });

  it('one that nobody conducts is said to be stuck by the others, its own conductor never says that of itself', async () => {
    const [production, staging] = [await begun('production'), await begun('staging')];
    const { show, looks } = conductor();
    await show(production);
    const attention = looks().map(({ deployment: { id }, attention: a }) => [id, a?.kind, a?.stuck]);
    expect(attention).toEqual([
      [production.id, 'effect', false],
      [staging.id, 'conductor', true],
    ]);
  });

  it('one that is over and put away is still told by its own conductor', async () => {
    const own: Deployment = {
      ...(await begun('production')),
      id: '20200101_000000',
      status: {
        kind: 'finished',
        outcome: 'succeeded',
        reason: '',
        at: '2020-01-01T00:00:00.000Z',
        durationMs: 1,
      },
    };
    const { show, looks } = conductor();
    await show(own);
    expect(looks().map(({ deployment: { id } }) => id)).toContain(own.id);
  });
});
