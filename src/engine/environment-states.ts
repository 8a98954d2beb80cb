import type { Deployment } from '../domain/deployment.ts';
import { placeSettingsOf } from '../domain/place-settings.ts';
import { candidatePlaces } from '../domain/places.ts';
import type { Settings } from '../domain/settings.ts';
import { deployedShas } from './deployed.ts';
import type { EnvironmentState } from './orchestrator.ts';
import type { ConductorPorts } from './ports.ts';
import { verificationOf } from './verifying.ts';
import { namedVersion, planInForce } from './versions.ts';

type LookPorts = Pick<ConductorPorts, 'git' | 'memory' | 'router' | 'platform'>;

/** What serves in every environment of the settings, as routers and processes really are. Reads only. */
export async function environmentStates(
  ports: LookPorts,
  settings: Settings,
  running: readonly Deployment[],
): Promise<EnvironmentState[]> {
  const [known, shas] = await Promise.all([ports.memory.environments(), deployedShas(ports.git)]);
  return Promise.all(
    Object.entries(settings.environments).map(async ([name, target]): Promise<EnvironmentState> => {
      const addresses = placeSettingsOf(settings, target);
      const plan = await planInForce(ports.memory, name);
      const places = await Promise.all(
        (plan ? candidatePlaces(plan) : []).map(async (place) => ({
          service: place.service.name,
          ...(place.region === undefined ? {} : { region: place.region }),
          url: urlOf(place),
          serving: await serves(ports, place.key),
        })),
      );
      const [first] = addresses;
      const sha = shas.get(name);
      const runs = Object.hasOwn(known, name) ? known[name] : undefined;
      const deployed =
        sha === undefined
          ? null
          : runs?.version.sha === sha
            ? runs.version
            : await namedVersion(ports.memory, name, sha);
      const lives = runs !== undefined && runs.version.sha === deployed?.sha;
      const verification = lives
        ? await verificationOf(ports, runs.deployment).catch(() => undefined)
        : undefined;
      return {
        name,
        description: target.description,
        url: places[0]?.url ?? (first ? urlOf(first) : ''),
        deployed,
        serving: places.length > 0 ? places.every(({ serving }) => serving) : await serves(ports, name),
        ...(places.length > 1 ? { places } : {}),
        active: running.find((d) => d.environment === name)?.id,
        ...(target.strategy === undefined ? {} : { strategy: target.strategy }),
        ...(runs && runs.version.sha === deployed?.sha
          ? { runs: { since: runs.since, deployment: runs.deployment, verified: runs.verified } }
          : {}),
        ...(verification === undefined ? {} : { verification }),
      };
    }),
  );
}

function urlOf({ host, port }: { host: string; port: number | undefined }): string {
  return `http://${host}:${port ?? ''}`;
}

async function serves({ router, platform }: LookPorts, key: string): Promise<boolean> {
  if (!(await router.alive(key))) return false;
  const { stable } = await router.read(key);
  if (!stable) return false;
  return (await platform.running(key)).some((i) => i.version.sha === stable.version.sha);
}
