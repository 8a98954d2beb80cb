import { activeAgents, type ActiveAgent } from '../domain/agents.ts';
import { attentionOf, type Attention } from '../domain/attention.ts';
import type { Deployment } from '../domain/deployment.ts';
import { firstPlace } from '../domain/places.ts';
import { safeLines } from '../domain/safe-text.ts';
import type { SuitePasts } from '../domain/suite-past.ts';
import { withoutSecrets } from '../domain/without-secrets.ts';
import type { Memory } from '../ports/memory.ts';
import type { Platform } from '../ports/platform.ts';
import type { Present } from '../ports/presence.ts';
import { seeConductor, type SightPorts } from './conductor-seen.ts';
import { suitesUnderWay } from '../domain/suites-under-way.ts';
import { outputOf } from './suite-output.ts';
import { readSuitePast } from './suite-past.ts';

export interface LookingPorts extends SightPorts {
  memory: Pick<Memory, 'history' | 'record' | 'readDocument'>;
  platform: Platform;
  /** The end of what a deployment's conductors wrote, oldest line first, as it was written. */
  conductorLog: (deployment: string) => Promise<string[]>;
}

/** What is to be said of one deployment beside what its journal holds. */
export interface Attended {
  /** Undefined when it is over. */
  attention: Attention | undefined;
  agents: ActiveAgent[];
  here: Present[];
}

/** Lines of a log that are shown of what is stuck, and how much of it is read for them. */
const shownLines = 5;
const logBytes = 16 * 1024;

/**
 * Looks at deployments again and again; remembers what past ones say of the suites of each, which is the same for as long as it
 * runs. `conducts`: this very process conducts it. `here` is who is here, where that is known already.
 */
export function createLook(
  ports: LookingPorts,
): (d: Deployment, known?: { conducts?: boolean; here?: readonly Present[] }) => Promise<Attended> {
  const pasts = new Map<string, Promise<SuitePasts>>();
  const pastOf = (d: Deployment): Promise<SuitePasts> | undefined => {
    if (d.effect?.kind !== 'run-suite') return undefined;
    const known = pasts.get(d.id) ?? readSuitePast(ports.memory, d.plan.suites).catch(() => ({}));
    pasts.set(d.id, known);
    return known;
  };
  return async (d, { conducts = false, here: known } = {}) => {
    const all = known ?? (await ports.presence.present());
    const here = all.filter(({ deployment }) => deployment === d.id);
    const conductor = conducts ? ({ kind: 'here' } as const) : (await seeConductor(ports, d, here)).seen;
    const now = ports.clock.now();
    const attention = attentionOf(d, { now, conductor, pasts: (await pastOf(d)) ?? {} });
    const log = attention?.stuck ? await logOf(ports, d, attention).catch(() => []) : [];
    return {
      attention: attention && log.length > 0 ? { ...attention, log } : attention,
      agents: activeAgents(d, here),
      here,
    };
  };
}

/** The log that shows what is stuck: the suite's, that of the version that starts, else the conductor's. */
async function logOf(ports: LookingPorts, d: Deployment, { kind, what }: Attention): Promise<string[]> {
  const { effect } = d;
  const late = suitesUnderWay(d).find((run) => what.startsWith(`suite ${run.effect.suite.name}`))?.effect;
  const last = (lines: readonly string[]) =>
    lines
      .filter((line) => line.trim() !== '')
      .slice(-shownLines)
      .map((line) => withoutSecrets(line).slice(0, 300));
  if (kind === 'suite' && late) {
    const text = await ports.memory.readDocument(d.id, outputOf(late.suite.name, late.run));
    const lines = last(safeLines((text ?? '').slice(-logBytes)));
    if (lines.length > 0) return lines;
  }
  if (kind === 'effect' && effect?.kind === 'start-candidate' && d.candidate.kind !== 'none') {
    const logs = await ports.platform.logs?.(firstPlace(d.plan), d.candidate.version.sha, logBytes);
    const lines = last(safeLines(logs?.at(-1)?.text ?? ''));
    if (lines.length > 0) return lines;
  }
  return last((await ports.conductorLog(d.id)).flatMap((line) => safeLines(line)));
}
