import { touchedProduction } from '../domain/course.ts';
import type { Deployment } from '../domain/deployment.ts';
import type { EventBody } from '../domain/event.ts';
import { candidatePlaces, saidOf } from '../domain/places.ts';
import type { ConductorPorts } from './ports.ts';

type Started = Extract<EventBody, { type: 'conductor.started' }>;

export interface Finding {
  recovery: Started['recovery'];
  reason: string;
  /** When and where a router's dead man's switch fired for this deployment. */
  switched: { at: string; place: string } | undefined;
}

/**
 * What a conductor that takes a deployment over finds in the real world, and what it will do about it: go on where
 * that is safe, else roll back. It reads; it changes nothing. `damaged`: the journal's end was lost.
 */
export async function reconcile(ports: ConductorPorts, d: Deployment, damaged = false): Promise<Finding> {
  const finding = (
    recovery: Finding['recovery'],
    reason: string,
    switched?: Finding['switched'],
  ): Finding => ({
    recovery,
    reason,
    switched,
  });
  if (!d.conductor && !damaged) return finding('fresh', 'first start');
  if (d.status.kind === 'finished') return finding('resume', 'it had finished; its record is put away');
  if (d.status.kind === 'rolling_back')
    return finding('roll_back', `the rollback goes on: ${d.status.reason}`);
  if (d.status.kind === 'concluding')
    return finding('resume', 'it had ended; what is left is learning from it');
  if (damaged) {
    // What it did last, and whether a person stopped it, is not known: the way back is the one that is always safe.
    return finding(
      'roll_back',
      `its journal was damaged; what was decided after event ${d.seq} is not known`,
    );
  }
  if (!touchedProduction(d))
    return finding('resume', 'production was not touched yet; it goes on where it stopped');
  const candidate = d.candidate;
  if (candidate.kind !== 'running' && candidate.kind !== 'promoted') {
    return finding('resume', 'the candidate had no traffic yet; it goes on where it stopped');
  }
  const places = candidatePlaces(d.plan);
  for (const { key } of places) {
    const alive = await ports.router.alive(key);
    const switched = alive ? (await ports.router.read(key)).switched : null;
    if (switched?.rollout !== d.id) continue;
    const what = saidOf(d.plan, key, `the router took the traffic back at ${switched.at}`);
    return finding('roll_back', `${what}, while no conductor was there`, {
      at: switched.at,
      place: key,
    });
  }
  for (const { key } of places) {
    const instances = await ports.platform.running(key);
    if (instances.some((i) => i.version.sha === candidate.version.sha)) continue;
    const what = `the process of ${candidate.version.name} is not running any more`;
    return finding('roll_back', saidOf(d.plan, key, what));
  }
  const phase = d.phases[d.phase];
  return finding('resume', phase ? `${phase.name} goes on` : 'it goes on where it stopped');
}
