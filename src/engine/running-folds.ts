import type { Deployment } from '../domain/deployment.ts';
import { evolve } from '../domain/evolve.ts';
import type { Journals } from '../ports/journal.ts';

interface Kept {
  deployment: Deployment;
  /** How far its journal was folded. */
  bytes: number;
}

/** A deployment as its journal tells it now. Throws `unknown-deployment` (2) or `bad-journal` (74). */
export type RunningFold = (id: string) => Promise<Deployment | undefined>;

/**
 * Folds of unfinished deployments that go on where the last look ended: whoever looks every two seconds reads what is new, not a
 * journal of an hour again and again. A journal is never changed before the place up to which it was read.
 */
export function createRunningFolds(journals: Pick<Journals, 'since'>): RunningFold {
  const kept = new Map<string, Kept>();
  return async (id) => {
    const before = kept.get(id);
    let d = before?.deployment;
    // Forgotten until it is read whole, so that a journal that cannot be read is read anew next time.
    kept.delete(id);
    const { events, bytes } = await journals.since(id, { seq: d?.seq ?? 0, bytes: before?.bytes ?? 0 });
    for (const event of events) d = evolve(d, event);
    if (d && d.status.kind !== 'finished') kept.set(id, { deployment: d, bytes });
    return d;
  };
}
