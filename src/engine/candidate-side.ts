import type { Deployment } from '../domain/deployment.ts';
import { sameCohort } from '../domain/cohort.ts';
import { OrchestraError } from '../domain/errors.ts';
import type { EventBody } from '../domain/event.ts';
import { saysVersion, wrongVersionText } from '../domain/says-version.ts';
import { fastForward, recordDeployed } from './deployed.ts';
import type { ConductorPorts } from './ports.ts';
import { candidateRoute, drainMs, routeTo, versionOf, type Rollout } from './rollout.ts';

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
    rollout: rolloutOf(d),
    fence,
  });
  const detail = `${version.name} answers its health check on port ${instance.port}`;
  return { type: 'candidate.started', effect, port: instance.port, pid: instance.pid, detail };
}

/** Gives the candidate its share. */
export async function setWeight(rollout: Rollout, phase: number, weight: number): Promise<EventBody> {
  const { ports, deployment: d, effect, fence } = rollout;
  const state = await ports.router.read(d.environment);
  const ours = state.candidate?.version.sha === versionOf(d.candidate).sha ? state.candidate : null;
  const candidate = ours ?? (await candidateRoute(ports, d));
  const cohort = d.phases[phase]?.cohort;
  const after = await ports.router.change(d.environment, {
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
      `the router was told ${weight} % and says ${after.weight} %`,
      {
        hint: 'something else changes this router; the deployment goes back to stable',
      },
    );
  }
  if (!sameCohort(after.cohort, cohort)) {
    throw new OrchestraError(
      'router-disagrees',
      'the router shows the candidate to others than it was told to',
      {
        hint: 'this router cannot keep a cohort, or something else changes it; the deployment goes back to stable',
      },
    );
  }
  return { type: 'weight.set', effect, phase, wanted: weight, actual: after.weight };
}

/** REQUIREMENTS G3: the version that should run is the one that runs, healthy, with all traffic. */
export async function verify({ ports, deployment: d, effect }: Rollout): Promise<EventBody> {
  const version = versionOf(d.candidate);
  const state = await ports.router.read(d.environment);
  const takesAll =
    state.candidate?.version.sha === version.sha
      ? state.weight === 100 && !state.cohort
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
  await answersAsItself(ports, d);
  return {
    type: 'verified',
    effect,
    detail: `${version.name} runs as pid ${instance.pid}, is healthy and has all traffic`,
  };
}

/** Asks as a user does, through the router, which version answers, where the service says so. */
async function answersAsItself(ports: ConductorPorts, d: Deployment): Promise<void> {
  const path = d.plan.service.health.versionPath;
  if (path === undefined) return;
  const { host, port } = d.plan;
  const own = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  const answer = await ports.platform.versionAt({ host: own, port }, d.plan.service);
  const version = versionOf(d.candidate);
  if (answer !== undefined && saysVersion(answer, version)) return;
  const where = `GET ${path} through the router`;
  throw new OrchestraError('wrong-version', wrongVersionText(where, answer, version), {
    hint: 'another process answers on its port, or its build is an old one; the deployment goes back to stable',
  });
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

/**
 * On whose behalf the candidate gets traffic: the router's dead man's switch watches over that. A return to a known
 * good version is not watched: when its conductor dies, traffic must not fall back to what was to be left.
 */
function rolloutOf(d: Deployment): string | null {
  return d.kind === 'rollback' ? null : d.id;
}
