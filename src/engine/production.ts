import type { CandidateState, Deployment } from '../domain/deployment.ts';
import { OrchestraError } from '../domain/errors.ts';
import type { EventBody, Version } from '../domain/event.ts';
import type { ServicePlan } from '../domain/plan.ts';
import { emptyCounts } from '../domain/sample.ts';
import type { Input } from '../domain/input.ts';
import type { Instance } from '../ports/platform.ts';
import type { Route } from '../ports/router.ts';
import { fastForward, recordDeployed } from './deployed.ts';
import type { ConductorPorts } from './ports.ts';

/** How long requests under way may take to finish when a version is taken out, in milliseconds. */
const drainMs = 10_000;

/** What production effects need beside the deployment. */
export interface Rollout {
  ports: ConductorPorts;
  deployment: Deployment;
  effect: string;
  fence: number;
  signal: AbortSignal;
  post: (input: Input) => void;
}

/** Brings the router up and makes sure that what it calls stable really serves. */
export async function readyStable({
  ports,
  deployment: d,
  effect,
  fence,
  signal,
}: Rollout): Promise<EventBody> {
  await ports.router.ensure({ environment: d.environment, host: d.plan.host, port: d.plan.port });
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

/** Starts the candidate beside stable and puts it behind the router with no traffic yet. */
export async function startCandidate(rollout: Rollout): Promise<EventBody> {
  const { ports, deployment: d, effect, fence, signal } = rollout;
  const version = versionOf(d.candidate);
  const instance = await ports.platform.start(
    {
      environment: d.environment,
      version,
      service: d.plan.service,
      variables: d.plan.variables,
      fence,
      signal,
      onProgress: (line) => ports.log(`candidate: ${line}`),
    },
    { migrate: d.kind === 'deploy' },
  );
  const state = await ports.router.read(d.environment);
  await ports.router.change(d.environment, {
    stable: state.stable,
    candidate: routeTo(instance),
    weight: 0,
    rollout: d.id,
    fence,
  });
  const detail = `${version.name} answers its health check on port ${instance.port}`;
  return { type: 'candidate.started', effect, port: instance.port, pid: instance.pid, detail };
}

/** Gives the candidate its share. */
export async function setWeight(rollout: Rollout, phase: number, weight: number): Promise<EventBody> {
  const { ports, deployment: d, effect, fence } = rollout;
  const state = await ports.router.read(d.environment);
  const candidate = state.candidate ?? (await candidateRoute(ports, d));
  const after = await ports.router.change(d.environment, {
    stable: state.stable,
    candidate,
    weight,
    rollout: d.id,
    fence,
  });
  if (after.candidate?.version.sha !== candidate.version.sha || Math.abs(after.weight - weight) > 0.5) {
    throw new OrchestraError(
      'router-disagrees',
      `the router was told ${weight} % and says ${after.weight} %`,
      {
        hint: 'something else changes this router; the deployment goes back to stable',
      },
    );
  }
  return { type: 'weight.set', effect, phase, wanted: weight, actual: after.weight };
}

/** Reads both sides' numbers and the candidate's health again and again, until it is aborted. */
export async function observe(rollout: Rollout, phase: number): Promise<never> {
  const { ports, deployment: d, signal, post } = rollout;
  const version = versionOf(d.candidate);
  for (;;) {
    signal.throwIfAborted();
    try {
      await reviveRouter(rollout);
      const [counts, state, instances] = await Promise.all([
        ports.metrics.read(d.environment),
        ports.router.read(d.environment),
        ports.platform.running(d.environment),
      ]);
      if (state.switched?.rollout === d.id) post({ kind: 'dead-man', at: state.switched.at });
      const instance = instances.find((i) => i.version.sha === version.sha);
      const healthy = instance !== undefined && (await ports.platform.healthy(instance, d.plan.service));
      const stable = d.stable ? counts.get(d.stable.sha) : undefined;
      post({
        kind: 'sample',
        phase,
        sample: {
          at: ports.clock.now().toISOString(),
          weight: state.candidate?.version.sha === version.sha ? state.weight : 0,
          ...(stable ? { stable } : {}),
          candidate: counts.get(version.sha) ?? emptyCounts(),
          health: { healthy: healthy ? 1 : 0, total: 1 },
        },
      });
    } catch (error) {
      if (signal.aborted) throw error;
      post({ kind: 'sample-failed', phase, reason: error instanceof Error ? error.message : String(error) });
    }
    await ports.clock.sleep(d.plan.measureEveryMs, signal);
  }
}

/** A router that died is started again with its last routes: users must not wait for the end of the rollout. */
async function reviveRouter({ ports, deployment: d }: Rollout): Promise<void> {
  if (await ports.router.alive(d.environment)) return;
  ports.log('the router is gone: starting it again');
  await ports.router.ensure({ environment: d.environment, host: d.plan.host, port: d.plan.port });
}

/** REQUIREMENTS G3: the version that should run is the one that runs, healthy, with all traffic. */
export async function verify({ ports, deployment: d, effect }: Rollout): Promise<EventBody> {
  const version = versionOf(d.candidate);
  const state = await ports.router.read(d.environment);
  const takesAll =
    state.candidate?.version.sha === version.sha
      ? state.weight === 100
      : state.stable?.version.sha === version.sha;
  if (!takesAll) {
    const serving = state.stable?.version.name ?? 'nothing';
    throw new OrchestraError(
      'wrong-version',
      `the router does not send all traffic to ${version.name}; stable is ${serving}`,
      {
        hint: 'something else changed the router; the deployment goes back to stable',
      },
    );
  }
  const instance = (await ports.platform.running(d.environment)).find((i) => i.version.sha === version.sha);
  if (!instance || !(await ports.platform.healthy(instance, d.plan.service))) {
    throw new OrchestraError(
      'unhealthy',
      `${version.name} does not answer its health check after the rollout`,
      {
        hint: 'see its log',
      },
    );
  }
  return {
    type: 'verified',
    effect,
    detail: `${version.name} runs as pid ${instance.pid}, is healthy and has all traffic`,
  };
}

/** The candidate becomes stable. */
export async function promote({ ports, deployment: d, effect, fence }: Rollout): Promise<EventBody> {
  const version = versionOf(d.candidate);
  const route = await candidateRoute(ports, d);
  await ports.router.change(d.environment, {
    stable: route,
    candidate: null,
    weight: 0,
    rollout: null,
    fence,
  });
  await recordDeployed(ports.git, d.environment, version.sha);
  return { type: 'promoted', effect, version };
}

/** Lets requests finish, keeps the version before warm for an instant rollback, stops everything older. */
export async function cleanUp({ ports, deployment: d, effect, fence }: Rollout): Promise<EventBody> {
  const version = versionOf(d.candidate);
  const words: string[] = [];
  if (d.stable && d.stable.sha !== version.sha) {
    const left = await ports.router.drain(d.environment, d.stable.sha, drainMs);
    words.push(
      left === 0 ? 'the old side is drained' : `${left} requests were still under way on the old side`,
    );
  }
  const keep = new Set([version.sha, d.stable?.sha]);
  for (const instance of await ports.platform.running(d.environment)) {
    if (keep.has(instance.version.sha)) continue;
    await ports.platform.stop(d.environment, instance.version.sha, fence);
    words.push(`${instance.version.name} was stopped`);
  }
  if (d.stable && d.stable.sha !== version.sha)
    words.push(`${d.stable.name} keeps running for an instant rollback`);
  if (d.plan.afterPromotion === 'fast-forward' && d.plan.productionBranch !== undefined) {
    words.push(await fastForward(ports.git, d.plan.productionBranch, version.sha));
  }
  return { type: 'cleaned', effect, detail: words.join('; ') || 'nothing to clean up' };
}

/** Back to how it was: traffic first, at once, then everything else. */
export async function restoreStable({ ports, deployment: d, effect, fence }: Rollout): Promise<EventBody> {
  const candidate = d.candidate.kind === 'none' ? undefined : d.candidate.version;
  await ports.router.ensure({ environment: d.environment, host: d.plan.host, port: d.plan.port });
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

async function howItWasRun(
  ports: ConductorPorts,
  d: Deployment,
  sha: string,
): Promise<{ service: ServicePlan; variables: Record<string, string> }> {
  for (const row of await ports.memory.history()) {
    if (row.environment !== d.environment || row.outcome !== 'succeeded') continue;
    const record = await ports.memory.record(row.id);
    if (record && record.candidate.kind !== 'none' && record.candidate.version.sha === sha) {
      return { service: record.plan.service, variables: record.plan.variables };
    }
  }
  return { service: d.plan.service, variables: d.plan.variables };
}

async function candidateRoute(ports: ConductorPorts, d: Deployment): Promise<Route> {
  const version = versionOf(d.candidate);
  const instance = (await ports.platform.running(d.environment)).find((i) => i.version.sha === version.sha);
  if (instance) return routeTo(instance);
  throw new OrchestraError('candidate-gone', `the process of ${version.name} is not running any more`, {
    hint: 'see its log for why it ended',
  });
}

function routeTo(instance: Instance): Route {
  return { version: instance.version, host: '127.0.0.1', port: instance.port };
}

function versionOf(candidate: CandidateState): Version {
  if (candidate.kind === 'none') throw new TypeError('there is no candidate yet');
  return candidate.version;
}
