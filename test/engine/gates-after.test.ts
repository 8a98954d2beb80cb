import { afterEach, describe, expect, it } from 'vitest';
import type { EventBody } from '../../src/domain/event.ts';
import { type GatesSettings, gatesSettingsSchema } from '../../src/domain/gate-settings.ts';
import { phaseGates } from '../../src/domain/phase-gates.ts';
import type { Plan } from '../../src/domain/plan.ts';
import { conduct } from '../../src/engine/conductor.ts';
import type { ConductorPorts } from '../../src/engine/ports.ts';
import { requested } from '../harness/deployment-events.ts';
import { phase, plan } from '../harness/plan.ts';
import { Killed, World, candidate, stable } from '../harness/world.ts';

// A busy machine must not make a phase pause for a person: the extension is long.
const quick = { bakeMs: 12, extendToMs: 600_000, minimumSample: 50 };

/** A rollout whose gates are these; what is not named is off, but for the version. */
function request(gates: { [Id in keyof GatesSettings]?: object }, change: Partial<Plan> = {}): EventBody {
  const off = ['smoke', 'error_rate', 'latency', 'log_errors', 'database', 'resources', 'business_metrics'];
  const settings = gatesSettingsSchema.parse({
    ...Object.fromEntries(off.map((id) => [id, { severity: 'off' }])),
    ...gates,
  });
  return requested({
    stable,
    source: { kind: 'version', ref: candidate.name, sha: candidate.sha, features: [] },
    plan: plan({
      measureEveryMs: 4,
      phases: [phase(5, quick), phase(100, quick)],
      gates: { settings, overrides: [] },
      ...change,
    }),
  });
}

let world: World;
afterEach(() => world.remove());

describe('gates after the rollout', () => {
  it('G3 let a candidate be promoted where they pass, and are journaled', async () => {
    world = new World();
    const id = await world.request(request({}));
    await conduct(world.conductor(), id);
    expect(world.archived?.status).toMatchObject({ outcome: 'succeeded' });
    expect(world.archived?.gates?.after).toMatchObject([
      { id: 'version', when: 'after', status: 'passed', severity: 'blocking' },
    ]);
    const types = (await world.journals.read(id)).map(({ type }) => type);
    expect(types.lastIndexOf('gates.checked')).toBeGreaterThan(types.indexOf('verified'));
    expect(types.lastIndexOf('gates.checked')).toBeLessThan(types.indexOf('promoted'));
    expect(phaseGates(world.archived ?? fail()).every(({ status }) => status !== 'failed')).toBe(true);
  });

  it('R2 G3 take a candidate back where one fails, and the reason names it', async () => {
    world = new World();
    world.logged = (sha) => (sha === candidate.sha ? 'ERROR the disk is full\n' : '');
    await conduct(world.conductor(), await world.request(request({ log_errors: { severity: 'blocking' } })));
    expect(world.archived?.status).toMatchObject({
      outcome: 'rolled_back',
      reason:
        'a gate refused: no new errors in its log: 1 kind of errors that stable’s log does not show: 1× ERROR the disk is full',
    });
    expect(world.serving()).toBe(stable.sha);
    expect(world.deployed).toBe(stable.sha);
  });

  it('go on where the one that failed only warns', async () => {
    world = new World();
    world.logged = (sha) => (sha === candidate.sha ? 'ERROR the disk is full\n' : '');
    await conduct(world.conductor(), await world.request(request({ log_errors: {} })));
    expect(world.archived?.status).toMatchObject({ outcome: 'succeeded' });
    expect(world.archived?.gates?.after?.find(({ id }) => id === 'log_errors')).toMatchObject({
      status: 'failed',
      severity: 'warning',
    });
  });

  it('R2 have the candidate watched meanwhile: one that fails is taken back before they are done', async () => {
    world = new World();
    const ports = world.conductor();
    const hanging = {
      ...ports,
      actions: {
        perform: async (
          ...[action, context, run, signal]: Parameters<ConductorPorts['actions']['perform']>
        ) => {
          if (action.name !== 'database') return ports.actions.perform(action, context, run, signal);
          // Users meet errors while the database is asked, which takes for ever.
          world.errors = 0.5;
          return new Promise<never>((_, reject) => {
            signal.addEventListener('abort', () => reject(new Error('no longer wanted')), { once: true });
          });
        },
      },
    };
    await conduct(hanging, await world.request(request({ database: { run: 'sleep 1000' } })));
    expect(world.archived?.status).toMatchObject({
      outcome: 'rolled_back',
      reason: expect.stringContaining('requests failed'),
    });
    expect(world.archived?.gates?.after, 'they were not looked at to their end').toBeUndefined();
    expect(world.serving()).toBe(stable.sha);
  });

  it('N4 are looked at again by the next conductor where theirs was killed meanwhile', async () => {
    world = new World();
    const id = await world.request(request({ database: { run: 'true' } }));
    const ports = world.conductor();
    let asked = 0;
    const runs: string[] = [];
    const counting = (kill: boolean) => {
      const now = kill ? ports : world.conductor();
      return {
        ...now,
        actions: {
          perform: async (
            ...[action, context, run, signal]: Parameters<ConductorPorts['actions']['perform']>
          ) => {
            if (action.name !== 'database') return now.actions.perform(action, context, run, signal);
            asked += 1;
            runs.push(run);
            return now.actions.perform(action, context, run, signal);
          },
        },
      };
    };
    const events = async () => (await world.journals.read(id)).map(({ type }) => type);
    // It dies as it writes down what it found: the second time that gates are told.
    const dying = counting(true);
    const dies = {
      ...dying,
      journals: {
        ...dying.journals,
        open: async (which: string) => {
          const journal = await dying.journals.open(which);
          return {
            get events() {
              return journal.events;
            },
            damaged: journal.damaged,
            close: () => journal.close(),
            append: async (...[bodies, at]: Parameters<typeof journal.append>) => {
              if (bodies.some((body) => body.type === 'gates.checked' && body.when === 'after'))
                throw new Killed();
              return journal.append(bodies, at);
            },
          };
        },
      },
    };
    await expect(conduct(dies, id)).rejects.toThrow(Killed);
    expect(asked).toBe(1);
    expect(await events()).not.toContain('promoted');
    expect(world.serving()).toBe(candidate.sha);
    await conduct(counting(false), id);
    expect(asked).toBe(2);
    expect(new Set(runs).size, 'what the dead one left running is found by its name').toBe(1);
    expect(world.archived?.status).toMatchObject({ outcome: 'succeeded' });
    expect((await events()).filter((type) => type === 'gates.checked')).toHaveLength(2);
  });
});

function fail(): never {
  throw new Error('nothing was put away');
}
