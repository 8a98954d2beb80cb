import { describe, expect, it } from 'vitest';
import { OrchestraError } from '../../src/domain/errors.ts';
import type { DraftPorts } from '../../src/engine/drafts.ts';
import { rolloutOptions } from '../../src/engine/rollout-options.ts';
import { emptyPreferences } from '../../src/memory/config-document.ts';
import { settingsWith } from '../harness/assembled-plan.ts';
import { World as Machine } from '../harness/world.ts';

interface World {
  environment?: object;
  services?: object;
  /** Whether something serves there. */
  serves?: boolean;
  missing?: string;
  flag?: () => Promise<never>;
}

function portsOf({ environment = {}, services, serves = true, missing, flag }: World): DraftPorts {
  const settings = settingsWith(environment, services).data;
  if (!settings) throw new TypeError('settings that do not parse');
  const ports = new Machine({ first: !serves }).conductor();
  return {
    ...ports,
    memory: { ...ports.memory, preferences: async () => emptyPreferences() },
    flags: flag ? { ...ports.flags, read: flag } : ports.flags,
    cache: {
      load: async () => new Map(),
      save: async () => undefined,
      recall: async () => undefined,
      remember: async () => undefined,
    },
    missingRouter: async (_, needs) =>
      missing !== undefined && needs?.cohort ? { why: missing, hint: 'take another router' } : undefined,
    readSettings: async () => ({ settings, hash: 'h' }),
  };
}

const ask = (world: World, risk: 'low' | 'high' = 'low') =>
  rolloutOptions(portsOf(world), { environment: 'production', risk });

const whyNots = async (world: World) =>
  Object.fromEntries((await ask(world)).options.map(({ name, whyNot }) => [name, whyNot]));

describe('the strategies an environment can roll out with', () => {
  it('T1 are all of them, each with its phases and how long it takes at least', async () => {
    const { options, usual, first } = await ask({}, 'high');
    expect(options.map(({ name }) => name)).toEqual([
      'canary',
      'blue-green',
      'rolling',
      'recreate',
      'ab',
      'feature-flag',
    ]);
    expect(options[0]).toMatchObject({ takesMs: 4 * 300_000 });
    expect(options[0]?.phases.map(({ weight }) => weight)).toEqual([5, 25, 50, 100]);
    expect(usual).toEqual({ name: 'canary', reason: 'the deployment is HIGH RISK' });
    expect(first).toBe(false);
  });

  it('T1 say what is usual there: the environment’s own before what the risk suggests', async () => {
    expect((await ask({})).usual.name).toBe('blue-green');
    expect((await ask({ environment: { strategy: 'recreate' } }, 'high')).usual).toEqual({
      name: 'recreate',
      reason: 'the environment’s own',
    });
  });

  it('T1 say why one cannot be: settings it lacks, regions it cannot go through, a router that cannot', async () => {
    const plain = await whyNots({});
    expect(plain['feature-flag']).toMatch(/feature-flag/);
    expect(plain['canary']).toBeUndefined();
    const regions = await whyNots({
      environment: { regions: [{ name: 'eu' }, { name: 'us', port: 4990 }] },
    });
    expect(regions['rolling']).toMatch(/cannot go through several regions: take canary or blue-green/);
    expect(regions['recreate']).toMatch(/several regions/);
    expect(regions['blue-green']).toBeUndefined();
    const router = await whyNots({ missing: 'it keeps no cohorts' });
    expect(router['ab']).toBe('it keeps no cohorts: take another router');
    expect(router['canary']).toBeUndefined();
  });

  it('T1 C4 say it where the flag’s service does not answer', async () => {
    const flag = async () => {
      throw new OrchestraError('flags', 'flagd does not answer', { hint: 'start it' });
    };
    const environment = {
      'feature-flag': { flag: 'new-cart', provider: 'file', path: 'flags.json' },
    };
    expect((await whyNots({ environment, flag }))['feature-flag']).toMatch(/flagd does not answer/);
  });

  it('T1 say that nothing serves yet', async () => {
    expect((await ask({ serves: false })).first).toBe(true);
  });
});
