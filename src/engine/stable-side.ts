import type { Deployment } from '../domain/deployment.ts';
import type { EventBody, Outcome, Version } from '../domain/event.ts';
import { copiesOf, type ServicePlan } from '../domain/plan.ts';
import type { Instance, PlatformRequest } from '../ports/platform.ts';
import type { Route } from '../ports/router.ts';
import { recordDeployed } from './deployed.ts';
import { investigate } from './investigate.ts';
import type { ConductorPorts } from './ports.ts';
import { candidateRequest, drainMs, routeTo, routerOf, type Rollout } from './rollout.ts';

/** Brings the router up and makes sure that what it calls stable really serves. */
export async function readyStable({
  ports,
  deployment: d,
  effect,
  fence,
  signal,
}: Rollout): Promise<EventBody> {
  await ports.router.ensure(routerOf(d));
  if (!d.stable) return { type: 'stable.ready', effect, detail: 'nothing serves yet: first deployment' };
  const instances = await startStable({ ports, deployment: d, fence, signal }, d.stable);
  const stable = routeTo(instances);
  const state = await ports.router.read(d.environment);
  if (!state.stable || !isSame(state.stable, stable) || state.candidate) {
    await ports.router.change(d.environment, {
      stable,
      candidate: null,
      weight: 0,
      rollout: null,
      fence,
    });
  }
  return {
    type: 'stable.ready',
    effect,
    detail: `${d.stable.name} serves, pid ${instances.map(({ pid }) => pid).join(', ')}`,
  };
}

/**
 * Back to how it was: traffic first, at once, to whatever copies of stable are left; then those that are missing, then everything
 * else. Where both must never run together, the candidate ends before stable starts.
 */
export async function restoreStable(rollout: Rollout): Promise<EventBody> {
  const { ports, deployment: d, effect, fence } = rollout;
  const candidate = d.candidate.kind === 'none' ? undefined : d.candidate.version;
  await ports.router.ensure(routerOf(d));
  const state = await ports.router.read(d.environment);
  if (state.candidate && state.stable && state.stable.version.sha === d.stable?.sha) {
    // Traffic goes back before anything that could take time.
    const { stable, candidate: taken } = state;
    await ports.router.change(d.environment, { stable, candidate: taken, weight: 0, rollout: null, fence });
  }
  const alone = d.plan.phases[0]?.scale?.stableMeanwhile === 0;
  const stopped = d.stable && d.stable.sha !== state.stable?.version.sha;
  if (alone && stopped && d.stable && candidate && candidate.sha !== d.stable.sha) {
    // What can fail without an effect on users comes before the candidate is taken away from them.
    await ports.platform.prepare(await stableRequest({ ...rollout, signal: undefined }, d.stable));
    const change = { stable: null, candidate: null, weight: 0, rollout: null, fence };
    await ports.router.change(d.environment, change);
    await ports.router.drain(d.environment, candidate.sha, drainMs);
    const { signal: _, ...request } = candidateRequest(rollout);
    await ports.platform.scale(request, 0);
  }
  const stable = d.stable
    ? routeTo(await startStable({ ports, deployment: d, fence, signal: undefined }, d.stable))
    : null;
  await ports.router.change(d.environment, { stable, candidate: null, weight: 0, rollout: null, fence });
  await recordDeployed(ports.git, d.environment, d.stable?.sha ?? null);
  if (candidate && candidate.sha !== d.stable?.sha) {
    await ports.router.drain(d.environment, candidate.sha, drainMs);
    await investigate(rollout);
    await ports.platform.stop(d.environment, candidate.sha, fence);
  }
  const detail = d.stable ? `${d.stable.name} serves all traffic` : 'nothing serves, as before';
  return { type: 'restored', effect, detail };
}

function isSame(a: Route, b: Route): boolean {
  const places = (route: Route) =>
    [route, ...(route.others ?? [])].map(({ host, port }) => `${host}:${port}`).join(' ');
  return a.version.sha === b.version.sha && places(a) === places(b);
}

interface StableSide extends Pick<Rollout, 'ports' | 'deployment' | 'fence'> {
  signal: AbortSignal | undefined;
}

/** Copies of stable that stopped running are started again the way it was deployed, not the way the new plan says. */
async function startStable(side: StableSide, stable: Version): Promise<Instance[]> {
  const request = await stableRequest(side, stable);
  return side.ports.platform.scale(request, copiesOf(request.service));
}

/** What the platform is asked for where the version that serves is meant. */
export async function stableRequest(
  { ports, deployment: d, fence, signal }: StableSide,
  stable: Version,
): Promise<PlatformRequest> {
  const { service, variables } = await howItWasRun(ports, d, stable.sha);
  return {
    environment: d.environment,
    version: stable,
    service,
    variables,
    fence,
    ...(signal ? { signal } : {}),
    onProgress: (line) => ports.log(`stable: ${line}`),
  };
}

/** A deployment that was rolled back may have kept its version, without its feature. */
const mayHaveServed: ReadonlySet<Outcome> = new Set(['succeeded', 'rolled_back']);

async function howItWasRun(
  ports: ConductorPorts,
  d: Deployment,
  sha: string,
): Promise<{ service: ServicePlan; variables: Record<string, string> }> {
  for (const row of await ports.memory.history()) {
    if (row.environment !== d.environment || !mayHaveServed.has(row.outcome)) continue;
    const record = await ports.memory.record(row.id);
    if (record?.candidate.kind === 'promoted' && record.candidate.version.sha === sha) {
      return { service: record.plan.service, variables: record.plan.variables };
    }
  }
  return { service: d.plan.service, variables: d.plan.variables };
}
