import { addressPrefix, placeSettingsOf, type PlaceSettings } from '../domain/place-settings.ts';
import type { PlacePlan, Plan, ServicePlan } from '../domain/plan.ts';
import { placesOf } from '../domain/places.ts';
import type { EnvironmentSettings, ServiceSettings, Settings } from '../domain/settings.ts';
import { sharedBuild } from './plan-artifact.ts';

/** What every place of an environment is, and how it fits what runs there. */
export interface PlacesRequest {
  settings: Settings;
  environment: string;
  target: EnvironmentSettings;
  /** Something serves already. */
  serves: boolean;
  /** What the newest deployment that succeeded there did; undefined where that is not known. */
  before: Plan | undefined;
}

/**
 * The places of a deployment, in the order of starting; never none. A place that runs already keeps its key when others
 * come or go, so its router and processes are found again; one that is not in the settings any more is retired.
 */
export function planPlaces({ settings, environment, target, serves, before }: PlacesRequest): PlacePlan[] {
  const wanted = placeSettingsOf(settings, target);
  const running = before ? placesOf(before).filter(({ retired }) => retired !== true) : [];
  const keys = keysFor(environment, wanted, running);
  const places = wanted.map((place, i): PlacePlan => {
    const key = keys[i] ?? environment;
    const service = settings.services[place.service];
    if (!service || place.port === undefined) throw new TypeError(`settings without ${place.service}`);
    const addresses = addressesFor(
      service,
      wanted.filter((other) => other.region === place.region),
    );
    return {
      key,
      ...(place.region === undefined ? {} : { region: place.region }),
      host: place.host,
      port: place.port,
      service: servicePlan(place.service, service, addresses, place.instances ?? service.instances),
      variables: place.variables,
      ...(serves && before && !running.some((r) => r.key === key) ? { fresh: true as const } : {}),
    };
  });
  const left = running.filter(({ key }) => !keys.includes(key));
  return [...places, ...left.map(retired)];
}

/** The places of a return to what `then` deployed, where `now` runs: as they were run, reached where they are now. */
export function placesAgain(now: readonly PlacePlan[], then: Plan): PlacePlan[] {
  const again = placesOf(then).filter(({ retired }) => retired !== true);
  const serving = now.filter(({ fresh }) => fresh !== true);
  const back = again.map((place): PlacePlan => {
    const here = serving.find(({ key }) => key === place.key);
    const { fresh: _, ...known } = place;
    return here ? { ...known, host: here.host, port: here.port } : { ...known, fresh: true };
  });
  const left = serving.filter(({ key }) => !again.some((place) => place.key === key));
  return [...back, ...left.map(retired)];
}

/** What a plan says of its places: the list where it is needed, and the first as the plan's own. */
export function placeFields(
  environment: string,
  places: readonly PlacePlan[],
): Pick<Plan, 'host' | 'port' | 'service' | 'variables' | 'places'> {
  const [first, ...rest] = places;
  if (!first) throw new TypeError('a plan without a place');
  const { host, port, service, variables } = first;
  const alone = rest.length === 0 && first.key === environment && first.region === undefined && !first.fresh;
  return { host, port, service, variables, ...(alone ? {} : { places: [...places] }) };
}

function retired(place: PlacePlan): PlacePlan {
  const { fresh: _, ...known } = place;
  return { ...known, retired: true };
}

function keysFor(
  environment: string,
  wanted: readonly PlaceSettings[],
  running: readonly PlacePlan[],
): string[] {
  const alone = wanted.length === 1 && wanted[0]?.region === undefined;
  const used = new Set<string>();
  const take = (key: string | undefined) => {
    if (key === undefined || used.has(key)) return undefined;
    used.add(key);
    return key;
  };
  const same = wanted.map((place) =>
    take(running.find((r) => r.service.name === place.service && r.region === place.region)?.key),
  );
  // A region that was given a name, or another one, is still where its users are.
  const moved = wanted.map(
    (place, i) =>
      same[i] ??
      take(
        running.find(
          (r) =>
            r.service.name === place.service &&
            r.host === place.host &&
            r.port === place.port &&
            !used.has(r.key),
        )?.key,
      ),
  );
  return wanted.map((place, i) => {
    const own = alone ? environment : [environment, place.region, place.service].filter((p) => p).join('.');
    const found = moved[i] ?? take(own);
    if (found !== undefined) return found;
    // Somebody else's place goes by this name since before it was renamed.
    for (let n = 2; ; n += 1) {
      const free = take(`${own}-${n}`);
      if (free !== undefined) return free;
    }
  });
}

/** Where the services that one depends on are reached, as variables: their routers' addresses. */
function addressesFor(service: ServiceSettings, siblings: readonly PlaceSettings[]): Record<string, string> {
  const told: Record<string, string> = {};
  for (const { service: name, host, port } of siblings) {
    if (!service.depends_on.includes(name)) continue;
    const reached = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
    const prefix = addressPrefix(name);
    told[`${prefix}_URL`] = `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
    told[`${prefix}_HOST`] = reached;
    told[`${prefix}_PORT`] = String(port);
  }
  return told;
}

function servicePlan(
  name: string,
  s: ServiceSettings,
  addresses: Record<string, string>,
  copies: number,
): ServicePlan {
  const artifact = sharedBuild(s);
  return {
    name,
    ...(s.install === undefined ? {} : { install: s.install }),
    ...(s.build === undefined ? {} : { build: s.build }),
    start: s.start,
    ...(s.migrate === undefined ? {} : { migrate: s.migrate }),
    ...(s.migrate_down === undefined ? {} : { migrateDown: s.migrate_down }),
    portEnv: s.port_env,
    health: {
      path: s.health.path,
      ...(s.health.version_path === undefined ? {} : { versionPath: s.health.version_path }),
      intervalMs: s.health.interval,
      timeoutMs: s.health.timeout,
    },
    variables: { ...addresses, ...s.variables },
    stopTimeoutMs: s.stop_timeout,
    ...(copies > 1 ? { instances: copies } : {}),
    ...(artifact === undefined ? {} : { artifact }),
  };
}
