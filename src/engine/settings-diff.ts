import { parseDuration } from '../domain/duration.ts';
import { safeText } from '../domain/safe-text.ts';
import type { Settings } from '../domain/settings.ts';
import { parseSize } from '../domain/size-setting.ts';
import { assemblePlan, loosened } from '../strategies/plan.ts';
import { asWritten } from './as-written.ts';
import type { DeployDiff } from './deploy-diff.ts';

/** What `orchestra.yaml` says otherwise for an environment than it did; `before` is undefined where it said nothing. */
export function diffSettings(
  before: Settings | undefined,
  after: Settings,
  environment: string,
): Pick<DeployDiff, 'settings' | 'variables'> {
  const [was, is] = [
    before ? leaves(asWritten(before)) : new Map<string, string>(),
    leaves(asWritten(after)),
  ];
  const keys = before ? [...new Set([...was.keys(), ...is.keys()])] : [];
  return {
    settings: {
      changed: keys
        .filter((key) => was.get(key) !== is.get(key))
        .map((key) => ({ key: safeText(key, 200), before: shown(key, was), after: shown(key, is) })),
      loosened: before ? looser(before, after, environment) : [],
    },
    variables: [...wanted(after, environment)].filter(
      (name) => !before || !wanted(before, environment).has(name),
    ),
  };
}

/** Values by their path, `environments.production.port`; a list is one value. */
function leaves(value: unknown, path = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return value === undefined ? new Map<string, string>() : new Map([[path, leafText(value)]]);
  return new Map(
    Object.entries(value).flatMap(([key, child]) => [...leaves(child, path === '' ? key : `${path}.${key}`)]),
  );
}

/** A leaf as JSON, so that `"1"` is not 1; sizes and durations need no quotes to be told. */
function leafText(value: unknown): string {
  const bare = typeof value === 'string' && (parseDuration(value) ?? parseSize(value)) !== undefined;
  return bare ? value : JSON.stringify(value);
}

/** A value for people; a variable may hold a secret that somebody wrote down, so only that it changed is said. */
function shown(key: string, values: ReadonlyMap<string, string>): string | null {
  const value = values.get(key);
  if (value === undefined) return null;
  return /(?:^|\.)variables\./u.test(key) ? '(not shown)' : safeText(value, 200);
}

function looser(before: Settings, after: Settings, environment: string): string[] {
  const [was, is] = [before, after].map((settings) => {
    const target = Object.hasOwn(settings.environments, environment)
      ? settings.environments[environment]
      : undefined;
    return (
      target &&
      assemblePlan({
        settings,
        settingsHash: '',
        environment,
        target,
        kind: 'deploy',
        stable: 'stable',
        candidate: 'candidate',
        flag: undefined,
        risk: 'low',
        autoRollbackThreshold: Number.MAX_SAFE_INTEGER,
        productionBranch: undefined,
      })
    );
  });
  return was && is ? loosened(was, is) : [];
}

/** The variables an environment's settings are filled in from. */
function wanted(settings: Settings, environment: string): Set<string> {
  const target = Object.hasOwn(settings.environments, environment)
    ? settings.environments[environment]
    : undefined;
  const services = Object.values(settings.services);
  const requires = services.flatMap((service) => service.requires);
  const smoke = target?.smoke ?? [];
  const hooks = target ? Object.values(target.hooks).flat() : [];
  const written = [
    ...services.flatMap(({ variables }) => Object.values(variables)),
    ...Object.values(target?.variables ?? {}),
    ...requires.flatMap(({ tcp = '', http = '' }) => [tcp, http]),
    ...smoke.flatMap(({ headers, body = '' }) => [...Object.values(headers), body]),
  ];
  const names = written.flatMap((text) =>
    [...text.matchAll(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/gu)].map(([, name = '']) => name),
  );
  const measured = (target?.metrics ?? []).flatMap(({ token_env: token, env }) => [
    ...(token === undefined ? [] : [token]),
    ...env,
  ]);
  const told = [
    ...requires,
    ...smoke,
    ...hooks,
    ...(target?.['feature-flag'] ? [target['feature-flag']] : []),
  ];
  return new Set([...names, ...measured, ...told.flatMap(({ env }) => env)]);
}
