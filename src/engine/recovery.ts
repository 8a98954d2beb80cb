import { touchedProduction } from '../domain/course.ts';
import type { Deployment } from '../domain/deployment.ts';
import type { EventBody } from '../domain/event.ts';
import type { ConductorPorts } from './ports.ts';

type Started = Extract<EventBody, { type: 'conductor.started' }>;

export interface Finding {
  recovery: Started['recovery'];
  reason: string;
  /** When the router's dead man's switch fired for this deployment. */
  switchedAt: string | undefined;
}

/**
 * What a conductor that takes a deployment over finds in the real world, and what it will do about it: go on where
 * that is safe, else roll back. It reads; it changes nothing.
 */
export async function reconcile(ports: ConductorPorts, d: Deployment): Promise<Finding> {
  const finding = (recovery: Finding['recovery'], reason: string, switchedAt?: string): Finding => ({
    recovery,
    reason,
    switchedAt,
  });
  if (!d.conductor) return finding('fresh', 'first start');
  if (d.status.kind === 'finished') return finding('resume', 'it had finished; its record is put away');
  if (d.status.kind === 'rolling_back')
    return finding('roll_back', `the rollback goes on: ${d.status.reason}`);
  if (d.status.kind === 'concluding')
    return finding('resume', 'it had ended; what is left is learning from it');
  if (!touchedProduction(d))
    return finding('resume', 'production was not touched yet; it goes on where it stopped');
  const candidate = d.candidate;
  if (candidate.kind !== 'running' && candidate.kind !== 'promoted') {
    return finding('resume', 'the candidate had no traffic yet; it goes on where it stopped');
  }
  const alive = await ports.router.alive(d.environment);
  const switched = alive ? (await ports.router.read(d.environment)).switched : null;
  if (switched?.rollout === d.id) {
    return finding(
      'roll_back',
      `the router took the traffic back at ${switched.at}, while no conductor was there`,
      switched.at,
    );
  }
  const instances = await ports.platform.running(d.environment);
  if (!instances.some((i) => i.version.sha === candidate.version.sha)) {
    return finding('roll_back', `the process of ${candidate.version.name} is not running any more`);
  }
  const phase = d.phases[d.phase];
  return finding('resume', phase ? `${phase.name} goes on` : 'it goes on where it stopped');
}
