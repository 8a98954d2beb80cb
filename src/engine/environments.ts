import { OrchestraError, exitCode } from '../domain/errors.ts';
import type { EnvironmentSettings, Settings } from '../domain/settings.ts';

/** The environment that is meant: the named one, or the only one. Throws `unknown-environment` (78), or code `which-environment` (2). */
export function environmentNamed(
  settings: Settings,
  name: string | undefined,
): { name: string; target: EnvironmentSettings } {
  const names = Object.keys(settings.environments);
  const chosen = name ?? (names.length === 1 ? names[0] : undefined);
  if (chosen === undefined) {
    throw new OrchestraError('which-environment', 'which environment is not said', {
      exit: exitCode.usage,
      hint: `name one of: ${names.join(', ')}`,
    });
  }
  const target = Object.hasOwn(settings.environments, chosen) ? settings.environments[chosen] : undefined;
  if (target) return { name: chosen, target };
  throw new OrchestraError(
    'unknown-environment',
    `there is no environment ${JSON.stringify(chosen.slice(0, 60))}`,
    {
      exit: exitCode.config,
      hint: `orchestra.yaml has: ${names.join(', ')}`,
    },
  );
}
