import type { Actor } from '../domain/actor.ts';
import { formatDuration } from '../domain/duration.ts';
import { messageOf } from '../domain/errors.ts';
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
  const rows = await ports.memory.history();
  for (const environment of new Set(rows.map((row) => row.environment))) {
    try {
      const last = rows.find((row) => row.environment === environment);
      // After anything but a success nobody knows which side is the old one.
      if (last?.outcome === 'succeeded') said.push(...(await endIn(ports, environment, last.id, by)));
    } catch (error) {
      // A deployment holds the environment, or the machine refused: the next command looks again.
      ports.log(`the old side of ${environment} stays: ${messageOf(error)}`);
    }
  }
  return said;
}

async function endIn(
  { memory, platform, router, lock, clock }: EndOldPorts,
  environment: string,
  last: string,
  by: Actor,
): Promise<string[]> {
  // Reading a record costs more than looking what runs, and mostly one version does.
  if ((await platform.running(environment)).length < 2) return [];
  if (await lock.read(environment)) return [];
  const d = await memory.record(last);
  const keptMs = d?.plan.keepOldForMs;
  if (!d || keptMs === undefined || d.status.kind !== 'finished' || d.candidate.kind !== 'promoted')
    return [];
  if (clock.now().getTime() - Date.parse(d.status.at) < keptMs) return [];
  const { version } = d.candidate;
  const old = d.stable;
  if (!old || old.sha === version.sha) return [];
  const held = await lock.acquire({ environment, owner: by, reason: 'ends the old side' }, async () => false);
  try {
    // Looked at while the lock is held: nothing that users could be sent to is ended.
    const routes = await router.read(environment);
    if (routes.candidate || routes.stable?.version.sha !== version.sha) return [];
    if (!(await platform.running(environment)).some((i) => i.version.sha === old.sha)) return [];
    await platform.stop(environment, old.sha, held.fence);
    return [
      `${old.name} was kept for an instant return of ${environment} for ${formatDuration(keptMs)}, and is ended now`,
    ];
  } finally {
    await lock.release(environment, held.fence);
  }
}
