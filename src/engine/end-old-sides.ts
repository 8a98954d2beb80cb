import type { Actor } from '../domain/actor.ts';
import { formatDuration } from '../domain/duration.ts';
import type { RunsWhere } from '../domain/environments-document.ts';
import { messageOf } from '../domain/errors.ts';
import type { Version } from '../domain/event.ts';
import { candidatePlaces } from '../domain/places.ts';
import type { PlacePlan, Plan } from '../domain/plan.ts';
import type { Clock } from '../ports/clock.ts';
import type { EnvironmentLock } from '../ports/environment-lock.ts';
import type { Memory } from '../ports/memory.ts';
import type { Platform } from '../ports/platform.ts';
import type { TrafficRouter } from '../ports/router.ts';

export interface EndOldPorts {
  memory: Memory;
  platform: Platform;
  router: TrafficRouter;
  lock: EnvironmentLock;
  clock: Clock;
  log: (line: string) => void;
}

/**
 * Ends versions that were kept for an instant rollback longer than their deployment's plan says (REQUIREMENTS T1). Nothing
 * of Orchestra's runs between two deployments, so this is done by whatever command comes next. What was ended, in words.
 */
export async function endOldSides(ports: EndOldPorts, by: Actor): Promise<string[]> {
  const said: string[] = [];
  const [newest, runs] = await Promise.all([ports.memory.newest(), ports.memory.environments()]);
  for (const environment of new Set([...Object.keys(newest), ...Object.keys(runs)])) {
    try {
      // Where the history began anew, what runs is still known.
      const last = newest[environment]?.last ?? broughtBy(runs[environment]);
      // After anything but a success nobody knows which side is the old one.
      if (last?.outcome === 'succeeded') said.push(...(await endIn(ports, environment, last.id, by)));
    } catch (error) {
      // A deployment holds the environment, or the machine refused: the next command looks again.
      ports.log(`the old side of ${environment} stays: ${messageOf(error)}`);
    }
  }
  return said;
}

function broughtBy(runs: RunsWhere | undefined) {
  return runs && { id: runs.deployment, outcome: 'succeeded' as const };
}

async function endIn(ports: EndOldPorts, environment: string, last: string, by: Actor): Promise<string[]> {
  const { memory, lock, clock } = ports;
  if (!(await mayHaveOld(ports, environment))) return [];
  if (await lock.read(environment)) return [];
  const d = await memory.record(last);
  const keptMs = d?.plan.keepOldForMs;
  if (!d || keptMs === undefined || d.status.kind !== 'finished' || d.candidate.kind !== 'promoted')
    return [];
  if (clock.now().getTime() - Date.parse(d.status.at) < keptMs) return [];
  const { version } = d.candidate;
  const old = d.stable;
  if (!old || old.sha === version.sha) return [];
  const left = await placesWith(ports, d.plan, old);
  if (left.length === 0) return [];
  const held = await lock.acquire({ environment, owner: by, reason: 'ends the old side' }, async () => false);
  try {
    const ended: string[] = [];
    for (const { key } of left) {
      // Looked at while the lock is held: nothing that users could be sent to is ended.
      const routes = await ports.router.read(key);
      if (routes.candidate || routes.stable?.version.sha !== version.sha) continue;
      await ports.platform.stop(key, old.sha, held.fence);
      ended.push(key);
    }
    if (ended.length === 0) return [];
    return [
      `${old.name} was kept for an instant return of ${environment} for ${formatDuration(keptMs)}, and is ended now`,
    ];
  } finally {
    await lock.release(environment, held.fence);
  }
}

/** Reading a record costs more than looking what runs, and mostly one version does. */
async function mayHaveOld({ memory, platform }: EndOldPorts, environment: string): Promise<boolean> {
  // With none, or with several places, some go by other names than the environment's.
  if ((await platform.running(environment)).length !== 1) return true;
  const known = await memory.environments();
  return Object.hasOwn(known, environment) && (known[environment]?.places.length ?? 0) > 1;
}

/** The places in which a version still runs. */
async function placesWith({ platform }: EndOldPorts, plan: Plan, { sha }: Version): Promise<PlacePlan[]> {
  const places: PlacePlan[] = [];
  for (const place of candidatePlaces(plan))
    if ((await platform.running(place.key)).some((i) => i.version.sha === sha)) places.push(place);
  return places;
}
