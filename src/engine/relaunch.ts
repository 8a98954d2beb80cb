import type { Deployment } from '../domain/deployment.ts';
import { OrchestraError } from '../domain/errors.ts';
import { evolve } from '../domain/evolve.ts';
import type { Clock } from '../ports/clock.ts';
import type { EnvironmentLock } from '../ports/environment-lock.ts';
import type { Journals } from '../ports/journal.ts';
import type { ConductorLauncher } from '../ports/launcher.ts';
import type { Processes } from '../ports/processes.ts';
import { fold } from './fold.ts';
import type { Recovered } from './orchestrator.ts';

/** How long a face waits for a conductor to say that it is there, in milliseconds. */
export const conductorWaitMs = 20_000;

/** How often a face that watches looks whether the conductor lives, and how often it starts it again. */
const lookMs = 2000;
const mostLaunches = 3;

export interface RecoverPorts {
  journals: Journals;
  lock: EnvironmentLock;
  launcher: ConductorLauncher;
  processes: Processes;
  clock: Clock;
}

/**
 * Launches a conductor for every deployment that lost its own; what each of them then said it does. `before` hears of each
 * before it is launched.
 */
export async function relaunchAbandoned(
  ports: RecoverPorts,
  before: (found: { id: string; environment: string }) => Promise<void> = async () => undefined,
): Promise<Recovered[]> {
  const recovered: Recovered[] = [];
  for (const id of await ports.journals.current()) {
    const { events, damaged } = await ports.journals.readable(id);
    let d: Deployment | undefined;
    for (const event of events) d = evolve(d, event);
    if (d && (await conducted(ports, d.id, d.environment))) continue;
    if (damaged) await ports.journals.mend(id);
    if (!d) continue;
    await before({ id, environment: d.environment });
    ports.launcher.launch(id);
    if (d.status.kind === 'finished') continue;
    const what = await said(ports.journals, id, d.seq);
    if (what) recovered.push(what);
  }
  return recovered;
}

/** Whether a live conductor runs this deployment; a face that is just starting it counts, for a while. */
async function conducted(
  { lock, processes, clock }: RecoverPorts,
  id: string,
  environment: string,
): Promise<boolean> {
  const entry = await lock.read(environment);
  if (!entry || entry.deployment !== id) return false;
  if (entry.conductor) return processes.isAlive(entry.conductor);
  return processes.isAlive(entry.face) && clock.now().getTime() - Date.parse(entry.since) < conductorWaitMs;
}

/**
 * Starts a deployment's conductor again whenever it is gone, as long as somebody watches. Resolves when the signal
 * aborts; throws `conductor-dies` when it does not stay.
 */
export async function keepConducted(
  ports: RecoverPorts,
  id: string,
  environment: string,
  signal: AbortSignal,
): Promise<void> {
  for (let launches = 0; !signal.aborted;) {
    await ports.clock.sleep(lookMs, signal).catch(() => undefined);
    if (signal.aborted || (await conducted(ports, id, environment))) continue;
    if (!(await ports.journals.current()).includes(id)) return;
    if (launches === mostLaunches) {
      throw new OrchestraError('conductor-dies', `the conductor of ${id} ended ${launches} times in a row`, {
        hint: `see conductor-${id}.log among the logs of the state folder; \`orchestrate resume\` tries again`,
      });
    }
    launches++;
    ports.launcher.launch(id);
  }
}

/** Waits until a conductor that was launched after `seq` says what it does, or has put the deployment away. */
async function said(journals: Journals, id: string, seq: number): Promise<Recovered | undefined> {
  const timeout = AbortSignal.timeout(conductorWaitMs);
  for await (const event of journals.follow(id, seq, timeout)) {
    if (event.type !== 'conductor.started') continue;
    const d = await fold(journals, id);
    return {
      id,
      environment: d?.environment ?? '',
      recovery: event.recovery === 'roll_back' ? 'roll_back' : 'resume',
      reason: event.reason,
    };
  }
  return undefined;
}
