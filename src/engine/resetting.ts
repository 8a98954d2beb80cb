import type { Actor } from '../domain/actor.ts';
import type { Backup } from '../domain/backup.ts';
import { OrchestraError, exitCode, messageOf } from '../domain/errors.ts';
import { learnFrom } from '../learning/learn.ts';
import { opinionAfter } from '../planning/assessment/opinion.ts';
import type { Backups, Swapped } from '../ports/backups.ts';
import type { LockEntry } from '../ports/environment-lock.ts';
import { audited, type AuditingPorts } from './auditing.ts';
import { isAbandoned, type BeginPorts } from './beginning.ts';
import { deployedShas } from './deployed.ts';

/** What was done, and with what is in the memory now. */
export interface ResetDone extends Swapped {
  /** An earlier one that was interrupted was ended, instead of doing another. */
  finished: boolean;
  /** What each environment's record says it runs; it runs on. */
  serving: { environment: string; sha: string }[];
}

/** Beginning anew, and going back. */
export interface Resetting {
  /** Memories that were put away, newest first. */
  backups(): Promise<Backup[]>;
  /**
   * Puts the memory away and begins anew; what serves goes on serving. Throws `deployment-running` or `locked` (5) while a deployment
   * is under way.
   */
  reset(request: { by: Actor; why?: string; keepPreferences: boolean }): Promise<ResetDone>;
  /** Brings a backup back, the newest unless named; what is there now is put away first. Throws as `reset`, or `unknown-backup` (2). */
  undoReset(request: { by: Actor; why?: string; name?: string }): Promise<ResetDone>;
}

export interface ResetPorts
  extends Pick<BeginPorts, 'git' | 'memory' | 'journals' | 'lock' | 'processes'>, AuditingPorts {
  backups: Backups;
  /** The environments of `orchestra.yaml`; none where it cannot be read. */
  environments: () => Promise<string[]>;
}

/** `reset` and its undo. */
export function createResetting(ports: ResetPorts): Resetting {
  const { backups, git, memory } = ports;

  async function serving() {
    return [...(await deployedShas(git))].map(([environment, sha]) => ({ environment, sha }));
  }

  async function done(swapped: Swapped, finished: boolean): Promise<ResetDone> {
    await learnAgain(swapped.since);
    await memory.settle();
    return { ...swapped, finished, serving: await serving() };
  }

  /** What was deployed between a reset and its undo is learned from beside what was learned before; once, however often it is asked. */
  async function learnAgain(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const record = await memory.record(id);
      if (record)
        await memory.updatePatterns((patterns) => learnFrom(patterns, record, opinionAfter).patterns);
    }
  }

  const restorable = (all: readonly Backup[]) =>
    all.find(({ state, restored }) => state === 'done' && restored === undefined);

  return {
    backups: () => backups.list(),

    reset: ({ by, why, keepPreferences }) =>
      whileNothingRuns(ports, by, async () => {
        const open = (await backups.list()).find(({ state }) => state !== 'done');
        const act = {
          action: 'reset.requested',
          who: by,
          subject: 'memory',
          why,
          details: { keepPreferences, finishes: open?.name },
        };
        return audited(
          ports,
          act,
          async () => {
            if (open) return done(await backups.finish(open.name), true);
            // Where it was only derived so far, what runs where would be put away with what it follows from.
            await memory.settle();
            return done(await backups.swap({ by, why, keepPreferences }), false);
          },
          answer,
        );
      }),

    undoReset: ({ by, why, name }) =>
      whileNothingRuns(ports, by, async () => {
        const open = (await backups.list()).find(({ state }) => state !== 'done');
        const chosen = name ?? open?.name ?? restorable(await backups.list())?.name;
        if (chosen === undefined)
          throw new OrchestraError('unknown-backup', 'there is nothing to go back to', {
            exit: exitCode.usage,
            hint: '`orchestrate reset --list` shows what was put away',
          });
        const act = {
          action: 'reset-undo.requested',
          who: by,
          subject: 'memory',
          why,
          details: { backup: chosen, finishes: open?.name },
        };
        return audited(
          ports,
          act,
          async () => {
            if (open) await backups.finish(open.name);
            return done(await backups.swap({ by, why, keepPreferences: false, restores: chosen }), false);
          },
          answer,
        );
      }),
  };
}

function answer({ backup, putAway, cameBack, since }: ResetDone) {
  return {
    details: { backup: backup.name, putAway: putAway.length, cameBack: cameBack.length, since: since.length },
  };
}

/** Does it while every environment is held, so that no deployment begins meanwhile. Throws where one is under way. */
async function whileNothingRuns<T>(ports: ResetPorts, by: Actor, work: () => Promise<T>): Promise<T> {
  const { lock, memory, git } = ports;
  const running = await underWay(ports);
  if (running.length > 0)
    throw new OrchestraError(
      'deployment-running',
      `${running.map(({ id }) => id).join(', ')} ${running.length === 1 ? 'is' : 'are'} not over`,
      {
        exit: exitCode.locked,
        hint: `wait for the end, or: ${running.map(endOf).join(', ')}; then try again`,
        details: { deployments: running.map(({ id }) => id) },
      },
    );
  const names = new Set([
    ...(await ports.environments()),
    ...Object.keys(await memory.environments().catch(() => ({}))),
    ...(await deployedShas(git)).keys(),
  ]);
  const held: LockEntry[] = [];
  try {
    for (const environment of names)
      held.push(
        await lock.acquire({ environment, owner: by, reason: 'reset of the memory' }, (entry) =>
          isAbandoned(ports, entry),
        ),
      );
    return await work();
  } finally {
    for (const { environment, fence } of held)
      await lock
        .release(environment, fence)
        .catch((error: unknown) => ports.tell(`${environment} stays locked: ${messageOf(error)}`));
  }
}

interface UnderWay {
  id: string;
  environment: string | undefined;
}

/** Deployments that are in `current/` with anything in them, so that a conductor may be at work. */
async function underWay({ journals }: ResetPorts): Promise<UnderWay[]> {
  const running: UnderWay[] = [];
  for (const id of await journals.current()) {
    const { events } = await journals.readable(id);
    const [first] = events;
    if (first)
      running.push({
        id,
        environment: first.type === 'deployment.requested' ? first.environment : undefined,
      });
  }
  return running;
}

/** The command that ends it. */
function endOf({ id, environment }: UnderWay): string {
  return environment === undefined
    ? `\`orchestrate resume ${id}\``
    : `\`orchestrate deploy abort --env ${environment}\``;
}
