import type { Actor } from '../domain/actor.ts';
import type { ChoicesReport } from '../domain/choices-report.ts';
import { choicesReport } from '../learning/choices-report.ts';
import type { Clock } from '../ports/clock.ts';
import type { Memory } from '../ports/memory.ts';
import { audited, type AuditingPorts } from './auditing.ts';

/** What was put aside when choices were cleared. */
export interface ChoicesCleared {
  /** The file that holds them now, absolute; null where nothing was learned. */
  backup: string | null;
  deployments: number;
  changes: number;
}

/** What was learned of people's choices (REQUIREMENTS M6): seen, and cleared. */
export interface LearnedChoices {
  choices(): Promise<ChoicesReport>;
  /** Forgets them; those of deployments asked for before now do not come back. They are written into a file below the memory first. */
  clearChoices(request: { by: Actor; why?: string }): Promise<ChoicesCleared>;
}

/** Sentences of the audit trail's entry. */
const mostTold = 20;

/** What was chosen against the advice, over the memory and the audit trail. */
export function createLearnedChoices(
  ports: { memory: Memory; clock: Clock } & AuditingPorts,
): LearnedChoices {
  const { memory, clock } = ports;

  async function clear(request: { by: Actor; why?: string }): Promise<ChoicesCleared> {
    const { chosen, choices } = await memory.patterns();
    const at = clock.now().toISOString();
    const found = { deployments: chosen?.deployments.length ?? 0, changes: chosen?.decisions.length ?? 0 };
    const text = `${JSON.stringify({ schema: 'orchestra/choices-backup@1', at, ...request, choices, chosen }, null, 2)}\n`;
    const name = `choices-${at.replaceAll(/[-:]|\.\d+|Z/g, '').replace('T', '_')}.json`;
    const backup = found.changes === 0 ? null : await memory.writeExport(name, text);
    await memory.forgetChoices(at);
    return { backup, ...found };
  }

  return {
    choices: async () =>
      choicesReport(await memory.patterns(), await memory.historyWithFacts(() => undefined)),
    async clearChoices(request) {
      const { leanings } = choicesReport(await memory.patterns(), []);
      return audited(
        ports,
        {
          action: 'choices-clear.requested',
          who: request.by,
          subject: 'choices',
          why: request.why,
          details: {
            moved: leanings
              .filter(({ state }) => state === 'moves')
              .slice(0, mostTold)
              .map(({ text }) => text),
          },
        },
        () => clear(request),
        ({ backup, deployments, changes }) => ({ details: { backup, deployments, changes } }),
      );
    },
  };
}
