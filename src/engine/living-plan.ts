import type { Deployment } from '../domain/deployment.ts';
import { messageOf } from '../domain/errors.ts';
import type { EventBody } from '../domain/event.ts';
import { deploymentPlan } from '../planning/papers/plan/deployment-plan.ts';
import type { ConductorPorts } from './ports.ts';

/** What changes a tick, a time or a step of the plan; readings do not. */
export const writtenAnewAt: ReadonlySet<EventBody['type']> = new Set<EventBody['type']>([
  'command.received',
  'stage.started',
  'stage.finished',
  'suite.finished',
  'gates.checked',
  'phase.started',
  'phase.decided',
  'approval.requested',
  'approval.given',
  'deployment.waiting',
  'deployment.paused',
  'deployment.resumed',
  'rollback.started',
  'promoted',
  'verified',
]);

/** `DEPLOYMENT_PLAN.md`, kept as of now while a deployment runs. */
export interface LivingPlan {
  /** The deployment went on; the paper follows when the disk has time. Never throws. */
  changed(deployment: Deployment): void;
  /** Resolves when nothing of it is under way any more. */
  settled(): Promise<void>;
}

/**
 * Writes the plan anew beside what happens: nothing waits for it, least of all a rollback, and of changes that come faster
 * than the disk only the last is written. That it cannot be written is said once.
 */
export function createLivingPlan({ memory, log }: Pick<ConductorPorts, 'memory' | 'log'>): LivingPlan {
  let next: Deployment | undefined;
  let writing: Promise<void> | undefined;
  let said = false;

  async function write(): Promise<void> {
    while (next) {
      const d = next;
      next = undefined;
      try {
        await memory.writeDocuments(d.id, [deploymentPlan(d)]);
      } catch (error) {
        if (!said) log(`the deployment plan: ${messageOf(error)}`);
        said = true;
      }
    }
    writing = undefined;
  }

  return {
    changed(deployment) {
      // Before its papers are written there is none to keep.
      if (!deployment.papers) return;
      next = deployment;
      writing ??= write();
    },
    settled: async () => writing,
  };
}
