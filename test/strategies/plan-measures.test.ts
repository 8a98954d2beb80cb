import { describe, expect, it } from 'vitest';
import { measurePlanSchema } from '../../src/domain/measure.ts';
import { settingsSchema } from '../../src/domain/settings.ts';
import { assemblePlan, loosened, type PlanRequest } from '../../src/strategies/plan.ts';
import { diffSettings } from '../../src/engine/settings-diff.ts';

const orders = {
  name: 'orders',
  source: 'command',
  run: ['./orders', '--of={{version}}'],
  env: ['ORDERS_KEY'],
  compare: 'baseline',
  business: true,
};

const settingsOf = (...metrics: object[]) =>
  settingsSchema.parse({
    version: 1,
    project: 'shop',
    services: { web: { start: 'node app.mjs' } },
    environments: { production: { port: 4999, metrics } },
  });

function planOf(metrics: object[], kind: PlanRequest['kind'] = 'deploy') {
  const settings = settingsOf(...metrics);
  const target = settings.environments['production'];
  if (!target) throw new TypeError('no environment');
  return assemblePlan({
    settings,
    settingsHash: 'h',
    environment: 'production',
    target,
    kind,
    stable: 'v1',
    candidate: 'v2',
    flag: 'canary',
    risk: 'medium',
    autoRollbackThreshold: 5,
    productionBranch: undefined,
  });
}

describe('the measures of a plan', () => {
  it('T2 are frozen as they are configured, and survive the journal', () => {
    const [measure] = planOf([orders]).measures ?? [];
    expect(measure).toMatchObject({
      source: { kind: 'command', run: ['./orders', '--of={{version}}'], env: ['ORDERS_KEY'] },
      forMs: 300_000,
    });
    expect(measurePlanSchema.parse(JSON.parse(JSON.stringify(measure)))).toEqual(measure);
  });

  it('G4 a business measure may drop by 10 % where nothing else is said', () => {
    expect(planOf([orders]).measures?.[0]?.maxDrop).toBe(10);
    expect(planOf([{ ...orders, max_drop: 25 }]).measures?.[0]?.maxDrop).toBe(25);
    expect(planOf([{ ...orders, max_increase: 25 }]).measures?.[0]?.maxDrop).toBeUndefined();
  });

  it('are none where none is configured, and on a return to an earlier version', () => {
    expect(planOf([])).not.toHaveProperty('measures');
    expect(planOf([orders], 'rollback')).not.toHaveProperty('measures');
  });

  it.each([
    [{ ...orders, max_drop: 20 }, 'the measure orders may drop further'],
    [{ ...orders, dry_run: true }, 'the measure orders decides nothing any more'],
    [{ ...orders, for: '1h' }, 'a breach of orders may last longer'],
    [{ ...orders, name: 'others' }, 'the measure orders is gone'],
    [{ ...orders, run: ['true'] }, 'the measure orders asks something else'],
    [{ ...orders, business: false, max_drop: 10 }, 'a breach of orders no longer pauses at once'],
  ])('are said to be looser than before with %j', (after, words) => {
    expect(loosened(planOf([orders]), planOf([after]))).toEqual([words]);
  });

  it('may be stricter without a word', () => {
    const trial = { ...orders, dry_run: true };
    expect(loosened(planOf([trial]), planOf([orders]))).toEqual([]);
    expect(loosened(planOf([{ ...orders, max_drop: 20 }]), planOf([orders]))).toEqual([]);
    expect(loosened(planOf([]), planOf([orders]))).toEqual([]);
  });

  it('G5 name the variables that a deployment newly needs', () => {
    expect(diffSettings(settingsOf(), settingsOf(orders), 'production').variables).toEqual(['ORDERS_KEY']);
  });
});
