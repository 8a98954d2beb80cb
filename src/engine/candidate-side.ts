import { versionWords } from '../domain/version-words.ts';
import type { Deployment } from '../domain/deployment.ts';
import { formatDuration } from '../domain/duration.ts';
import { sameCohort } from '../domain/cohort.ts';
import { OrchestraError } from '../domain/errors.ts';
import type { EventBody } from '../domain/event.ts';
import { candidateCopies } from '../domain/place-copies.ts';
import {
  candidatePlaces,
  firstPlace,
  placesMoved,
  placesOf,
  saidOf,
  sharesAt,
  type Share,
} from '../domain/places.ts';
import { copiesOf, type PlacePlan } from '../domain/plan.ts';
import type { Instance } from '../ports/platform.ts';
import type { Route } from '../ports/router.ts';
import { saysVersion, wrongVersionText } from '../domain/says-version.ts';
import { requireArtifact } from './artifact-side.ts';
import { fastForward, recordDeployed } from './deployed.ts';
import { healthyAmong } from './observe.ts';
import { undoMigrations } from './undo-migrations.ts';
import type { ConductorPorts } from './ports.ts';
import {
  candidateRequest,
  candidateRoute,
  drainMs,
  rolloutOf,
  routeTo,
  runningCopies,
  stableIn,
  versionOf,
  type Rollout,
} from './rollout.ts';

/** Starts the candidate beside stable in every place, dependencies first, and puts it behind the routers with no traffic yet. */
export async function startCandidate(rollout: Rollout): Promise<EventBody> {
  const { deployment: d, effect } = rollout;
  await requireArtifact(rollout);
  const version = versionOf(d.candidate);
  const started: { place: PlacePlan; instances: Instance[] }[] = [];
  for (const place of candidatePlaces(d.plan)) {
    started.push({ place, instances: await startIn(rollout, place) });
  }
  const first = started[0]?.instances[0];
  if (!first) throw new TypeError('a plan without a place for the candidate');
  const listening = started.map(({ place, instances }) => {
    const ports = instances.map(({ port }) => port).join(', ');
    return saidOf(d.plan, place.key, `${instances.length > 1 ? 'ports' : 'port'} ${ports}`);
  });
  const detail = `${version.name} answers its health check on ${listening.join(', ')}`;
  return { type: 'candidate.started', effect, port: first.port, pid: first.pid, detail };
}

async function startIn(rollout: Rollout, place: PlacePlan): Promise<Instance[]> {
  const { ports, deployment: d, fence } = rollout;
  const request = candidateRequest(rollout, place);
  const copies = candidateCopies(d.plan, d.phases[d.phase], place);
  const instance = await ports.platform.start(request, { migrate: d.kind === 'deploy' });
  const instances = copies > 1 ? await ports.platform.scale(request, copies) : [instance];
  const state = await ports.router.read(place.key);
  // Where nothing else serves, those that depend on it must find it at once, and no user has anything to lose.
  await ports.router.change(place.key, {
    stable: state.stable,
    candidate: routeTo(instances),
    weight: place.fresh ? 100 : 0,
    rollout: rolloutOf(d),
    fence,
  });
  return instances;
}

/** Installs and builds the candidate in every place while stable serves: it will be started only once there is room for it. */
export async function prepareCandidate(rollout: Rollout): Promise<EventBody> {
  const { ports, deployment: d, effect } = rollout;
  await requireArtifact(rollout);
  for (const place of candidatePlaces(d.plan)) await ports.platform.prepare(candidateRequest(rollout, place));
  const { name } = versionOf(d.candidate);
  return { type: 'candidate.prepared', effect, detail: `${name} is ready to be started` };
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
  const candidate = ours ?? (await candidateRoute(ports, d, { key }));
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
    const instances = await verifyIn(rollout, place);
    pids.push(saidOf(d.plan, place.key, `pid ${instances.map(({ pid }) => pid).join(', ')}`));
  }
  const detail = `${name} runs as ${pids.join(', ')}, is healthy and has all traffic`;
  return { type: 'verified', effect, detail };
}

async function verifyIn({ ports, deployment: d }: Rollout, place: PlacePlan): Promise<Instance[]> {
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
  const wanted = copiesOf(place.service);
  const instances = await runningCopies(ports, place, version);
  const healthy = await healthyAmong(ports, place, instances);
  if (healthy < wanted) {
    const what = wanted === 1 ? version.name : `${wanted - healthy} of ${wanted} copies of ${version.name}`;
    throw new OrchestraError(
      'unhealthy',
      saidOf(
        d.plan,
        place.key,
        `${what} ${wanted - healthy === 1 ? 'does' : 'do'} not answer the health check after the rollout`,
      ),
      {
        hint: 'see its log',
      },
    );
  }
  await answersAsItself(ports, d, place);
  return instances;
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
  for (const { key } of candidatePlaces(d.plan)) routes.set(key, await candidateRoute(ports, d, { key }));
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
  words.push(...(await undoMigrations(rollout)));
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
  const undone = (d.plan.undo ?? []).map((undo) => undo.version.sha);
  const warm = replaced && !place.retired && !undone.includes(replaced.sha) ? replaced : undefined;
  const keep = new Set(place.retired ? [] : [sha, warm?.sha]);
  const running = new Map(
    (await ports.platform.running(place.key)).map((copy) => [copy.version.sha, copy.version]),
  );
  const told = [versionOf(d.candidate), ...running.values()];
  for (const other of running.values()) {
    if (keep.has(other.sha)) continue;
    await ports.platform.stop(place.key, other.sha, fence);
    words.push(`${versionWords(other, told)} was stopped`);
  }
  if (!warm) return words;
  if (running.has(warm.sha)) {
    const { keepOldForMs } = d.plan;
    const long = keepOldForMs === undefined ? '' : `, for ${formatDuration(keepOldForMs)}`;
    words.push(`${versionWords(warm, told)} keeps running for an instant rollback${long}`);
  } else {
    // Its copies gave way to the new ones; what they were started from goes too.
    await ports.platform.stop(place.key, warm.sha, fence);
    words.push(`${versionWords(warm, told)} does not run any more: a rollback starts it again`);
  }
  return words;
}
