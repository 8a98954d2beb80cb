import type { Deployment } from '../domain/deployment.ts';
import { sameCohort } from '../domain/cohort.ts';
import { OrchestraError } from '../domain/errors.ts';
import type { EventBody } from '../domain/event.ts';
import {
  candidatePlaces,
  firstPlace,
  placesMoved,
  placesOf,
  saidOf,
  sharesAt,
  type Share,
} from '../domain/places.ts';
import type { PlacePlan } from '../domain/plan.ts';
import type { Instance } from '../ports/platform.ts';
import type { Route } from '../ports/router.ts';
import { saysVersion, wrongVersionText } from '../domain/says-version.ts';
import { fastForward, recordDeployed } from './deployed.ts';
import type { ConductorPorts } from './ports.ts';
import { candidateRoute, drainMs, routeTo, stableIn, versionOf, type Rollout } from './rollout.ts';
/** Starts the candidate beside stable in every place, dependencies first, and puts it behind the routers with no traffic yet. */
export async function startCandidate(rollout: Rollout): Promise<EventBody> {
  const { deployment: d, effect } = rollout;
  const version = versionOf(d.candidate);
  const started: { place: PlacePlan; instance: Instance }[] = [];
  for (const place of candidatePlaces(d.plan)) {
    started.push({ place, instance: await startIn(rollout, place) });
  }
  const [first] = started;
  if (!first) throw new TypeError('a plan without a place for the candidate');
  const ports = started.map(({ place, instance }) => saidOf(d.plan, place.key, `port ${instance.port}`));
  return {
    type: 'candidate.started',
    effect,
    port: first.instance.port,
    pid: first.instance.pid,
    detail: `${version.name} answers its health check on ${ports.join(', ')}`,
  };
}

async function startIn(
  { ports, deployment: d, fence, signal }: Rollout,
  place: PlacePlan,
): Promise<Instance> {
  const instance = await ports.platform.start(
    {
      environment: place.key,
      version: versionOf(d.candidate),
      service: place.service,
      variables: place.variables,
      fence,
      signal,
      onProgress: (line) => ports.log(saidOf(d.plan, place.key, `candidate: ${line}`)),
    },
    { migrate: d.kind === 'deploy' },
  );
  const state = await ports.router.read(place.key);
  // Where nothing else serves, those that depend on it must find it at once, and no user has anything to lose.
  await ports.router.change(place.key, {
    stable: state.stable,
    candidate: routeTo(instance),
    weight: place.fresh ? 100 : 0,
    rollout: rolloutOf(d),
    fence,
  });
  return instance;
}

/** Gives the candidate its share in every place: also in those that an earlier phase moved, where a person skipped that. */
export async function setWeight(rollout: Rollout, phase: number): Promise<EventBody> {
  const { deployment: d, effect } = rollout;
  const wanted = sharesAt(d.plan, phase);
  const actual: Record<string, number> = {};
  for (const [key, share] of wanted) actual[key] = await setShareIn(rollout, key, share);
  const [first = firstPlace(d.plan)] = placesMoved(d.plan, phase);
  return {
    type: 'weight.set',
    effect,
    phase,
    wanted: wanted.get(first)?.weight ?? 0,
    actual: actual[first] ?? 0,
    ...(wanted.size > 1 ? { places: actual } : {}),
  };
}

async function setShareIn(
  { ports, deployment: d, fence }: Rollout,
  key: string,
  { weight, cohort }: Share,
): Promise<number> {
  const state = await ports.router.read(key);
  const ours = state.candidate?.version.sha === versionOf(d.candidate).sha ? state.candidate : null;
  const candidate = ours ?? (await candidateRoute(ports, d, key));
  const after = await ports.router.change(key, {
    stable: state.stable,
    candidate,
    weight,
    ...(cohort ? { cohort } : {}),
    rollout: rolloutOf(d),
    fence,
  });
  if (after.candidate?.version.sha !== candidate.version.sha || Math.abs(after.weight - weight) > 0.5) {
    throw new OrchestraError(
      'router-disagrees',
      saidOf(d.plan, key, `the router was told ${weight} % and says ${after.weight} %`),
      {
        hint: 'something else changes this router; the deployment goes back to stable',
      },
    );
  }
  if (!sameCohort(after.cohort, cohort)) {
    throw new OrchestraError(
      'router-disagrees',
      saidOf(d.plan, key, 'the router shows the candidate to others than it was told to'),
      {
        hint: 'this router cannot keep a cohort, or something else changes it; the deployment goes back to stable',
      },
    );
  }
  return after.weight;
}

/** REQUIREMENTS G3: in every place the version that should run is the one that runs, healthy, with all traffic. */
export async function verify(rollout: Rollout): Promise<EventBody> {
  const { deployment: d, effect } = rollout;
  const { name } = versionOf(d.candidate);
  const pids: string[] = [];
  for (const place of candidatePlaces(d.plan)) {
    const { pid } = await verifyIn(rollout, place);
    pids.push(saidOf(d.plan, place.key, `pid ${pid}`));
  }
  const detail = `${name} runs as ${pids.join(', ')}, is healthy and has all traffic`;
  return { type: 'verified', effect, detail };
}

async function verifyIn({ ports, deployment: d }: Rollout, place: PlacePlan): Promise<Instance> {
  const version = versionOf(d.candidate);
  const state = await ports.router.read(place.key);
  const takesAll =
    state.candidate?.version.sha === version.sha
      ? state.weight === 100 && !state.cohort
      : state.stable?.version.sha === version.sha;
  if (!takesAll) {
    const serving = state.stable?.version.name ?? 'nothing';
    throw new OrchestraError(
      'wrong-version',
      saidOf(
        d.plan,
        place.key,
        `the router does not send all traffic to ${version.name}; stable is ${serving}`,
      ),
      {
        hint: 'something else changed the router; the deployment goes back to stable',
      },
    );
  }
  const instance = (await ports.platform.running(place.key)).find((i) => i.version.sha === version.sha);
  if (!instance || !(await ports.platform.healthy(instance, place.service))) {
    throw new OrchestraError(
      'unhealthy',
      saidOf(d.plan, place.key, `${version.name} does not answer its health check after the rollout`),
      {
        hint: 'see its log',
      },
    );
  }
  await answersAsItself(ports, d, place);
  return instance;
}

/** Asks as a user does, through the router, which version answers, where the service says so. */
async function answersAsItself(ports: ConductorPorts, d: Deployment, place: PlacePlan): Promise<void> {
  const { host, port, service } = place;
  const path = service.health.versionPath;
  if (path === undefined) return;
  const own = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const answer = await ports.platform.versionAt({ host: own, port }, service);
  const version = versionOf(d.candidate);
  if (answer !== undefined && saysVersion(answer, version)) return;
  const where = saidOf(d.plan, place.key, `GET ${path} through the router`);
  throw new OrchestraError('wrong-version', wrongVersionText(where, answer, version), {
    hint: 'another process answers on its port, or its build is an old one; the deployment goes back to stable',
  });
}

/** The candidate becomes stable, everywhere; the record says so only then. Whoever takes this over does all of it again. */
export async function promote({ ports, deployment: d, effect, fence }: Rollout): Promise<EventBody> {
  const version = versionOf(d.candidate);
  const places = placesOf(d.plan);
  // A place that lost its candidate keeps all others from being promoted.
  const routes = new Map<string, Route>();
  for (const { key } of candidatePlaces(d.plan)) routes.set(key, await candidateRoute(ports, d, key));
  for (const { key, retired } of places) {
    // What left the settings may have lost its router too: then nobody reaches it anyway.
    if (retired && !(await ports.router.alive(key))) continue;
    await ports.router.change(key, {
      stable: routes.get(key) ?? null,
      candidate: null,
      weight: 0,
      rollout: null,
      fence,
    });
  }
  await recordDeployed(ports.git, d.environment, version.sha);
  return { type: 'promoted', effect, version };
}

/** Lets requests finish, keeps the version before warm for an instant rollback, stops everything older. */
export async function cleanUp(rollout: Rollout): Promise<EventBody> {
  const { ports, deployment: d, effect } = rollout;
  const version = versionOf(d.candidate);
  const told = await Promise.all(
    placesOf(d.plan).map(async (place) =>
      (await cleanUpIn(rollout, place)).map((line) => saidOf(d.plan, place.key, line)),
    ),
  );
  const words = told.flat();
  if (d.plan.afterPromotion === 'fast-forward' && d.plan.productionBranch !== undefined) {
    words.push(await fastForward(ports.git, d.plan.productionBranch, version.sha));
  }
  return { type: 'cleaned', effect, detail: words.join('; ') || 'nothing to clean up' };
}

async function cleanUpIn({ ports, deployment: d, fence }: Rollout, place: PlacePlan): Promise<string[]> {
  const { sha } = versionOf(d.candidate);
  const words: string[] = [];
  const before = stableIn(d, place);
  const replaced = before && (before.sha !== sha || place.retired) ? before : undefined;
  if (replaced && (!place.retired || (await ports.router.alive(place.key)))) {
    const left = await ports.router.drain(place.key, replaced.sha, drainMs);
    words.push(
      left === 0 ? 'the old side is drained' : `${left} requests were still under way on the old side`,
    );
  }
  const keep = new Set(place.retired ? [] : [sha, before?.sha]);
  for (const instance of await ports.platform.running(place.key)) {
    if (keep.has(instance.version.sha)) continue;
    await ports.platform.stop(place.key, instance.version.sha, fence);
    words.push(`${instance.version.name} was stopped`);
  }
  if (replaced && !place.retired) words.push(`${replaced.name} keeps running for an instant rollback`);
  return words;
}

/**
 * On whose behalf the candidate gets traffic: the router's dead man's switch watches over that. A return to a known
 * good version is not watched: when its conductor dies, traffic must not fall back to what was to be left.
 */
function rolloutOf(d: Deployment): string | null {
  return d.kind === 'rollback' ? null : d.id;
}
