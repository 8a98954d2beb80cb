import type { Deployment } from '../domain/deployment.ts';
import type { EnvironmentLock } from '../ports/environment-lock.ts';
import type { Journals } from '../ports/journal.ts';
import type { ConductorLauncher } from '../ports/launcher.ts';
import type { Processes } from '../ports/processes.ts';
import { fold } from './following.ts';
import type { Recovered } from './orchestrator.ts';

/** How long a face waits for a conductor to say that it is there, in milliseconds. */
export const conductorWaitMs = 20_000;

export interface RecoverPorts {
  journals: Journals;
  lock: EnvironmentLock;
  launcher: ConductorLauncher;
  processes: Processes;
}

/** Launches a conductor for every deployment that lost its own; what each of them then said it does. */
export async function relaunchAbandoned(ports: RecoverPorts): Promise<Recovered[]> {
  const recovered: Recovered[] = [];
  for (const id of await ports.journals.current()) {
    const d = await fold(ports.journals, id);
    if (!d || (await conducted(ports, d))) continue;
    ports.launcher.launch(id);
    if (d.status.kind === 'finished') continue;
    const what = await said(ports.journals, id, d.seq);
    if (what) recovered.push(what);
  }
  return recovered;
}

/** Whether a live conductor runs this deployment; a face that is just starting it counts. */
async function conducted({ lock, processes }: RecoverPorts, d: Deployment): Promise<boolean> {
  const entry = await lock.read(d.environment);
  if (!entry || entry.deployment !== d.id) return false;
  return processes.isAlive(entry.conductor ?? entry.face);
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
