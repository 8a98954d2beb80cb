import type { PlacePlan, ServicePlan } from '../domain/plan.ts';
import type { ServiceSettings } from '../domain/settings.ts';

/** What only a running copy has: a variable made of it cannot be there when a version is built once for all of them. */
const ofACopy = ['ORCHESTRA_ENVIRONMENT', 'ORCHESTRA_DATA_DIR', 'ORCHESTRA_INSTANCE', 'ORCHESTRA_COPY'];

/** How a service is built once for all environments: undefined where it is built in each, or has no build. */
export function sharedBuild(settings: ServiceSettings): ServicePlan['artifact'] {
  if (settings.build === undefined || settings.build_per_environment) return undefined;
  const own = [settings.port_env, ...ofACopy].map((name) => `\${${name}}`);
  const shared = Object.entries(settings.variables).filter(
    ([, value]) => !own.some((name) => value.includes(name)),
  );
  return {
    variables: Object.fromEntries(shared),
    ...(settings.outputs === undefined ? {} : { outputs: settings.outputs }),
  };
}

/** What a person should know of how the services are built, before they say yes. */
export function artifactNotes(environment: string, places: readonly PlacePlan[]): string[] {
  const services = new Map<string, { service: ServicePlan; own: Set<string> }>();
  for (const { service, variables, retired } of places) {
    if (retired || service.build === undefined) continue;
    const known = services.get(service.name) ?? { service, own: new Set<string>() };
    const shared = service.artifact?.variables ?? {};
    const names = [...Object.keys(variables), ...Object.keys(service.variables)];
    for (const name of names)
      if (!Object.hasOwn(shared, name) || Object.hasOwn(variables, name)) known.own.add(name);
    services.set(service.name, known);
  }
  return [...services].flatMap(([name, { service, own }]) => {
    if (!service.artifact)
      return [
        `${name} is built in ${environment} itself, with its variables (build_per_environment): other environments run other bytes.`,
      ];
    if (own.size === 0) return [];
    return [
      `${name} is built once, and every environment runs the same bytes: its build does not see ${[...own].toSorted().join(', ')} of ${environment}. Where it needs them, set build_per_environment: true for the service.`,
    ];
  });
}
