import type { CandidateState, Deployment } from '../domain/deployment.ts';
import { OrchestraError } from '../domain/errors.ts';
import type { Version } from '../domain/event.ts';
import type { Input } from '../domain/input.ts';
import { saidOf } from '../domain/places.ts';
import type { PlacePlan } from '../domain/plan.ts';
import type { Instance, PlatformRequest } from '../ports/platform.ts';
import type { Address, Route } from '../ports/router.ts';
import type { ConductorPorts } from './ports.ts';

/** How long requests under way may take to finish when a version is taken out, in milliseconds. */
export const drainMs = 10_000;

/** One effect of a deployment under way, and what it may use. */
export interface Rollout {
  ports: ConductorPorts;
  deployment: Deployment;
  effect: string;
  fence: number;
  signal: AbortSignal;
  post: (input: Input) => void;
}

/** The copies of a version that run in a place, in the platform's order. */
export async function runningCopies(
  ports: ConductorPorts,
  { key }: Pick<PlacePlan, 'key'>,
  version: Version,
): Promise<Instance[]> {
  return (await ports.platform.running(key)).filter((i) => i.version.sha === version.sha);
}

/** What the platform is asked for where the candidate is meant. */
export function candidateRequest(
  { ports, deployment: d, fence, signal }: Rollout,
  { key, service, variables }: PlacePlan,
): PlatformRequest {
  return {
    environment: key,
    version: versionOf(d.candidate),
    service,
    variables,
    ...(d.artifact?.kind === 'stored' ? { artifact: d.artifact.digest } : {}),
    fence,
    signal,
    onProgress: (line) => ports.log(saidOf(d.plan, key, `candidate: ${line}`)),
  };
}

/**
 * On whose behalf the candidate gets traffic: the router's dead man's switch watches over that. A return to a known
 * good version is not watched: when its conductor dies, traffic must not fall back to what was to be left.
 */
export function rolloutOf(d: Deployment): string | null {
  return d.kind === 'rollback' ? null : d.id;
}

/** The work's result, or the signal's reason at once: whoever is no longer wanted keeps nobody waiting. */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const over = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    const reason = () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    signal.addEventListener('abort', reason, { once: true, signal: over.signal });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    over.abort();
    work.catch(() => undefined);
  }
}

/** Where the candidate's running copies are reached in a place. Throws code `candidate-gone` when it has none. */
export async function candidateRoute(
  ports: ConductorPorts,
  d: Deployment,
  { key }: Pick<PlacePlan, 'key'>,
): Promise<Route> {
  const version = versionOf(d.candidate);
  const instances = await runningCopies(ports, { key }, version);
  if (instances.length > 0) return routeTo(instances);
  throw new OrchestraError(
    'candidate-gone',
    saidOf(d.plan, key, `the process of ${version.name} is not running any more`),
    {
      hint: 'see its log for why it ended',
    },
  );
}

/** The version that serves a place beside the candidate; null where none does yet. */
export function stableIn(d: Deployment, { fresh }: PlacePlan): Version | null {
  return fresh ? null : d.stable;
}

/** Where a copy that runs on this machine is reached. */
export function addressOf({ port }: Instance): Address {
  return { host: '127.0.0.1', port };
}

/** Where the copies of a version are reached. Throws `TypeError` for none. */
export function routeTo(instances: readonly Instance[]): Route {
  const [first, ...others] = instances;
  if (!first) throw new TypeError('a route needs a copy');
  const route = { version: first.version, ...addressOf(first) };
  return others.length > 0 ? { ...route, others: others.map(addressOf) } : route;
}

/** The candidate's version. Throws `TypeError` before one was built. */
export function versionOf(candidate: CandidateState): Version {
  if (candidate.kind === 'none') throw new TypeError('there is no candidate yet');
  return candidate.version;
}

/** Which router the deployment's plan asks for in a place, and where it listens. */
export function routerOf(
  d: Deployment,
  { key, host, port }: PlacePlan,
): { environment: string; host: string; port: number; kind: string } {
  return { environment: key, host, port, kind: d.plan.router };
}
