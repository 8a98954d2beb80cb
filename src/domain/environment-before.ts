import type { Settings } from './settings.ts';

/** The environment that has to come first, or why none has to. */
export function environmentBefore(
  settings: Settings,
  environment: string,
  requireStaging: boolean,
): { before: string } | { none: string } {
  const own = Object.hasOwn(settings.environments, environment)
    ? settings.environments[environment]?.after
    : undefined;
  if (own !== undefined) return { before: own };
  if (!requireStaging) return { none: `nothing has to come before ${environment}` };
  if (!Object.hasOwn(settings.environments, 'staging'))
    return { none: 'orchestra.yaml has no environment staging' };
  const seen = new Set<string>();
  for (let at: string | undefined = 'staging'; at !== undefined && !seen.has(at);) {
    if (at === environment) return { none: `${environment} does not come after staging` };
    seen.add(at);
    at = settings.environments[at]?.after;
  }
  return { before: 'staging' };
}

/**
 * Whether an environment counts as production, where failed tests are let pass by nobody unless its settings allow it: the one
 * of that name, and every other that no environment comes after.
 */
export function isProduction(settings: Settings, environment: string, requireStaging: boolean): boolean {
  if (environment === 'production') return true;
  return !Object.keys(settings.environments).some((other) => {
    const found = other === environment ? undefined : environmentBefore(settings, other, requireStaging);
    return found !== undefined && 'before' in found && found.before === environment;
  });
}
