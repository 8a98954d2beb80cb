import type { Plan } from '../../src/domain/plan.ts';
import { settingsSchema } from '../../src/domain/settings.ts';
import { showPlan } from '../../src/faces/cli/show-plan.ts';
import { assemblePlan, type PlanRequest } from '../../src/strategies/plan.ts';

/** Settings of one service, or of these, with this environment, as they parse. */
export function settingsWith(environment: object, services: object = { web: { start: 'node app.mjs' } }) {
  return settingsSchema.safeParse({
    version: 1,
    project: 'shop',
    services,
    environments: { production: { port: 4999, ...environment } },
  });
}

/** The plan of a deployment from v1 to v2 in that environment, of one service or of these. */
export function planOf(environment: object, change: Partial<PlanRequest> = {}, services?: object): Plan {
  const settings = settingsWith(environment, services).data;
  const target = settings?.environments['production'];
  if (!settings || !target) throw new TypeError('settings that do not parse');
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

/** What `--dry-run` prints of it. */
export function shown(plan: Plan): string {
  return showPlan({
    kind: 'deploy',
    environment: 'production',
    stable: { sha: 'a'.repeat(40), name: 'v1' },
    source: { kind: 'version', ref: 'v2', sha: 'b'.repeat(40), features: [] },
    features: [],
    plan,
  }).join('\n');
}
