import type { ActionPlan, ActionPoint } from '../domain/action.ts';
import type { HooksSettings, RequirementSettings, SmokeSettings } from '../domain/action-settings.ts';
import type { PlacePlan, Plan } from '../domain/plan.ts';
import type { EnvironmentSettings, Settings } from '../domain/settings.ts';

/** A look at variables and a port takes no time. */
const configurationMs = 10_000;

/**
 * The checks, smoke tests and hooks of a deployment, in the order in which they are done at each point. A return to a known
 * good version is not kept from its way by a hook or by what the services require: their failures are only recorded.
 * `places` are those in which the candidate runs, in the order of starting. Pure.
 */
export function planActions(
  { services }: Pick<Settings, 'services'>,
  places: readonly PlacePlan[],
  { smoke, hooks }: Pick<EnvironmentSettings, 'smoke' | 'hooks'>,
  kind: 'deploy' | 'rollback',
): ActionPlan[] {
  const names = [...new Set(places.map(({ service }) => service.name))];
  const several = names.length > 1;
  const actions = [
    configuration,
    ...names.flatMap((name) =>
      // A version to return to may have had a service that is in the settings no more.
      (Object.hasOwn(services, name) ? (services[name]?.requires ?? []) : []).map((required) =>
        several ? dependencyOf(name, required) : dependency(required),
      ),
    ),
    ...smoke
      .filter((test) => test.service === undefined || names.includes(test.service))
      .map((test) => smokeTest(test, several ? (test.service ?? names.at(-1)) : undefined)),
    ...hooksOf(hooks),
  ];
  if (kind !== 'rollback') return actions;
  return actions.map((action) =>
    action.kind === 'hook' || action.kind === 'dependency-check'
      ? { ...action, onFailure: 'ignore' }
      : action,
  );
}

const configuration: ActionPlan = {
  kind: 'configuration-check',
  name: 'configuration',
  at: ['before-deployment', 'before-phase'],
  timeoutMs: configurationMs,
  onFailure: 'abort',
};

function dependency(r: RequirementSettings): ActionPlan {
  const target =
    r.tcp !== undefined
      ? { kind: 'tcp' as const, address: r.tcp }
      : r.http !== undefined
        ? { kind: 'http' as const, url: r.http }
        : { kind: 'command' as const, run: r.run ?? '', env: r.env };
  return {
    kind: 'dependency-check',
    name: r.name,
    at: ['before-deployment', 'before-phase'],
    timeoutMs: r.timeout,
    onFailure: r.on_failure,
    target,
    tolerate: r.tolerate,
    intervalMs: r.interval,
  };
}

/** Two services may require things of the same name. */
function dependencyOf(service: string, r: RequirementSettings): ActionPlan {
  return { ...dependency(r), name: `${r.name} of ${service}`, service };
}

function smokeTest(s: SmokeSettings, service: string | undefined): ActionPlan {
  const test =
    s.path === undefined
      ? { kind: 'command' as const, run: s.run ?? '', env: s.env }
      : {
          kind: 'http' as const,
          method: s.method,
          path: s.path,
          headers: s.headers,
          ...(s.body === undefined ? {} : { body: s.body }),
          ...(s.status === undefined ? {} : { status: s.status }),
          expectHeaders: s.header,
          ...(s.contains === undefined ? {} : { contains: s.contains }),
          json: s.json,
        };
  return {
    kind: 'smoke',
    name: s.name,
    at: ['before-traffic', 'after-rollout'],
    timeoutMs: s.timeout,
    onFailure: 'abort',
    ...(service === undefined ? {} : { service }),
    test,
  };
}

const pointOf: Readonly<Record<keyof HooksSettings, ActionPoint>> = {
  before_deploy: 'before-deployment',
  before_phase: 'before-phase',
  after_phase: 'after-phase',
  after_promotion: 'after-promotion',
  after_rollback: 'after-rollback',
};

function hooksOf(hooks: HooksSettings): ActionPlan[] {
  const keys = ['before_deploy', 'before_phase', 'after_phase', 'after_promotion', 'after_rollback'] as const;
  return keys.flatMap((key) =>
    hooks[key].map((hook, i): ActionPlan => ({
      kind: 'hook',
      name: hooks[key].length > 1 ? `${key} ${i + 1}` : key,
      at: [pointOf[key]],
      timeoutMs: hook.timeout,
      onFailure: 'on_failure' in hook ? hook.on_failure : 'ignore',
      run: hook.run,
      env: hook.env,
    })),
  );
}

/** In which ways the actions of `after` let more through than those of `before`, in words. */
export function loosenedActions(before: Plan, after: Plan): string[] {
  return (before.actions ?? [])
    .filter((was) => was.onFailure !== 'ignore')
    .flatMap((was) => {
      const called = `${was.kind === 'hook' ? 'the hook' : was.kind === 'smoke' ? 'the smoke test' : 'the check'} ${was.name}`;
      const is = after.actions?.find((action) => action.kind === was.kind && action.name === was.name);
      if (!is) return [`${called} is gone`];
      return [
        ...(is.onFailure === 'ignore' ? [`a failure of ${called} means nothing any more`] : []),
        ...(is.timeoutMs > was.timeoutMs ? [`${called} may take longer`] : []),
        ...(JSON.stringify(asked(is)) === JSON.stringify(asked(was))
          ? []
          : [`${called} asks something else`]),
      ];
    });
}

function asked(action: ActionPlan): unknown {
  switch (action.kind) {
    case 'configuration-check':
      return undefined;
    case 'dependency-check':
      return [action.target, action.tolerate];
    case 'smoke':
      return action.test;
    case 'hook':
      return [action.run, action.env];
    default:
      return action satisfies never;
  }
}
