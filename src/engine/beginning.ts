import { destructiveWords, needsWord } from '../domain/destructive.ts';
import { OrchestraError, exitCode } from '../domain/errors.ts';
import type { Artifacts } from '../ports/artifacts.ts';
import type { Plan } from '../domain/plan.ts';
import type { Trigger } from '../domain/schedule.ts';
import { untilWords } from '../domain/scheduled.ts';
import type { Clock } from '../ports/clock.ts';
import type { EnvironmentLock, LockEntry } from '../ports/environment-lock.ts';
import type { Git } from '../ports/git.ts';
import type { Journals } from '../ports/journal.ts';
import type { ConductorLauncher } from '../ports/launcher.ts';
import type { Memory } from '../ports/memory.ts';
import type { Processes } from '../ports/processes.ts';
import type { GatePorts } from '../gates/gate.ts';
import type { RouterMissing, RouterNeeds } from '../ports/router.ts';
import { fold } from './fold.ts';
import type { DeployRequest, Draft } from './orchestrator.ts';
import { linksOf } from './links-of.ts';
import { refuseEarly } from './early-refusal.ts';
import { needsOf } from '../gates/router-needs.ts';
import { stableOf } from './versions.ts';

export interface BeginPorts extends Pick<GatePorts, 'machine' | 'platform' | 'router'> {
  git: Git;
  memory: Memory;
  artifacts: Artifacts;
  journals: Journals;
  lock: EnvironmentLock;
  clock: Clock;
  launcher: ConductorLauncher;
  processes: Processes;
  /** Why this machine cannot run a router of that name; undefined when it can. */
  missingRouter: (name: string, needs?: RouterNeeds) => Promise<RouterMissing | undefined>;
}

/**
 * Takes the environment's lock, journals the request and launches a conductor; the deployment's id. Throws `locked` (5)
 * when another deployment holds the environment, `staging-not-verified` or `gate-refused` (4) where a gate fails already, `destructive-migration` (4) without the word for it, `stable-moved` when what
 * serves is not what the draft builds on,
 * `newer-schema` (78) when a later version of the program wrote the memory, `router-missing` or `router-cannot` (78) when the plan's router is not installed, or cannot do what the plan asks.
 */
export async function beginDeployment(
  ports: BeginPorts,
  draft: Draft,
  asked: Pick<
    DeployRequest,
    'by' | 'why' | 'links' | 'through' | 'unattended' | 'allowDestructive' | 'trigger'
  >,
): Promise<string> {
  const reason =
    draft.kind === 'rollback'
      ? `roll back to ${draft.source.kind === 'version' ? draft.source.ref : ''}`
      : 'deploy';
  const { lock, journals, clock } = ports;
  if (needsWord(draft.plan, asked.through) && asked.allowDestructive !== true)
    throw new OrchestraError('destructive-migration', destructiveWords(draft.plan), {
      exit: exitCode.gateRefused,
      hint: 'ship the code that no longer needs the data first and the migration in a later deployment; or add --allow-destructive, which is recorded',
      details: { destructive: draft.plan.destructive ?? [] },
    });
  const missing = await ports.missingRouter(draft.plan.router, needsOf(draft.plan));
  if (missing) {
    throw new OrchestraError(missing.code ?? 'router-missing', missing.why, {
      hint: missing.hint,
      exit: exitCode.config,
    });
  }
  await refuseEarly(ports, draft, asked);
  // What its end could not write is no reason to begin.
  await ports.memory.refuseNewer();
  const isStale = (entry: LockEntry) => isAbandoned(ports, entry);
  const entry = await lock
    .acquire({ environment: draft.environment, owner: asked.by, reason }, isStale)
    .catch(async (error: unknown) => {
      throw await withWhatWaits(journals, error);
    });
  let id: string;
  try {
    // Between the draft and the lock another deployment may have ended: the plan must build on what serves now.
    const stable = await stableOf(ports, draft.environment);
    if (stable?.sha !== draft.stable?.sha) {
      throw new OrchestraError(
        'stable-moved',
        `${draft.environment} changed while this deployment was being planned`,
        {
          hint: 'look at it again and start once more',
        },
      );
    }
    // The lock names the deployment before there is one: a crash in between leaves nothing that nobody owns.
    const links = await linksOf(ports.git, draft.source, asked.links);
    id = await journals.claim(clock.now());
    await lock.assign(entry, id);
    await journals.create(
      id,
      {
        type: 'deployment.requested',
        environment: draft.environment,
        kind: draft.kind,
        by: asked.by,
        ...(asked.why === undefined ? {} : { why: asked.why }),
        stable,
        source: draft.source,
        plan: draft.plan,
        ...(draft.risk === undefined ? {} : { risk: draft.risk }),
        through: asked.through,
        unattended: asked.unattended,
        ...(asked.allowDestructive ? { allowDestructive: true } : {}),
        trigger: triggerOf(draft.plan, asked.trigger),
        ...(links.length > 0 ? { links } : {}),
        ...(draft.restOf ? { restOf: draft.restOf } : {}),
      },
      clock.now(),
    );
  } catch (error) {
    await lock.release(draft.environment, entry.fence);
    throw error;
  }
  ports.launcher.launch(id);
  return id;
}

/** How a deployment came to be asked for, as its plan and who asked tell it. */
function triggerOf({ emergency, start }: Plan, given: Trigger | undefined): Trigger {
  if (emergency !== undefined) return { ...given, kind: 'emergency' };
  return given ?? { kind: start ? 'schedule' : 'hand' };
}

/** Whoever finds an environment held is told what that deployment waits for, where it is a time. */
async function withWhatWaits(journals: Journals, error: unknown): Promise<unknown> {
  if (!(error instanceof OrchestraError) || error.code !== 'locked') return error;
  const { deployment, environment } = error.details ?? {};
  if (typeof deployment !== 'string') return error;
  const d = await fold(journals, deployment).catch(() => undefined);
  const until = d && untilWords(d);
  if (!d || until === undefined) return error;
  return new OrchestraError(error.code, `${error.message}; it waits until ${until}`, {
    exit: error.exit,
    hint: `withdraw it with \`orchestrate deploy abort --env ${String(environment)}\`, or start it now with \`orchestrate deploy start --env ${String(environment)} --emergency --why REASON\``,
    details: { ...error.details, until: d.status.kind === 'waiting' ? d.status.until : undefined },
    cause: error,
  });
}

/** A lock nobody stands behind any more: its deployment is over, or its face died before there was a journal. */
export async function isAbandoned(
  { processes, journals }: Pick<BeginPorts, 'processes' | 'journals'>,
  entry: LockEntry,
): Promise<boolean> {
  if (entry.deployment !== null && (await journals.current()).includes(entry.deployment)) return false;
  return entry.conductor !== null || !processes.isAlive(entry.face);
}
