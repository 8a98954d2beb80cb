import type { Actor } from '../domain/actor.ts';
import type { AuditAct, AuditDetail, AuditEntry } from '../domain/audit.ts';
import type { ChainVerdict } from '../domain/audit-chain.ts';
import type { Command } from '../domain/command.ts';
import { OrchestraError, messageOf } from '../domain/errors.ts';
import type { Start } from '../domain/schedule.ts';
import type { AuditTrail } from '../ports/audit.ts';
import type { DeployRequest, Draft, Orchestrator } from './orchestrator.ts';

/** What faces ask of the audit trail. */
export interface Auditing {
  /** Every entry that can be read, newest first; `skipped` hears of each line that cannot. */
  auditEntries(skipped?: () => void): AsyncIterable<AuditEntry>;
  /** Reads the whole trail and says where it is not what was written. */
  verifyAudit(signal?: AbortSignal): Promise<ChainVerdict>;
}

/** What changes something, and so is written down before it is done. */
type Acts = Pick<
  Orchestrator,
  'deploy' | 'rollback' | 'command' | 'forceEnd' | 'unlock' | 'saveSelection' | 'signOff'
>;

export interface AuditingPorts {
  audit: AuditTrail;
  /** Says what a person should be told. */
  tell: (line: string) => void;
}

/** How an act went, beside its first entry. */
interface Answer {
  subject?: string;
  details?: AuditAct['details'];
}

/** Asked to hold or take back what is under way: never refused because it cannot be written down. */
function takesBack({ kind }: Command): boolean {
  return kind === 'abort' || kind === 'reject' || kind === 'pause';
}

/**
 * Writes an act down, does it, and writes down how it went. What cannot be written down is not done, but for what takes back:
 * that is done all the same, and said. That an answer could not be written is said; the act was done.
 */
export async function audited<T>(
  { audit, tell }: AuditingPorts,
  act: AuditAct,
  work: () => Promise<T>,
  answer: (result: T) => Answer,
  takingBack = false,
): Promise<T> {
  const leniently = async (each: AuditAct) => {
    try {
      await audit.record(each);
    } catch (error) {
      tell(`${each.action} of ${each.subject} is not in the audit trail: ${messageOf(error)}`);
    }
  };
  if (takingBack) await leniently(act);
  else await audit.record(act);
  const [what = ''] = act.action.split('.');
  const { who, subject, environment } = act;
  try {
    const result = await work();
    await leniently({ action: `${what}.done`, who, subject, environment, ...answer(result) });
    return result;
  } catch (error) {
    const code = error instanceof OrchestraError ? error.code : 'unexpected';
    await leniently({
      action: `${what}.failed`,
      who,
      subject,
      environment,
      details: { code, error: messageOf(error) },
    });
    throw error;
  }
}

/** The same acts, each in the audit trail. */
export function withAudit(
  acts: Acts & Pick<Orchestrator, 'get' | 'savedSelection'>,
  ports: AuditingPorts,
): Acts {
  const { audit } = ports;
  return {
    deploy: (request, draft) =>
      audited(
        ports,
        deployAct(request, draft),
        async () => {
          const id = await acts.deploy(request, draft);
          for (const { gate, why } of request.overrides ?? [])
            await recordOverride(ports, { id, gate, why, request });
          return id;
        },
        began,
      ),

    rollback: (request, draft) => {
      const { environment, by, why, version } = request;
      const to = version ?? (draft?.source.kind === 'version' ? draft.source.ref : undefined);
      const act = { action: 'rollback.requested', who: by, subject: environment, environment, why };
      return audited(ports, { ...act, details: { to } }, () => acts.rollback(request, draft), began, true);
    },

    signOff: (request) => {
      const { environment, by, why, name } = request;
      const act = { action: 'sign-off.requested', who: by, subject: environment, environment, why };
      return audited(
        ports,
        { ...act, details: { name, what: request.what.kind } },
        () => acts.signOff(request),
        ({ tree, sha }) => ({ details: { name, tree, sha } }),
      );
    },

    async command(id, command, by, why) {
      // Who takes back does not wait for a journal that cannot be read.
      const environment = (await acts.get(id).catch(() => undefined))?.environment;
      const emergency = command.kind === 'advance' && command.emergency === true;
      return audited(
        ports,
        {
          action: emergency ? 'deploy.emergency' : 'command.requested',
          who: by,
          subject: id,
          environment,
          why,
          details: commandDetails(command),
        },
        () => acts.command(id, command, by, why),
        ({ refused }) => ({ details: { kind: command.kind, refused: refused ?? false } }),
        takesBack(command),
      );
    },

    async forceEnd(request, told) {
      const { id, by, why } = request;
      const environment = (await acts.get(id).catch(() => undefined))?.environment;
      const act = { action: 'force-end.requested', who: by, subject: id, environment, why };
      return audited(
        ports,
        act,
        () => acts.forceEnd(request, told),
        () => ({}),
        true,
      );
    },

    unlock: (request) => {
      const { environment, by, why } = request;
      return audited(
        ports,
        { action: 'unlock.requested', who: by, subject: environment, environment, why },
        () => acts.unlock(request),
        ({ deployment, did }) => ({ details: { deployment, did } }),
      );
    },

    async saveSelection(selection, by) {
      const before = await acts.savedSelection().catch(() => undefined);
      const { selected } = selection;
      // The screen saves whenever a proof is done: only another choice is an act.
      const same =
        before?.selected.length === selected.length && before.selected.every((id) => selected.includes(id));
      if (by && !same)
        await audit.record({
          action: 'selection.saved',
          who: by,
          subject: 'selection',
          details: {
            strategy: selection.choice?.strategy,
            features: selected.length,
            selected: [...selected],
          },
        });
      await acts.saveSelection(selection, by);
    },
  };
}

/**
 * Writes down that a gate is let pass. The deployment has begun and its first entry named the override already: that this one
 * cannot be written is said, no more.
 */
async function recordOverride(
  { audit, tell }: AuditingPorts,
  { id, gate, why, request }: { id: string; gate: string; why: string; request: DeployRequest },
): Promise<void> {
  const { by, environment } = request;
  try {
    await audit.record({
      action: 'gate.overridden',
      who: by,
      subject: id,
      environment,
      why,
      details: { gate },
    });
  } catch (error) {
    tell(`that ${gate} is let pass in ${id} is not in the audit trail: ${messageOf(error)}`);
  }
}

const began = (id: string): Answer => ({ subject: id });

function deployAct(
  {
    environment,
    by,
    why,
    what,
    strategy,
    through,
    allowDestructive,
    start,
    emergency,
    trigger,
    overrides,
  }: DeployRequest,
  draft?: Draft,
) {
  const details: Record<string, AuditDetail | undefined> = {
    what: what.kind,
    ...(what.kind === 'version' ? { ref: what.ref } : {}),
    ...(what.kind === 'from' ? { from: what.environment } : {}),
    ...(what.kind === 'select' ? wantedWords(what.wanted) : {}),
    strategy: strategy ?? draft?.plan.strategy,
    through,
    restOf: draft?.restOf?.deployment,
    ...(draft?.restOf ? { without: draft.restOf.without.map(({ id }) => id) } : {}),
    allowDestructive,
    start: start && startText(start),
    trigger: trigger?.kind,
    ...(trigger?.branch === undefined ? {} : { branch: trigger.branch }),
    ...(overrides?.length
      ? { overrides: overrides.map(({ gate, why: reason }) => `${gate}: ${reason}`) }
      : {}),
  };
  const action = emergency === true ? 'deploy.emergency' : 'deploy.requested';
  return { action, who: by, subject: environment, environment, why, details };
}

function startText(start: Start): string {
  return start.kind === 'at' ? start.at : start.kind;
}

function wantedWords(wanted: Extract<DeployRequest['what'], { kind: 'select' }>['wanted']) {
  return wanted.kind === 'ids' ? { selected: wanted.ids } : { selected: wanted.kind };
}

/** Writes down that a deployment that lost its conductor is taken up; that is never held up by the trail. */
export async function auditTakingUp(
  { audit, tell }: AuditingPorts,
  by: Actor,
  found: { id: string; environment: string },
): Promise<void> {
  try {
    await audit.record({
      action: 'resume.started',
      who: by,
      subject: found.id,
      environment: found.environment,
    });
  } catch (error) {
    tell(`that ${found.id} is taken up is not in the audit trail: ${messageOf(error)}`);
  }
}

/** A command's own fields; of a forced end the process that it was to end. */
function commandDetails(command: Command): Record<string, AuditDetail | undefined> {
  if (command.kind === 'advance') {
    const { start, ...rest } = command;
    return { ...rest, ...(start ? { start: startText(start) } : {}) };
  }
  if (command.kind !== 'abort') return { ...command };
  return { kind: command.kind, ...(command.force ? { forced: command.force.pid } : {}) };
}
