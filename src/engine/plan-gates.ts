import type { Actor } from '../domain/actor.ts';
import { environmentBefore, isProduction } from '../domain/environment-before.ts';
import type { Plan } from '../domain/plan.ts';
import type { Settings } from '../domain/settings.ts';
import type { SignOff } from '../domain/sign-off.ts';
import { isFor } from '../domain/sign-offs-now.ts';
import { type AskedOverride, overridesOf } from '../gates/overrides.ts';

interface Frozen {
  settings: Settings;
  /** `user_preferences.require_staging`. */
  requireStaging: boolean;
  overrides: readonly AskedOverride[];
  by: Actor | undefined;
  /** Every sign-off that was given for the environment. */
  signOffs: readonly SignOff[];
  candidate: { tree?: string; sha?: string };
}

/** The plan with all that its gates go by, frozen. Pure. Throws as `overridesOf` does. */
export function withGates(plan: Plan, frozen: Frozen): Plan {
  if (!plan.gates) return plan;
  const { environment } = plan;
  const { settings, requireStaging, candidate } = frozen;
  const production = isProduction(settings, environment, requireStaging);
  const own = plan.gates.settings;
  const strict = production && !own.tests.override && own.tests.severity !== 'blocking';
  const overrides = overridesOf(frozen.overrides, frozen.by ?? nobody, {
    environment,
    production,
    settings: own,
  });
  const signOffs = frozen.signOffs.filter((signOff) => isFor(signOff, candidate));
  return {
    ...plan,
    gates: {
      settings: strict ? { ...own, tests: { ...own.tests, severity: 'blocking' } } : own,
      overrides,
      comesAfter: environmentBefore(settings, environment, requireStaging),
      ...(signOffs.length > 0 ? { signOffs } : {}),
    },
    notes: [
      ...plan.notes,
      ...(strict
        ? [
            `Failed tests stop it although gates.tests.severity is ${own.tests.severity}: ${environment} counts as production (gates.tests.override: true allows it).`,
          ]
        : []),
      ...overrides.map(
        ({ gate, by, why }) => `The gate ${gate} does not stop it, at the word of ${by}: ${why}.`,
      ),
    ],
  };
}

const nobody: Actor = { name: 'nobody', face: 'cli' };
