import type { Deployment } from '../domain/deployment.ts';
import type { Event } from '../domain/event.ts';
import { evolve } from '../domain/evolve.ts';
import type { Clock } from '../ports/clock.ts';
import type { EnvironmentLock } from '../ports/environment-lock.ts';
import type { Journals } from '../ports/journal.ts';

/** How long following a finished deployment waits for its record, and how often it looks, in milliseconds. */
const putAwayMs = 5000;
const putAwayLookMs = 25;

/** The deployment as its journal tells it now. Throws `unknown-deployment` (2) or `bad-journal` (74). */
export async function fold(journals: Journals, id: string): Promise<Deployment | undefined> {
  let d: Deployment | undefined;
  for (const event of await journals.read(id)) d = evolve(d, event);
  return d;
}

/**
 * The events after `fromSeq`, as they come, until the deployment is finished. It is put away before its following
 * ends: whoever looks next finds its record and a free lock.
 */
export async function* followToRecord(
  { journals, lock, clock }: { journals: Journals; lock: EnvironmentLock; clock: Clock },
  id: string,
  fromSeq: number,
  signal?: AbortSignal,
): AsyncIterable<Event> {
  let finished: Event | undefined;
  for await (const event of journals.follow(id, fromSeq, signal)) {
    yield event;
    if (event.type === 'deployment.finished') finished = event;
  }
  if (finished?.type !== 'deployment.finished') return;
  for (let waited = 0; waited < putAwayMs && signal?.aborted !== true; waited += putAwayLookMs) {
    if ((await lock.read(finished.environment))?.deployment !== id) return;
    await clock.sleep(putAwayLookMs, signal).catch(() => undefined);
  }
}
