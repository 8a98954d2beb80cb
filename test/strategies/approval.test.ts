import { describe, expect, it } from 'vitest';
import { settingsSchema } from '../../src/domain/settings.ts';
import { assemblePlan, loosened, type PlanRequest } from '../../src/strategies/plan.ts';

function planOf(approval: object, change: Partial<PlanRequest> = {}) {
  const settings = settingsSchema.parse({
    version: 1,
    project: 'shop',
    services: { web: { start: 'node app.mjs' } },
    environments: { production: { port: 4999, approval } },
  });
  const target = settings.environments['production'];
  if (!target) throw new TypeError('no environment');
  return assemblePlan({
    settings,
    settingsHash: 'h',
    environment: 'production',
    target,
    kind: 'deploy',
    stable: 'v1',
    candidate: 'v2',
    flag: undefined,
    risk: 'medium',
    autoRollbackThreshold: 5,
    productionBranch: undefined,
    ...change,
  });
}

describe('a plan with an approval', () => {
  it('T2 T3 says who has to agree, and by when', () => {
    const plan = planOf({ required: true, timeout: '2h' });
    expect(plan.approval).toEqual({ byAnother: true, timeoutMs: 7_200_000 });
    expect(plan.notes).toContain('Before all traffic another person has to approve it, within 2 h.');
  });

  it('T3 needs none by default, on the way back, or to start again what serves', () => {
    const required = { required: true };
    expect(planOf({}).approval).toBeUndefined();
    expect(planOf(required, { kind: 'rollback' }).approval).toBeUndefined();
    expect(planOf(required, { restart: true, candidate: 'v1' }).approval).toBeUndefined();
  });

  it('names it as a loosening when an approval goes, or one may give it to oneself', () => {
    const strict = planOf({ required: true });
    expect(loosened(strict, planOf({}))).toEqual(['nobody has to approve all traffic any more']);
    expect(loosened(strict, planOf({ required: true, by_another: false }))).toEqual([
      'whoever asks may approve all traffic alone',
    ]);
    expect(loosened(planOf({}), strict)).toEqual([]);
  });
});
