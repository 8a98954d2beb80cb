import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/domain/deployment.ts';
import { conduct } from '../../src/engine/conductor.ts';
import { undoMigrations } from '../../src/engine/undo-migrations.ts';
import { withSchema } from '../../src/engine/schema-back.ts';
import { requested } from '../harness/deployment-events.ts';
import { drive } from '../harness/drive.ts';
import { phase, plan } from '../harness/plan.ts';
import { candidate, stable, World } from '../harness/world.ts';

const service = (change: object) => ({ ...plan().service, ...change });

/** A deployment that was left behind, of a service with these migrations. */
const left = (change: object): Deployment => drive({ plan: plan({ service: service(change) }) }).until().d;

describe('the schema at a rollback', () => {
  it('R1 is taken back where the version that is left says how', () => {
    const back = withSchema(plan(), [left({ migrate: 'up', migrateDown: 'down' })]);
    expect(back.undo).toMatchObject([{ version: { name: 'v2' }, service: { migrateDown: 'down' } }]);
    expect(back.notes.join()).toContain('the migration of v2 is taken back');
  });

  it('R1 stays expanded, and the plan says so, where one of them does not', () => {
    const back = withSchema(plan(), [left({ migrate: 'up', migrateDown: 'down' }), left({ migrate: 'up' })]);
    expect(back.undo).toBeUndefined();
    expect(back.notes.join()).toBe('The schema stays as it is: v2 was deployed without a migrate_down.');
  });

  it('R1 is taken back in every place that migrated, what was migrated last first', () => {
    const { host, port, variables } = plan();
    const places = ['api', 'web', 'jobs'].map((name) => ({
      key: `production.${name}`,
      host,
      port,
      service: service({ name, ...(name === 'web' ? {} : { migrate: 'up', migrateDown: 'down' }) }),
      variables,
    }));
    const back = withSchema(plan(), [{ ...left({}), plan: plan({ places }) }]);
    expect(back.undo?.map(({ place }) => place)).toEqual(['production.jobs', 'production.api']);
    expect(back.notes.join()).toContain('the migration of v2 is taken back');
  });

  it('is not spoken of where nothing migrates', () => {
    expect(withSchema(plan(), [left({})])).toEqual(plan());
  });

  it('R1 does not wait for ever for a migrate_down that hangs: the schema stays, and the rollback is over', async () => {
    const world = new World();
    const undo = [{ version: stable, service: service({ migrateDown: 'down' }), variables: {} }];
    const ports = world.conductor();
    const migrateDown = ({ signal }: { signal?: AbortSignal }) =>
      new Promise<void>((_, reject) => {
        signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      });
    const said = await undoMigrations({
      ports: { ...ports, platform: { ...ports.platform, migrateDown } },
      deployment: { ...left({}), plan: plan({ undo, timeoutMs: 20 }) },
      fence: 1,
      signal: new AbortController().signal,
    });
    expect(said).toEqual([expect.stringMatching(/schema stays expanded: v1: it was not over within 20 ms/)]);
    world.remove();
  });

  it('R1 N4 killed at every event, the version before serves and what was left is stopped before its migration goes', async () => {
    const quick = { bakeMs: 12, extendToMs: 600_000, judged: false, minimumSample: 0 };
    for (let killAfter = 10; killAfter < 30; killAfter += 1) {
      const world = new World();
      const undo = [{ version: stable, service: service({ migrateDown: 'down' }), variables: {} }];
      const planned = plan({ measureEveryMs: 4, phases: [phase(100, quick)], undo });
      const id = await world.request(requested({ stable, kind: 'rollback', plan: planned }));
      await conduct(world.conductor(killAfter), id).catch(() => undefined);
      if (!world.archived) await conduct(world.conductor(), id);
      expect(world.archived?.status, `killed after ${killAfter} events`).toMatchObject({
        outcome: 'succeeded',
      });
      expect(world.serving()).toBe(candidate.sha);
      expect(new Set(world.undone)).toEqual(new Set([stable.name]));
      expect([...world.instances.keys()]).toEqual([candidate.sha]);
      world.remove();
    }
  }, 60_000);
});
