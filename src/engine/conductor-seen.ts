import { silentAfterMs, type ConductorSeen } from '../domain/attention.ts';
import type { Deployment } from '../domain/deployment.ts';
import { OrchestraError } from '../domain/errors.ts';
import { safeText } from '../domain/safe-text.ts';
import type { Clock } from '../ports/clock.ts';
import type { EnvironmentLock, LockEntry } from '../ports/environment-lock.ts';
import type { Presence, Present } from '../ports/presence.ts';
import type { ProcessIdentity, Processes } from '../ports/processes.ts';

export interface SightPorts {
  lock: EnvironmentLock;
  processes: Processes;
  presence: Presence;
  clock: Clock;
}

/** A deployment's conductor, as it is seen from outside: what is known of it, and which process it is where one runs. */
export interface Sight {
  seen: ConductorSeen;
  conductor: ProcessIdentity | undefined;
  /** For how long it was not heard of, milliseconds; undefined where it gives no signs of life. */
  silentMs: number | undefined;
}

/** Looks at the lock, the process behind it and its last sign of life. Reads only. */
export async function seeConductor(
  ports: SightPorts,
  d: Pick<Deployment, 'id' | 'environment'>,
  here?: readonly Present[],
): Promise<Sight> {
  const sight = (seen: ConductorSeen): Sight => ({ seen, conductor: undefined, silentMs: undefined });
  let entry: LockEntry | undefined;
  try {
    entry = await ports.lock.read(d.environment);
  } catch (error) {
    if (!(error instanceof OrchestraError) || error.code !== 'bad-lock') throw error;
    return sight({ kind: 'locked-out', by: 'a file that cannot be read' });
  }
  if (!entry) return sight({ kind: 'gone' });
  if (entry.deployment !== d.id) {
    const by = safeText(entry.owner.name, 100);
    return sight({
      kind: 'locked-out',
      by: `${by} for ${entry.deployment ?? 'a deployment that is starting'}`,
    });
  }
  const { conductor } = entry;
  if (!conductor) {
    const forMs = Math.max(0, ports.clock.now().getTime() - Date.parse(entry.since));
    return sight(ports.processes.isAlive(entry.face) ? { kind: 'starting', forMs } : { kind: 'gone' });
  }
  if (!ports.processes.isAlive(conductor)) return sight({ kind: 'gone' });
  const present = here ?? (await ports.presence.present());
  const silentMs = present.find(
    ({ role, process }) =>
      role === 'conducts' && process.pid === conductor.pid && process.startTime === conductor.startTime,
  )?.silentMs;
  const silent = silentMs !== undefined && silentMs >= silentAfterMs;
  return {
    seen: silent ? { kind: 'silent', pid: conductor.pid, forMs: silentMs } : { kind: 'here' },
    conductor,
    silentMs,
  };
}
