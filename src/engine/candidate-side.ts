import { versionWords } from '../domain/version-words.ts';
import type { Deployment } from '../domain/deployment.ts';
import { formatDuration } from '../domain/duration.ts';
import { sameCohort } from '../domain/cohort.ts';
import { OrchestraError } from '../domain/errors.ts';
import type { EventBody } from '../domain/event.ts';
import { copiesOf } from '../domain/plan.ts';
import { saysVersion, wrongVersionText } from '../domain/says-version.ts';
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
  versionOf,
  type Rollout,
} from './rollout.ts';

/** Starts the candidate beside stable and puts it behind the router with no traffic yet. */
export async function startCandidate(rollout: Rollout): Promise<EventBody> {
  const { ports, deployment: d, effect, fence } = rollout;
  const version = versionOf(d.candidate);
  const request = candidateRequest(rollout);
  const copies = d.phases[d.phase]?.scale?.candidate ?? copiesOf(d.plan.service);
  const instance = await ports.platform.start(request, { migrate: d.kind === 'deploy' });
  const instances = copies > 1 ? await ports.platform.scale(request, copies) : [instance];
  const state = await ports.router.read(d.environment);
  await ports.router.change(d.environment, {
    stable: state.stable,
    candidate: routeTo(instances),
    weight: 0,
    rollout: rolloutOf(d),
    fence,
  });
  const listening = instances.map(({ port }) => port);
  const where = listening.length > 1 ? `ports ${listening.join(', ')}` : `port ${instance.port}`;
  const detail = `${version.name} answers its health check on ${where}`;
  return { type: 'candidate.started', effect, port: instance.port, pid: instance.pid, detail };
}

/** Installs and builds the candidate while stable serves: it will be started only once there is room for it. */
export async function prepareCandidate(rollout: Rollout): Promise<EventBody> {
  await rollout.ports.platform.prepare(candidateRequest(rollout));
  const { name } = versionOf(rollout.deployment.candidate);
  return { type: 'candidate.prepared', effect: rollout.effect, detail: `${name} is ready to be started` };
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
  const wanted = copiesOf(d.plan.service);
  const instances = await runningCopies(ports, d, version);
  const healthy = await healthyAmong(ports, d, instances);
  if (healthy < wanted) {
    const what = wanted === 1 ? version.name : `${wanted - healthy} of ${wanted} copies of ${version.name}`;
    throw new OrchestraError(
      'unhealthy',
      `${what} ${wanted - healthy === 1 ? 'does' : 'do'} not answer the health check after the rollout`,
      {
        hint: 'see its log',
      },
    );
  }
  await answersAsItself(ports, d);
  return {
    type: 'verified',
    effect,
    detail: `${version.name} runs as pid ${instances.map(({ pid }) => pid).join(', ')}, is healthy and has all traffic`,
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
export async function cleanUp({ ports, deployment: d, effect, fence, signal }: Rollout): Promise<EventBody> {
  const version = versionOf(d.candidate);
  const words: string[] = [];
  if (d.stable && d.stable.sha !== version.sha) {
    const left = await ports.router.drain(d.environment, d.stable.sha, drainMs);
    words.push(
      left === 0 ? 'the old side is drained' : `${left} requests were still under way on the old side`,
    );
  }
  const undone = (d.plan.undo ?? []).map((undo) => undo.version.sha);
  const keep = new Set([version.sha, ...(d.stable && !undone.includes(d.stable.sha) ? [d.stable.sha] : [])]);
  const running = new Map(
    (await ports.platform.running(d.environment)).map((copy) => [copy.version.sha, copy.version]),
  );
  const told = [version, ...running.values()];
  for (const other of running.values()) {
    if (keep.has(other.sha)) continue;
    await ports.platform.stop(d.environment, other.sha, fence);
    words.push(`${versionWords(other, told)} was stopped`);
  }
  if (d.stable && keep.has(d.stable.sha) && d.stable.sha !== version.sha) {
    if (running.has(d.stable.sha)) {
      words.push(
        `${versionWords(d.stable, told)} keeps running for an instant rollback${d.plan.keepOldForMs === undefined ? '' : `, for ${formatDuration(d.plan.keepOldForMs)}`}`,
      );
    } else {
      // Its copies gave way to the new ones; what they were started from goes too.
      await ports.platform.stop(d.environment, d.stable.sha, fence);
      words.push(`${versionWords(d.stable, told)} does not run any more: a rollback starts it again`);
    }
  }
  words.push(...(await undoMigrations({ ports, deployment: d, fence, signal })));
  if (d.plan.afterPromotion === 'fast-forward' && d.plan.productionBranch !== undefined) {
    words.push(await fastForward(ports.git, d.plan.productionBranch, version.sha));
  }
  return { type: 'cleaned', effect, detail: words.join('; ') || 'nothing to clean up' };
}
