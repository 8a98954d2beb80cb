import type { Deployment } from '../domain/deployment.ts';
import { OrchestraError } from '../domain/errors.ts';
import { evolve } from '../domain/evolve.ts';
import { safeText } from '../domain/safe-text.ts';
import { withoutSecrets } from '../domain/without-secrets.ts';
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
const lookMs = 500;
const mostLaunches = 3;

/** A conductor that starts needs about a second; what takes longer is said. */
const saidAfterMs = 1500;

export interface RecoverPorts {
  journals: Journals;
  lock: EnvironmentLock;
  launcher: ConductorLauncher;
  processes: Processes;
  clock: Clock;
  /** The end of what a deployment's conductors wrote, oldest line first, as it was written. */
  conductorLog: (deployment: string) => Promise<string[]>;
}

/** What a person who waits is told meanwhile. */
export type Told = (text: string) => void;

/**
 * Launches a conductor for every deployment that lost its own; what each of them then said it does. `before` hears of each
 * before it is launched, `told` what a person who waits should know.
 */
export async function relaunchAbandoned(
  ports: RecoverPorts,
  {
    before = async () => undefined,
    told = () => undefined,
  }: { before?: (found: { id: string; environment: string }) => Promise<void>; told?: Told } = {},
): Promise<Recovered[]> {
  const recovered: Recovered[] = [];
  for (const id of await ports.journals.current()) {
    const { events, damaged, newer } = await ports.journals.readable(id);
    let d: Deployment | undefined;
    for (const event of events) d = evolve(d, event);
    if (d && (await conducted(ports, d.id, d.environment))) continue;
    if (newer) {
      told(
        `deployment ${id} is written by a later version of orchestrate and has no conductor: only that version can go on with it`,
      );
      continue;
    }
    if (damaged) await ports.journals.mend(id);
    if (!d) continue;
    await before({ id, environment: d.environment });
    ports.launcher.launch(id);
    if (d.status.kind === 'finished') continue;
    const what = await said(ports, d, told);
    if (what) recovered.push(what);
    else told(`the conductor of ${id} (${d.environment}) did not start${await lastWords(ports, id)}`);
  }
  return recovered;
}

/** Whether a live conductor runs this deployment; a face that is just starting it counts, for a while. */
async function conducted(
  { lock, processes, clock, launcher }: RecoverPorts,
  id: string,
  environment: string,
): Promise<boolean> {
  const entry = await lock.read(environment);
  if (!entry || entry.deployment !== id) return false;
  if (entry.conductor) return processes.isAlive(entry.conductor);
  if (launcher.hasEnded(id)) return false;
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
  let launchedAt = Number.NEGATIVE_INFINITY;
  for (let launches = 0; !signal.aborted;) {
    await ports.clock.sleep(lookMs, signal).catch(() => undefined);
    if (signal.aborted || (await conducted(ports, id, environment))) continue;
    if (!(await ports.journals.current()).includes(id)) return;
    // The one that was just launched has not taken the lock yet.
    if (!ports.launcher.hasEnded(id) && performance.now() - launchedAt < conductorWaitMs) continue;
    if (launches === mostLaunches) {
      throw new OrchestraError(
        'conductor-dies',
        `the conductor of ${id} ended ${launches} times in a row${await lastWords(ports, id)}`,
        {
          hint: `see conductor-${id}.log among the logs of the state folder; \`orchestrate resume\` tries again`,
        },
      );
    }
    launches++;
    launchedAt = performance.now();
    ports.launcher.launch(id);
  }
}

/**
 * Waits until a conductor that was launched after what `d` holds says what it does, or has put the deployment away. Undefined
 * when it does not: at once where it has ended again.
 */
export async function said(
  ports: RecoverPorts,
  d: Pick<Deployment, 'id' | 'seq' | 'environment'>,
  told: Told = () => undefined,
): Promise<Recovered | undefined> {
  const { id } = d;
  const over = new AbortController();
  const begun = performance.now();
  let isTold = false;
  const look = async () => {
    while (!over.signal.aborted) {
      await ports.clock.sleep(100, over.signal).catch(() => undefined);
      const waited = performance.now() - begun;
      if (waited > conductorWaitMs) over.abort();
      // Another conductor may have been quicker, and this one ended because of that.
      if (ports.launcher.hasEnded(id) && !(await conducted(ports, id, d.environment))) over.abort();
      if (isTold || over.signal.aborted || waited < saidAfterMs) continue;
      isTold = true;
      told(
        `waiting for the conductor of ${id} (${d.environment}) to start, at most ${conductorWaitMs / 1000} s`,
      );
    }
  };
  const looking = look();
  try {
    for await (const event of ports.journals.follow(id, d.seq, over.signal)) {
      if (event.type !== 'conductor.started') continue;
      return {
        id,
        environment: (await fold(ports.journals, id))?.environment ?? d.environment,
        recovery: event.recovery === 'roll_back' ? 'roll_back' : 'resume',
        reason: event.reason,
      };
    }
    return undefined;
  } finally {
    over.abort();
    await looking;
  }
}

/** The last line of a conductor's log, as the end of a sentence; empty where there is none. */
async function lastWords({ conductorLog }: RecoverPorts, id: string): Promise<string> {
  // A stack's lines begin with spaces and say less than the error above them.
  const line = (await conductorLog(id).catch((): string[] => [])).findLast((text) => /^\S/.test(text));
  return line === undefined ? '' : `; its log ends with: ${safeText(withoutSecrets(line), 300)}`;
}
