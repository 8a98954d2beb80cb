import { evolve } from '../domain/evolve.ts';
import type { Deployment } from '../domain/deployment.ts';
import { OrchestraError, exitCode } from '../domain/errors.ts';
import type { Event } from '../domain/event.ts';
import { deploymentReport } from '../planning/papers/html/deployment-report.ts';
import { deploymentPlan } from '../planning/papers/plan/deployment-plan.ts';
import type { Journals } from '../ports/journal.ts';
import type { Memory } from '../ports/memory.ts';

/** The papers of a deployment, made from its journal at this moment; nothing is written. */
export interface Reporting {
  /** The deployment plan with every tick and time as of now. Throws `unknown-deployment` (2). */
  planPaper(id: string): Promise<string>;
  /** The HTML report, running or finished, with the path of the one in its folder. Throws `unknown-deployment` (2), `bad-journal` (74). */
  reportPage(id: string): Promise<string>;
}

export function createReporting({ journals, memory }: { journals: Journals; memory: Memory }): Reporting {
  async function folded(id: string): Promise<{ d: Deployment; events: readonly Event[] }> {
    const events = await journals.read(id);
    let d: Deployment | undefined;
    for (const event of events) d = evolve(d, event);
    d ??= await memory.record(id);
    if (d) return { d, events };
    throw new OrchestraError('unknown-deployment', `there is no deployment ${id}`, {
      exit: exitCode.usage,
      hint: '`orchestrate history` lists them',
    });
  }
  return {
    async planPaper(id) {
      return deploymentPlan((await folded(id)).d).text;
    },
    async reportPage(id) {
      const { d, events } = await folded(id);
      return deploymentReport(d, events).text;
    },
  };
}
