import type { Actor } from '../domain/actor.ts';
import { OrchestraError, exitCode } from '../domain/errors.ts';
import type { GatesSettings } from '../domain/gate-settings.ts';
import type { Override } from '../domain/gate.ts';
import { nearest } from '../domain/nearest.ts';
import { safeText } from '../domain/safe-text.ts';
import { withoutSecrets } from '../domain/without-secrets.ts';
import { gates } from './registry.ts';

/** A gate that a person wants to let pass, and why. */
export interface AskedOverride {
  gate: string;
  why: string;
}

/** Characters of a reason that are kept. */
const longestReason = 500;

/**
 * The overrides as they go into a plan. Throws `unknown-gate` or `no-reason` (2), or `override-refused` (4) where nobody may let
 * failed tests pass: in what counts as `production`, unless its settings allow it.
 */
export function overridesOf(
  asked: readonly AskedOverride[],
  by: Actor,
  where: { environment: string; production: boolean; settings: GatesSettings },
): Override[] {
  const found = new Map<string, Override>();
  for (const { gate: named, why } of asked) {
    const { id } = knownGate(named);
    const reason = safeText(withoutSecrets(why.trim()), longestReason);
    if (reason === '')
      throw new OrchestraError('no-reason', `an override of ${id} needs a reason`, {
        exit: exitCode.usage,
        hint: `--override ${id}="why it may pass"; it is recorded`,
      });
    if (id === 'tests' && where.production && !where.settings.tests.override)
      throw new OrchestraError(
        'override-refused',
        `failed tests are let pass by nobody in ${where.environment}`,
        {
          exit: exitCode.gateRefused,
          hint: `mend the tests, or leave out what broke them; an environment that allows it says so: environments.${where.environment}.gates.tests.override: true`,
          details: { gate: id, environment: where.environment },
        },
      );
    found.set(id, { gate: id, by: safeText(by.name, 100), why: reason });
  }
  return [...found.values()];
}

function knownGate(name: string) {
  const gate = gates.find(({ id }) => id === name);
  if (gate) return gate;
  const known = gates.map(({ id }) => id);
  const near = nearest(name.replaceAll('-', '_'), known) ?? nearest(name, known);
  throw new OrchestraError('unknown-gate', `there is no gate ${safeText(name, 60)}`, {
    exit: exitCode.usage,
    hint: `${near === undefined ? '' : `did you mean ${near}? `}The gates are ${known.join(', ')}`,
    details: { gates: known },
  });
}
