import type { Deployment } from '../domain/deployment.ts';
import type { Look } from '../domain/progress.ts';
import type { Journals } from '../ports/journal.ts';
import type { Memory } from '../ports/memory.ts';
import { createLook, type LookingPorts } from './look.ts';
import { createRunningFolds } from './running-folds.ts';

export interface ProgressPorts extends LookingPorts {
  journals: Pick<Journals, 'current' | 'since'>;
  memory: Pick<Memory, 'history' | 'record' | 'readDocument' | 'writeProgress'>;
}

/** How long the last word about a deployment waits for others that write theirs, in milliseconds. */
const lastWordMs = 5000;

/**
 * Writes the progress files of everything that runs. Each process does it for all: the others' deployments are folded from their
 * journals, going on where the last look ended, so none loses another's. `own` is the deployment that this process conducts.
 */
export function createShowProgress(ports: ProgressPorts): (own?: Deployment) => Promise<void> {
  const foldOther = createRunningFolds(ports.journals);
  const look = createLook(ports);

  return (own) => {
    const gather = async (): Promise<Look[]> => {
      const here = await ports.presence.present();
      const ids = await ports.journals.current();
      // One that is over and being put away may not be among the unfinished any more.
      const all = own === undefined || ids.includes(own.id) ? ids : [...ids, own.id];
      const looks: Look[] = [];
      for (const id of all) {
        const conducts = id === own?.id;
        // Another's journal that cannot be read, or was just put away, is for its own conductor to tell.
        const deployment = conducts ? own : await foldOther(id).catch(() => undefined);
        if (!deployment) continue;
        const { attention } = await look(deployment, { conducts, here });
        looks.push({ deployment, attention, here });
      }
      return looks;
    };
    return ports.memory.writeProgress(
      gather,
      own?.status.kind === 'finished' ? { patienceMs: lastWordMs } : {},
    );
  };
}
