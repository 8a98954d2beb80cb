import { serviceOrder } from './service-order.ts';
import type { EnvironmentSettings, Settings } from './settings.ts';

/** Where one service of an environment is reached, as `orchestra.yaml` says. */
export interface PlaceSettings {
  service: string;
  region: string | undefined;
  host: string;
  /** Undefined where none is named: that is an error of the file. */
  port: number | undefined;
  /** How many copies of a version run here; undefined for as many as the service itself says. */
  instances: number | undefined;
  /** The environment's, the region's and its own; the later win. */
  variables: Record<string, string>;
}

/** Every place of an environment: region by region as written, within one every service behind those it depends on. */
export function placeSettingsOf(settings: Settings, environment: EnvironmentSettings): PlaceSettings[] {
  const sorted = serviceOrder(settings.services);
  const names = 'order' in sorted ? sorted.order : Object.keys(settings.services);
  const regions = environment.regions.length > 0 ? environment.regions : [undefined];
  return regions.flatMap((region) => {
    const own = (name: string) => (region ? lookUp(region.services, name) : undefined);
    const named = names.filter((name) => own(name)?.port ?? lookUp(environment.services, name)?.port);
    // The plain port is for the one service that has none of its own.
    const plain = names.length - named.length === 1 ? (region?.port ?? environment.port) : undefined;
    return names.map((service) => {
      const everywhere = lookUp(environment.services, service);
      const here = own(service);
      return {
        service,
        region: region?.name,
        host: here?.host ?? region?.host ?? everywhere?.host ?? environment.host,
        instances: here?.instances ?? everywhere?.instances ?? environment.instances,
        port: here?.port ?? everywhere?.port ?? plain,
        variables: {
          ...environment.variables,
          ...everywhere?.variables,
          ...region?.variables,
          ...here?.variables,
        },
      };
    });
  });
}

/** What the variables with a service's address begin with: `API` for `API_URL`. */
export function addressPrefix(service: string): string {
  return service.replaceAll('-', '_').toUpperCase();
}

function lookUp<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}
