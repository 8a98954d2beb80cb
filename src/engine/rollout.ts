import type { CandidateState, Deployment } from '../domain/deployment.ts';
import { OrchestraError } from '../domain/errors.ts';
import type { Version } from '../domain/event.ts';
import type { Input } from '../domain/input.ts';
import { saidOf } from '../domain/places.ts';
import type { PlacePlan } from '../domain/plan.ts';
import type { Instance } from '../ports/platform.ts';
import type { Route } from '../ports/router.ts';
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

/** Where the candidate's running process is reached in a place. Throws code `candidate-gone` when it has none. */
export async function candidateRoute(ports: ConductorPorts, d: Deployment, key: string): Promise<Route> {
  const version = versionOf(d.candidate);
  const instance = (await ports.platform.running(key)).find((i) => i.version.sha === version.sha);
  if (instance) return routeTo(instance);
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

/** Where a version that runs on this machine is reached. */
export function routeTo(instance: Instance): Route {
  return { version: instance.version, host: '127.0.0.1', port: instance.port };
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
