import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../src/domain/settings.ts';
import { assemblePlan, type PlanRequest } from '../../src/strategies/plan.ts';

const settings = settingsSchema.parse({
  version: 1,
  project: 'shop',
  services: { web: { start: 'node app.mjs' } },
  environments: { production: { port: 4999 } },
});

function planOf(change: Partial<PlanRequest>) {
  const target = settings.environments['production'];
  if (!target) throw new TypeError('no environment');
  return assemblePlan({
    settings,
    settingsHash: 'h',
    environment: 'production',
    target,
    kind: 'deploy',
    stable: 'v1',
    candidate: 'v1',
    flag: undefined,
    risk: 'medium',
    autoRollbackThreshold: 5,
    productionBranch: undefined,
    ...change,
  });
}

describe('a deployment of what serves already', () => {
  it('N4 starts it again in one step that needs no traffic, as after a reboot', () => {
    const plan = planOf({ restart: true });
    expect(plan.strategy).toBe('instant');
    expect(plan.phases).toMatchObject([{ weight: 100, minimumSample: 0, judged: false }]);
    expect(plan.notes.join(' ')).toContain('v1 is what production runs already');
  });

  it('goes through the steps where a strategy was asked for, or another version comes', () => {
    expect(planOf({ restart: true, flag: 'canary' }).phases).toHaveLength(4);
    expect(planOf({ candidate: 'v2' }).phases.every((phase) => phase.judged)).toBe(true);
  });
});
