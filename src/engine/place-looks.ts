import { candidatePlaces } from '../domain/places.ts';
import { copiesOf, type PlacePlan, type Plan } from '../domain/plan.ts';
import type { Platform } from '../ports/platform.ts';
import type { TrafficRouter } from '../ports/router.ts';
import type { PlaceLook } from './environment-report.ts';

/** How long a router or process may take to answer, in milliseconds: who looks around waits for nobody longer. */
const answerMs = 2000;

export interface LookPorts {
  router: Pick<TrafficRouter, 'alive' | 'read'>;
  platform: Pick<Platform, 'running' | 'healthy' | 'versionAt'>;
}

/** Every place of the plan in force as it really is now. Reads only. */
export function lookAtPlaces(ports: LookPorts, plan: Plan): Promise<PlaceLook[]> {
  return Promise.all(candidatePlaces(plan).map((place) => within(answerMs, lookAt(ports, place), place.key)));
}

async function lookAt({ router, platform }: LookPorts, place: PlacePlan): Promise<PlaceLook> {
  const { key, service, region, host, port } = place;
  const [state, running] = await Promise.all([
    router.alive(key).then((alive) => (alive ? router.read(key) : undefined)),
    platform.running(key),
  ]);
  const copies = await Promise.all(
    running.map(async (instance) => ({
      version: instance.version,
      pid: instance.pid,
      port: instance.port,
      healthy: await platform.healthy(instance, service).catch(() => false),
    })),
  );
  const { versionPath } = service.health;
  const answer =
    versionPath !== undefined && state?.stable
      ? await platform.versionAt({ host, port }, service, AbortSignal.timeout(answerMs / 2))
      : undefined;
  return {
    key,
    service: service.name,
    ...(region === undefined ? {} : { region }),
    url: `http://${host}:${port}`,
    router: state && {
      stable: state.stable?.version ?? null,
      candidate: state.candidate?.version ?? null,
      weight: state.weight,
    },
    copies,
    wanted: copiesOf(service),
    ...(versionPath !== undefined && state?.stable ? { asked: { path: versionPath, answer } } : {}),
  };
}

/** The result, or an error once the time is over; what was begun is left to end by itself. */
async function within<T>(ms: number, work: Promise<T>, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      work,
      new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`${what} did not answer within ${ms / 1000} s`)), ms);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}
