import type { Actor } from '../domain/actor.ts';
import type { Deployment } from '../domain/deployment.ts';
import { OrchestraError, exitCode, messageOf } from '../domain/errors.ts';
import type { EventBody } from '../domain/event.ts';
import { evolve } from '../domain/evolve.ts';
import { flagMustGo } from '../domain/flag-progress.ts';
import { candidatePlaces, saidOf } from '../domain/places.ts';
import type { LockEntry } from '../ports/environment-lock.ts';
import type { Journals } from '../ports/journal.ts';
import type { Memory } from '../ports/memory.ts';
import type { TrafficRouter } from '../ports/router.ts';
import { createShowProgress, type ProgressPorts } from './show-progress.ts';
import { planInForce } from './versions.ts';

export interface UnlockPorts extends ProgressPorts {
  journals: Journals;
  memory: Memory;
  router: TrafficRouter;
}

/** Who holds an environment. */
export type LockLook =
  | { kind: 'free' }
  /** The lock's file cannot be read. */
  | { kind: 'unreadable'; problem: string }
  | {
      kind: 'held';
      /** Undefined where it was taken and no deployment begun. */
      deployment: string | undefined;
      owner: string;
      since: string;
      /** The process that stands behind it; undefined where none is alive. */
      pid: number | undefined;
    };

export interface Unlocked {
  environment: string;
  /** The deployment that was ended as halted, where there was one. */
  deployment: string | undefined;
  /** What was done, sentence by sentence; empty where the environment was free. */
  did: string[];
}

/** Who holds an environment's lock now, and whether anybody stands behind it. Reads only. */
export async function lookAtLock(ports: UnlockPorts, environment: string): Promise<LockLook> {
  let entry: LockEntry | undefined;
  try {
    entry = await ports.lock.read(environment);
  } catch (error) {
    if (error instanceof OrchestraError && error.code === 'bad-lock')
      return { kind: 'unreadable', problem: messageOf(error) };
    throw error;
  }
  if (!entry) return { kind: 'free' };
  const behind = entry.conductor ?? entry.face;
  return {
    kind: 'held',
    deployment: entry.deployment ?? undefined,
    owner: entry.owner.name,
    since: entry.since,
    pid: ports.processes.isAlive(behind) ? behind.pid : undefined,
  };
}

/** Frees an environment whose lock nobody stands behind; its unfinished deployment ends as halted, traffic stays where it is. */
export async function unlock(
  ports: UnlockPorts,
  request: { environment: string; by: Actor; why?: string },
): Promise<Unlocked> {
  const { environment, by, why } = request;
  const found = await lookAtLock(ports, environment);
  if (found.kind === 'free') return { environment, deployment: undefined, did: [] };
  if (found.kind === 'held' && found.pid !== undefined) throw stillHeld(environment, found);
  const reason = `${by.name} unlocked ${environment}${why === undefined ? '' : `: ${why}`}`;
  const did: string[] = [];
  const deployment = found.kind === 'held' ? found.deployment : await unfinished(ports, environment);
  if (deployment !== undefined) await refuseNewer(ports, deployment);
  if (found.kind === 'unreadable' || deployment === undefined) {
    const kept = await ports.lock.free(environment, by, reason);
    if (kept !== undefined) did.push(`The lock was taken out of force; what it said is kept in ${kept}.`);
  }
  let ended = false;
  if (deployment !== undefined) {
    // Held by this process from here: a conductor that somebody starts meanwhile is refused, and no two write one journal.
    const { fence } = await ports.lock.takeOver(environment, deployment, by);
    ended = await halt(ports, { environment, deployment, by, why, reason }, did);
    await ports.lock.release(environment, fence);
  }
  did.push(`${environment} is free.`, await traffic(ports, environment, deployment));
  return { environment, deployment: ended ? deployment : undefined, did };
}

/** Throws `newer-schema` (78) where only a later version of the program understands the deployment: it must end it. */
async function refuseNewer({ journals }: UnlockPorts, id: string): Promise<void> {
  if (!(await journals.current()).includes(id)) return;
  // Reading it whole says which event that is.
  if ((await journals.readable(id)).newer) await journals.read(id);
}

/** Ends the deployment in its journal and puts it away; whether there was anything to end. */
async function halt(
  ports: UnlockPorts,
  asked: { environment: string; deployment: string; by: Actor; why: string | undefined; reason: string },
  did: string[],
): Promise<boolean> {
  const { journals, memory, clock } = ports;
  const { deployment: id, by, why, reason } = asked;
  if (!(await journals.current()).includes(id)) return false;
  if ((await journals.readable(id)).damaged) {
    await journals.mend(id);
    did.push(
      `The journal of ${id} was damaged: it was cut where it could not be read, a copy lies beside it.`,
    );
  }
  if (!(await journals.current()).includes(id)) {
    did.push(`${id} had no readable event and was set aside.`);
    return false;
  }
  const journal = await journals.open(id);
  let d: Deployment | undefined;
  try {
    for (const event of journal.events) d = evolve(d, event);
    if (!d) return false;
    if (d.status.kind !== 'finished')
      for (const event of await journal.append(ending(d, by, why, reason, clock.now()), clock.now()))
        d = evolve(d, event);
  } finally {
    await journal.close();
  }
  // For watchers only: that they cannot be told keeps nobody locked out.
  await createShowProgress(ports)(d).catch(() => undefined);
  await memory.archive(d);
  did.push(`${id} ended as halted and is in the history, with all it recorded.`);
  if (flagMustGo(d))
    did.push(
      `Its flag ${d.plan.flag?.flag} was left as it is, at ${d.flag?.percent ?? 0} % when it was last read: set it to 0 % by hand where its feature is at fault.`,
    );
  return true;
}

function ending(d: Deployment, by: Actor, why: string | undefined, reason: string, now: Date): EventBody[] {
  return [
    {
      type: 'command.received',
      request: `unlock-${now.getTime()}`,
      command: { kind: 'abort' },
      by,
      ...(why === undefined ? {} : { why }),
    },
    { type: 'deployment.concluding', outcome: 'halted', reason },
    {
      type: 'deployment.finished',
      outcome: 'halted',
      reason,
      environment: d.environment,
      version: d.candidate.kind === 'promoted' ? d.candidate.version : d.stable,
      durationMs: Math.max(0, now.getTime() - Date.parse(d.requestedAt)),
    },
  ];
}

/** The deployment that a lock which cannot be read was for. */
async function unfinished({ journals }: UnlockPorts, environment: string): Promise<string | undefined> {
  for (const id of await journals.current()) {
    const [first] = (await journals.readable(id)).events;
    if (first?.type === 'deployment.requested' && first.environment === environment) return id;
  }
  return undefined;
}

/** Where users go now in every place, which unlocking does not change. */
async function traffic(
  ports: UnlockPorts,
  environment: string,
  deployment: string | undefined,
): Promise<string> {
  const { memory } = ports;
  const record = deployment === undefined ? undefined : await memory.record(deployment);
  const plan = record?.plan ?? (await planInForce(memory, environment));
  if (!plan) return trafficIn(ports, environment);
  const said = await Promise.all(
    candidatePlaces(plan).map(async ({ key }) => saidOf(plan, key, await trafficIn(ports, key))),
  );
  return said.join(' ');
}

async function trafficIn({ router }: UnlockPorts, key: string): Promise<string> {
  if (!(await router.alive(key))) return 'No router runs: nobody is served until the next deployment.';
  const { stable, candidate, weight } = await router.read(key);
  const serving = stable ? stable.version.name : 'nothing';
  return candidate && weight > 0
    ? `Traffic was left as it is: ${weight} % goes to ${candidate.version.name}, the rest to ${serving}; the next deployment or rollback begins by giving all to stable.`
    : `Traffic was left as it is: ${serving} serves.`;
}

function stillHeld(
  environment: string,
  { owner, deployment, pid, since }: Extract<LockLook, { kind: 'held' }>,
) {
  return new OrchestraError(
    'conductor-alive',
    `${environment} is held by process ${pid} for ${deployment ?? 'a deployment that is starting'}, asked by ${owner} at ${since}`,
    {
      exit: exitCode.locked,
      hint:
        deployment === undefined
          ? 'wait for it: unlock is for locks that nobody stands behind'
          : `\`orchestrate deploy abort --env ${environment}\` stops it, with --force where it does not answer; unlock is for locks that nobody stands behind`,
      details: { environment, deployment: deployment ?? null, pid: pid ?? null },
    },
  );
}
