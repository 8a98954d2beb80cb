import { z } from 'zod';
import { kindOf, workerKindSchema, type Actor } from './actor.ts';
import type { Deployment } from './deployment.ts';
import { safeText } from './safe-text.ts';

/** What somebody does for a deployment: asked for it, follows it, or carries it out. */
export const agentRoleSchema = z.enum(['requested', 'watches', 'conducts']);
export type AgentRole = z.infer<typeof agentRoleSchema>;

/** Somebody or something that works on a deployment now. */
export const activeAgentSchema = z.object({
  name: z.string(),
  kind: workerKindSchema,
  /** Which AI agent or CI system. */
  tool: z.string().optional(),
  deployment: z.string(),
  role: agentRoleSchema,
  /** Absent for somebody whose process is not here any more, who can only be `requested`. */
  pid: z.number().int().optional(),
  /** Since when that process is here. */
  since: z.string().optional(),
});
export type ActiveAgent = z.infer<typeof activeAgentSchema>;

/** A process that is here, as far as the domain knows processes. */
export interface HereNow {
  process: { pid: number };
  by: Actor;
  deployment: string;
  role: AgentRole;
  since: string;
}

/** Names come from git and from environments: nobody can write on the screen through them. */
function named(by: Actor): Pick<ActiveAgent, 'name' | 'kind' | 'tool'> {
  const { tool } = by;
  return {
    name: safeText(by.name, 100),
    kind: kindOf(by),
    ...(tool === undefined ? {} : { tool: safeText(tool, 60) }),
  };
}

/** Who works on a deployment now: who asked for it, the conductor, and whoever follows it. Pure. */
export function activeAgents(
  d: Pick<Deployment, 'id' | 'by' | 'conductor'>,
  here: readonly HereNow[],
): ActiveAgent[] {
  const own = here.filter(({ deployment }) => deployment === d.id);
  const asker = own.find(({ role, process, by }) => role === 'watches' && isAsker(d.by, by, process.pid));
  const conductor = own.find(({ role }) => role === 'conducts');
  const at = ({ process, since }: HereNow) => ({ pid: process.pid, since });
  const pid = conductor?.process.pid ?? d.conductor?.pid;
  return [
    { ...named(d.by), deployment: d.id, role: 'requested', ...(asker ? at(asker) : {}) },
    ...(pid === undefined
      ? []
      : [
          {
            name: 'conductor',
            kind: 'worker' as const,
            deployment: d.id,
            role: 'conducts' as const,
            pid,
            ...(conductor ? { since: conductor.since } : {}),
          },
        ]),
    ...own
      .filter((one) => one.role === 'watches' && one !== asker)
      .map((one) => ({ ...named(one.by), deployment: d.id, role: 'watches' as const, ...at(one) })),
  ];
}

/** The very process that asked, still following. */
function isAsker(asked: Actor, by: Actor, pid: number): boolean {
  return asked.name === by.name && asked.pid === pid && asked.host === by.host;
}
