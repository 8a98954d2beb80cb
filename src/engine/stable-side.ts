import type { Deployment } from '../domain/deployment.ts';
import type { EventBody, Outcome, Version } from '../domain/event.ts';
import type { ServicePlan } from '../domain/plan.ts';
import type { Instance } from '../ports/platform.ts';
import { recordDeployed } from './deployed.ts';
import { investigate } from './investigate.ts';
import type { ConductorPorts } from './ports.ts';
import { drainMs, routeTo, routerOf, type Rollout } from './rollout.ts';

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
  const instance = await startStable({ ports, deployment: d, fence, signal }, d.stable);
  const state = await ports.router.read(d.environment);
  if (state.stable?.version.sha !== d.stable.sha || state.stable.port !== instance.port || state.candidate) {
    await ports.router.change(d.environment, {
      stable: routeTo(instance),
      candidate: null,
      weight: 0,
      rollout: null,
      fence,
    });
  }
  return { type: 'stable.ready', effect, detail: `${d.stable.name} serves, pid ${instance.pid}` };
}

/** Back to how it was: traffic first, at once, then everything else. */
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

/** A stable version that stopped running is started again the way it was deployed, not the way the new plan says. */
async function startStable(
  {
    ports,
    deployment: d,
    fence,
    signal,
  }: Pick<Rollout, 'ports' | 'deployment' | 'fence'> & { signal: AbortSignal | undefined },
  stable: Version,
): Promise<Instance> {
  const { service, variables } = await howItWasRun(ports, d, stable.sha);
  return ports.platform.start(
    {
      environment: d.environment,
      version: stable,
      service,
      variables,
      fence,
      ...(signal ? { signal } : {}),
      onProgress: (line) => ports.log(`stable: ${line}`),
    },
    { migrate: false },
  );
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
