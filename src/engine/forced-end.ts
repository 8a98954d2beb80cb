import { randomUUID } from 'node:crypto';
import type { Actor } from '../domain/actor.ts';
import { evolve } from '../domain/evolve.ts';
import type { Deployment } from '../domain/deployment.ts';
import { formatDuration } from '../domain/duration.ts';
import { OrchestraError, exitCode } from '../domain/errors.ts';
import type { ProcessIdentity } from '../ports/processes.ts';
import { answerMs } from './ask-conductor.ts';
import { seeConductor, type Sight, type SightPorts } from './conductor-seen.ts';
import { said, type RecoverPorts, type Told } from './relaunch.ts';

export interface ForcePorts extends RecoverPorts, SightPorts {
  /** Ends exactly that process with SIGKILL; whether it is gone. Never another that has its pid by now. */
  endProcess: (process: ProcessIdentity) => Promise<boolean>;
}

export interface ForcedEnd {
  id: string;
  /** The process that was ended; undefined where it answered after all, and the request is on its way. */
  ended: number | undefined;
  /** Where the journal stood before. */
  seq: number;
}

/** How often it is looked for a sign of life, in milliseconds. */
const lookMs = 250;

/** What it is given to answer the request itself, once it was silent for `answerMs`. */
const lastChanceMs = 3000;

/**
 * Ends a deployment whose conductor does not answer: puts the request to abort into its inbox, ends exactly that process and starts
 * another conductor, which finds the request and restores stable. Throws `not-needed` (2) where the conductor gives a sign of life,
 * or none runs, before anything was done; `process-stays` where it cannot be ended.
 */
export async function forceEnd(
  ports: ForcePorts,
  { id, by, why }: { id: string; by: Actor; why?: string },
  told: Told = () => undefined,
): Promise<ForcedEnd> {
  const d = await whole(ports, id);
  const sight = await seeConductor(ports, d);
  const { conductor } = sight;
  if (!conductor) throw notNeeded(d, noConductor(sight));
  told(`waiting for a sign of life from the conductor of ${id} (pid ${conductor.pid}), ${answerMs / 1000} s`);
  if (await heardWithin(ports, d, sight, answerMs))
    throw notNeeded(
      d,
      `its conductor (pid ${conductor.pid}) answers`,
      `\`orchestrate deploy abort --env ${d.environment}\` stops it and restores stable`,
    );
  const request = randomUUID();
  const command = { kind: 'abort', force: { pid: conductor.pid } } as const;
  await ports.journals.send(id, { id: request, command, by, ...(why === undefined ? {} : { why }) });
  const left = { id, seq: d.seq };
  if (await takenIn(ports, d, request)) return { ...left, ended: undefined };
  told(`ending process ${conductor.pid}, which conducts ${id} and does not answer`);
  // Looked at once more: it may have ended, and another taken over.
  const now = await seeConductor(ports, d);
  const same = now.conductor?.pid === conductor.pid && now.conductor.startTime === conductor.startTime;
  if (same && !(await ports.endProcess(conductor)))
    throw new OrchestraError('process-stays', `process ${conductor.pid} did not end, not even by SIGKILL`, {
      hint: 'it hangs in the kernel (a dead disk or network mount?) or belongs to another user; end it by hand, then `orchestrate resume`',
    });
  if (same || !now.conductor) {
    ports.launcher.launch(id);
    await said(ports, d, told);
  }
  return { ...left, ended: same ? conductor.pid : undefined };
}

async function whole(ports: ForcePorts, id: string): Promise<Deployment> {
  let d: Deployment | undefined;
  for (const event of (await ports.journals.readable(id)).events) d = evolve(d, event);
  if (d && d.status.kind !== 'finished') return d;
  throw new OrchestraError('not-running', `deployment ${id} is not running`, {
    exit: exitCode.usage,
    hint: '`orchestrate status` shows what runs',
  });
}

function noConductor({ seen }: Sight): string {
  if (seen.kind === 'starting') return `its conductor is starting, for ${formatDuration(seen.forMs)} now`;
  if (seen.kind === 'locked-out') return `its environment is held by ${seen.by}`;
  return 'no process conducts it';
}

/** Whether the conductor gives a new sign of life within so long; one that gives none at all is asked instead. */
async function heardWithin(ports: ForcePorts, d: Deployment, first: Sight, ms: number): Promise<boolean> {
  if (first.silentMs === undefined) return false;
  const begun = performance.now();
  const silentBefore = first.silentMs;
  while (performance.now() - begun < ms) {
    await ports.clock.sleep(lookMs);
    const now = await seeConductor(ports, d);
    // It ended, or another took over: then somebody else sees to it already.
    if (now.conductor?.pid !== first.conductor?.pid) return true;
    if (now.silentMs !== undefined && now.silentMs < silentBefore + (performance.now() - begun) - 2 * lookMs)
      return true;
  }
  return false;
}

/** Whether the conductor takes a request in after all. */
async function takenIn(ports: ForcePorts, d: Deployment, request: string): Promise<boolean> {
  const over = new AbortController();
  const late = ports.clock.sleep(lastChanceMs, over.signal).then(
    () => over.abort(),
    () => undefined,
  );
  try {
    for await (const event of ports.journals.follow(d.id, d.seq, over.signal))
      if (event.type === 'command.received' && event.request === request) return true;
    return false;
  } finally {
    over.abort();
    await late;
  }
}

function notNeeded(d: Deployment, why: string, hint = `\`orchestrate resume ${d.id}\` starts it again`) {
  return new OrchestraError('not-needed', `no force is needed to end ${d.id}: ${why}`, {
    exit: exitCode.usage,
    hint,
  });
}
