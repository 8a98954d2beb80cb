import type { Deployment } from '../domain/deployment.ts';
import type { Event } from '../domain/event.ts';
import type { Journals } from '../ports/journal.ts';
import { createLook, type Attended } from './look.ts';
import { createShowProgress, type ProgressPorts } from './show-progress.ts';

export type { Attended };

/** What every face can ask about the deployments that run. */
export interface Attending {
  /** What a deployment waits for, whether it is stuck, and who works on it now. */
  attend(d: Deployment): Promise<Attended>;
  /** The newest events of a deployment, oldest first. */
  recent(id: string, most: number): Promise<Event[]>;
}

/** How often a face writes the progress files in the place of a conductor, at most, in milliseconds. */
const insteadMs = 2000;

/** Where a conductor is stopped or gone nobody else tells the watchers of the files: whoever sees it does. */
export function createAttending(
  ports: ProgressPorts & { journals: Pick<Journals, 'readable' | 'current' | 'since'> },
): Attending {
  const look = createLook(ports);
  const showProgress = createShowProgress(ports);
  let shownAt = Number.NEGATIVE_INFINITY;
  return {
    async attend(d) {
      const found = await look(d);
      const { attention } = found;
      const unsaid =
        attention?.stuck === true && (attention.kind === 'conductor' || attention.kind === 'lock');
      if (unsaid && performance.now() - shownAt > insteadMs) {
        shownAt = performance.now();
        // For watchers only; a memory that may only be read is no reason to say nothing here.
        await showProgress().catch(() => undefined);
      }
      return found;
    },
    async recent(id, most) {
      return (await ports.journals.readable(id)).events.slice(-most);
    },
  };
}
