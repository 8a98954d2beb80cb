import type { Platform } from '../../src/ports/platform.ts';
import { afterEach, describe, expect, it } from 'vitest';
import { OrchestraError } from '../../src/domain/errors.ts';
import { gatesSettingsSchema } from '../../src/domain/gate-settings.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { conduct } from '../../src/engine/conductor.ts';
import { count } from '../harness/counts.ts';
import { requested } from '../harness/deployment-events.ts';
import { phase, plan } from '../harness/plan.ts';
import { Killed, World, artifactOf, candidate, stable } from '../harness/world.ts';

let world: World;
afterEach(() => world.remove());

const withArtifact = (change: Partial<Plan> = {}, kind: 'deploy' | 'rollback' = 'deploy') =>
  requested({
    kind,
    stable,
    source: { kind: 'version', ref: candidate.name, sha: candidate.sha, features: [] },
    plan: plan({
      measureEveryMs: 3,
      phases: [phase(100, { bakeMs: 5, extendToMs: 600_000 })],
      artifact: { signing: {} },
      gates: { settings: gatesSettingsSchema.parse({}), overrides: [] },
      ...change,
    }),
  });

describe('G1 a deployment with an artifact', () => {
  it('builds it after the candidate and before its papers, and keeps it in its record', async () => {
    world = new World();
    const id = await world.request(withArtifact());
    await conduct(world.conductor(), id);
    const types = (await world.journals.read(id)).map(({ type }) => type);
    const order = ['candidate.built', 'artifact.built', 'papers.written'] as const;
    const places = order.map((type) => types.indexOf(type));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(world.archived?.artifact).toEqual(artifactOf(candidate));
    expect(world.archived?.status).toMatchObject({ outcome: 'succeeded' });
    expect(world.archived?.gates?.before?.find((gate) => gate.id === 'artifact')).toMatchObject({
      status: 'skipped',
      detail: expect.stringContaining('no signing key is configured'),
    });
  });

  it('ends blocked before production where it was altered, and no platform was asked', async () => {
    world = new World();
    world.artifactFinding = { altered: 'its bytes are others', signature: { kind: 'unknown', why: '' } };
    const id = await world.request(withArtifact());
    const ports = world.conductor();
    let calls = 0;
    const counted = <A extends unknown[], R>(act: (...args: A) => R) => {
      return (...args: A): R => {
        calls += 1;
        return act(...args);
      };
    };
    const platform = {
      ...ports.platform,
      prepare: counted((...args: Parameters<Platform['prepare']>) => ports.platform.prepare(...args)),
      start: counted((...args: Parameters<Platform['start']>) => ports.platform.start(...args)),
      scale: counted((...args: Parameters<Platform['scale']>) => ports.platform.scale(...args)),
    };
    await conduct({ ...ports, platform }, id);
    expect(world.archived?.status).toMatchObject({ outcome: 'blocked', reason: 'its bytes are others' });
    expect(calls).toBe(0);
    expect(world.serving()).toBe(stable.sha);
  });

  it('ends blocked where the store offers something else, and failed where the build fails', async () => {
    for (const [code, outcome] of [
      ['artifact-altered', 'blocked'],
      ['build-failed', 'failed'],
    ] as const) {
      world = new World();
      world.artifactFailure = new OrchestraError(code, 'it broke', { hint: 'mend it' });
      await conduct(world.conductor(), await world.request(withArtifact()));
      expect(world.archived?.status).toMatchObject({ outcome });
      expect(world.serving()).toBe(stable.sha);
      if (code === 'artifact-altered') world.remove();
    }
  });

  it('builds nothing for a return to a version: it finds what was built, or says that it is built in place', async () => {
    world = new World();
    const id = await world.request(withArtifact({ gates: undefined }, 'rollback'));
    await conduct(world.conductor(), id);
    expect(world.made).toBe(0);
    expect(world.archived?.artifact).toEqual({
      kind: 'none',
      why: 'none of this version is kept; it is built where it runs',
    });
    expect(world.archived?.status).toMatchObject({ outcome: 'succeeded' });
  });

  it('N4 ends whole whichever event its conductor is killed at', { timeout: 120_000 }, async () => {
    let kills = 0;
    for (let at = 1; ; at++) {
      world = new World();
      const id = await world.request(withArtifact());
      const killed = await conduct(world.conductor(at), id).then(
        () => false,
        (error: unknown) => {
          if (error instanceof Killed) return true;
          throw error;
        },
      );
      if (!killed) break;
      kills += 1;
      await conduct(world.conductor(), id);
      const status = world.archived?.status;
      expect(status).toMatchObject({ kind: 'finished' });
      const built = (await world.journals.read(id)).filter(({ type }) => type === 'artifact.built');
      expect(built, `killed at event ${at}`).toHaveLength(1);
      expect(world.archived?.artifact).toMatchObject({ digest: artifactOf(candidate).digest });
      world.remove();
    }
    expect(kills).toBeGreaterThan(15);
    count('conductors with an artifact killed at each event', { kills });
  });
});
