import type { Deployment } from '../domain/deployment.ts';
import type { EventBody, Outcome, Version } from '../domain/event.ts';
import { placesOf, saidOf } from '../domain/places.ts';
import { copiesOf, type PlacePlan } from '../domain/plan.ts';
import type { Instance, PlatformRequest } from '../ports/platform.ts';
import type { Route } from '../ports/router.ts';
import { wholeArtifact } from './artifact-side.ts';
import { recordDeployed } from './deployed.ts';
import { investigate } from './investigate.ts';
import type { ConductorPorts } from './ports.ts';
import { candidateRequest, drainMs, routeTo, routerOf, stableIn, type Rollout } from './rollout.ts';

/** Brings the routers up and makes sure that what they call stable really serves, in every place. */
export async function readyStable(rollout: Rollout): Promise<EventBody> {
  const { deployment: d, effect } = rollout;
  const ready: string[] = [];
  for (const place of placesOf(d.plan)) {
    const pids = (await readyIn(rollout, place)).map(({ pid }) => pid);
    if (pids.length > 0) ready.push(saidOf(d.plan, place.key, `pid ${pids.join(', ')}`));
  }
  const detail = d.stable
    ? `${d.stable.name} serves, ${ready.join(', ')}`
    : 'nothing serves yet: first deployment';
  return { type: 'stable.ready', effect, detail };
}

async function readyIn(rollout: Rollout, place: PlacePlan): Promise<Instance[]> {
  const { ports, deployment: d, fence } = rollout;
  const { key } = place;
  const before = stableIn(d, place);
  // What is about to be stopped for good is not started for that.
  if (place.retired) return [];
  await ports.router.ensure(routerOf(d, place));
  if (!before) return [];
  const instances = await startStable(rollout, place, before);
  const stable = routeTo(instances);
  const state = await ports.router.read(key);
  if (!state.stable || !isSame(state.stable, stable) || state.candidate) {
    await ports.router.change(key, { stable, candidate: null, weight: 0, rollout: null, fence });
  }
  return instances;
}

/**
 * Back to how it was, in every place: traffic first, at once, to whatever copies of stable are left; then those that are missing,
 * then everything else. Where both must never run together, the candidate ends before stable starts. That one place cannot
 * go back keeps no other from it; the first failure is thrown when all have had their try.
 */
export async function restoreStable(rollout: Rollout): Promise<EventBody> {
  const { ports, deployment: d, effect, fence } = rollout;
  const places = placesOf(d.plan);
  // Traffic goes back everywhere before anything that could take time.
  const taken = await Promise.allSettled(places.map((place) => takeTrafficIn(rollout, place)));
  // What only the candidate's other services use goes last: their requests under way may still need it.
  const used = places.filter(({ fresh }) => !fresh);
  const restored = await Promise.allSettled(used.map((place) => restoreIn(rollout, place)));
  const rest = places.filter(({ fresh }) => fresh);
  restored.push(...(await Promise.allSettled(rest.map((place) => restoreIn(rollout, place)))));
  const failure = [...restored, ...taken].find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
  await recordDeployed(ports.git, d.environment, d.stable?.sha ?? null);
  const { candidate } = d;
  const ending = candidate.kind === 'none' ? [] : places.filter((place) => endsIn(d, place));
  if (candidate.kind !== 'none' && ending.length > 0) {
    await investigate(rollout);
    await Promise.all(ending.map(({ key }) => ports.platform.stop(key, candidate.version.sha, fence)));
  }
  const detail = d.stable ? `${d.stable.name} serves all traffic` : 'nothing serves, as before';
  return { type: 'restored', effect, detail };
}

async function takeTrafficIn({ ports, deployment: d, fence }: Rollout, place: PlacePlan): Promise<void> {
  const before = stableIn(d, place);
  if (place.retired && !(await ports.router.alive(place.key))) return;
  await ports.router.ensure(routerOf(d, place));
  const state = await ports.router.read(place.key);
  if (!state.candidate || state.stable?.version.sha !== before?.sha || !state.stable) return;
  const { stable, candidate } = state;
  await ports.router.change(place.key, { stable, candidate, weight: 0, rollout: null, fence });
}

async function restoreIn(rollout: Rollout, place: PlacePlan): Promise<void> {
  const { ports, deployment: d, fence } = rollout;
  const { key } = place;
  const before = stableIn(d, place);
  const unwatched = { ...rollout, signal: undefined };
  if (place.retired && !(await ports.router.alive(key))) return;
  await makeWayIn(rollout, place);
  const stable = before ? routeTo(await startStable(unwatched, place, before)) : null;
  await ports.router.change(key, { stable, candidate: null, weight: 0, rollout: null, fence });
  if (d.candidate.kind !== 'none' && endsIn(d, place))
    await ports.router.drain(key, d.candidate.version.sha, drainMs);
}

/** Ends the candidate in a place where it must never run beside stable, once stable could not take the traffic back at once. */
async function makeWayIn(rollout: Rollout, place: PlacePlan): Promise<void> {
  const { ports, deployment: d, fence } = rollout;
  const { key } = place;
  const before = stableIn(d, place);
  if (d.plan.phases[0]?.scale?.stableMeanwhile !== 0) return;
  if (!before || d.candidate.kind === 'none' || !endsIn(d, place)) return;
  if ((await ports.router.read(key)).stable?.version.sha === before.sha) return;
  // What can fail without an effect on users comes before the candidate is taken away from them.
  await ports.platform.prepare(await stableRequest({ ...rollout, signal: undefined }, place, before));
  await ports.router.change(key, { stable: null, candidate: null, weight: 0, rollout: null, fence });
  await ports.router.drain(key, d.candidate.version.sha, drainMs);
  const { signal: _, ...request } = candidateRequest(rollout, place);
  await ports.platform.scale(request, 0);
}

/** Whether both lead to the same copies of the same version. */
export function isSame(a: Route, b: Route): boolean {
  const addresses = (route: Route) =>
    [route, ...(route.others ?? [])].map(({ host, port }) => `${host}:${port}`).join(' ');
  return a.version.sha === b.version.sha && addresses(a) === addresses(b);
}

/** Whether the candidate's process in a place is nobody's once stable is back. */
function endsIn(d: Deployment, place: PlacePlan): boolean {
  return d.candidate.kind !== 'none' && !place.retired && d.candidate.version.sha !== stableIn(d, place)?.sha;
}

interface StableSide extends Pick<Rollout, 'ports' | 'deployment' | 'fence'> {
  signal: AbortSignal | undefined;
}

/** Copies of stable that stopped running are started again the way it was deployed, not the way the new plan says. */
async function startStable(side: StableSide, place: PlacePlan, stable: Version): Promise<Instance[]> {
  const request = await stableRequest(side, place, stable);
  return side.ports.platform.scale(request, copiesOf(request.service));
}

/** What the platform is asked for where the version that serves a place is meant. */
export async function stableRequest(
  { ports, deployment: d, fence, signal }: StableSide,
  place: PlacePlan,
  stable: Version,
): Promise<PlatformRequest> {
  const { service, variables, artifact } = await howItWasRun(ports, d, place, stable.sha);
  return {
    environment: place.key,
    version: stable,
    service,
    variables,
    ...(artifact === undefined ? {} : { artifact }),
    fence,
    ...(signal ? { signal } : {}),
    onProgress: (line) => ports.log(saidOf(d.plan, place.key, `stable: ${line}`)),
  };
}

/** A deployment that was rolled back may have kept its version, without its feature. */
const mayHaveServed: ReadonlySet<Outcome> = new Set(['succeeded', 'rolled_back']);

async function howItWasRun(
  ports: ConductorPorts,
  d: Deployment,
  place: PlacePlan,
  sha: string,
): Promise<Pick<PlacePlan, 'service' | 'variables'> & { artifact?: string }> {
  for (const row of await ports.memory.history()) {
    if (row.environment !== d.environment || !mayHaveServed.has(row.outcome)) continue;
    const record = await ports.memory.record(row.id);
    if (record?.candidate.kind === 'promoted' && record.candidate.version.sha === sha) {
      const { service, variables } = placesOf(record.plan).find(({ key }) => key === place.key) ?? place;
      const artifact = await wholeArtifact(ports, record);
      return { service, variables, ...(artifact === undefined ? {} : { artifact }) };
    }
  }
  return place;
}
