import type { Actor } from '../domain/actor.ts';
import type { Event } from '../domain/event.ts';
import type { Presence } from '../ports/presence.ts';
import { fold } from './fold.ts';
import { keepConducted, type RecoverPorts } from './relaunch.ts';

/** How long following a finished deployment waits for its record, and how often it looks, in milliseconds. */
const putAwayMs = 5000;
const putAwayLookMs = 25;

/**
 * The events after `fromSeq`, as they come, until the deployment is finished. A conductor that dies meanwhile is
 * started again: a face that watches is the next one to look. The deployment is put away before its following ends,
 * so that whoever looks next finds its record and a free lock. While it goes on, `by` is among those who work on the deployment.
 * Throws `conductor-dies` when no conductor stays.
 */
export async function* followToRecord(
  ports: RecoverPorts & { presence: Presence },
  id: string,
  fromSeq: number,
  signal?: AbortSignal,
  by?: Actor,
): AsyncIterable<Event> {
  const { journals, lock, clock } = ports;
  const d = await fold(journals, id);
  if (!d) return;
  const stay =
    by && d.status.kind !== 'finished'
      ? await ports.presence.arrive({ by, deployment: id, role: 'watches' })
      : undefined;
  const over = new AbortController();
  const end = () => over.abort();
  signal?.addEventListener('abort', end, { once: true });
  if (signal?.aborted === true) end();
  let died: unknown;
  const kept = keepConducted(ports, id, d.environment, over.signal).catch((error: unknown) => {
    died = error;
    over.abort(error);
  });
  try {
    for await (const event of journals.follow(id, fromSeq, over.signal)) yield event;
    if (died !== undefined) throw died;
    for (let waited = 0; waited < putAwayMs && signal?.aborted !== true; waited += putAwayLookMs) {
      if ((await lock.read(d.environment))?.deployment !== id) return;
      await clock.sleep(putAwayLookMs, signal).catch(() => undefined);
    }
  } finally {
    signal?.removeEventListener('abort', end);
    over.abort();
    await stay?.leave();
    await kept;
  }
}
