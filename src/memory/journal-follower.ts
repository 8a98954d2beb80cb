import { disk } from '../../providers/runtime/disk.ts';
import type { Event } from '../domain/event.ts';
import type { Clock } from '../ports/clock.ts';
import type { WatchFile } from './file-changes.ts';
import { parseJournal } from './journal-lines.ts';

/** How often a follower looks for new lines by itself, in milliseconds; and once the system has told it of some in time. */
const lookEveryMs = 40;
const toldLookEveryMs = 250;

/** After something new the next look is this much later, in milliseconds: what is written together is read together. */
const gatherMs = 25;

/** After so many looks in a row that all found something, they are this far apart: what rushes in is read at the pace that a screen is drawn. */
const rushLooks = 8;
const rushMs = 105;

/** Bytes read at once: a long journal must not hold up everything else that this process does. */
const chunkBytes = 256 * 1024;

/**
 * The events of the journal `id` in `name` after `fromSeq`, then new ones as they are written, until the deployment is finished
 * or the signal aborts. `watch` is a hint that saves waiting for the next look; the first growth it misses ends the trust in it.
 */
export async function* followJournal(
  name: string,
  id: string,
  { fromSeq, signal, clock, watch }: FollowOptions,
): AsyncGenerator<Event> {
  // The handle stays good when the folder moves to history/, and so does the watch.
  const file = await disk.open(name, 'read');
  const wait = waiting(clock, signal);
  const watched = watch(name, () => wait.told());
  let trusted = false;
  try {
    let seen = 0;
    let rest = Buffer.alloc(0);
    let inARow = 0;
    while (!signal?.aborted) {
      const asked = wait.takeWord();
      const size = await file.size();
      if (size <= seen) {
        inARow = 0;
        await wait.until(trusted ? toldLookEveryMs : lookEveryMs);
        continue;
      }
      trusted = watched !== undefined && (asked || (trusted && wait.hasWord()));
      const chunk = await file.read(seen, Math.min(size - seen, chunkBytes));
      seen += chunk.length;
      rest = Buffer.concat([rest, chunk]);
      const { events, length } = parseJournal(rest, id, null);
      rest = rest.subarray(length);
      for (const event of events) {
        if (event.seq > fromSeq) yield event;
        if (event.type === 'deployment.finished') return;
      }
      if (seen < size) continue;
      inARow += 1;
      await wait.gather(inARow > rushLooks ? rushMs : gatherMs);
    }
  } finally {
    watched?.close();
    wait.end();
    await file.close();
  }
}

export interface FollowOptions {
  fromSeq: number;
  signal: AbortSignal | undefined;
  clock: Clock;
  watch: WatchFile;
}

/** Waits that a word from outside, or the end of the following, cuts short. One sleep is under way at most, however often. */
function waiting(clock: Clock, signal: AbortSignal | undefined) {
  const over = new AbortController();
  let word = false;
  let asleep = false;
  let wake = () => {};
  const cutShort = () => {
    over.abort();
    wake();
  };
  signal?.addEventListener('abort', cutShort);

  async function sleep(ms: number): Promise<void> {
    asleep = true;
    await clock.sleep(ms, over.signal).catch(() => undefined);
    asleep = false;
    wake();
  }

  return {
    told() {
      word = true;
      wake();
    },
    hasWord: () => word,
    /** Whether a word came since the last call. */
    takeWord(): boolean {
      const had = word;
      word = false;
      return had;
    },
    /** Lets more come together before the next look. */
    gather: (ms: number) => clock.sleep(ms, over.signal).catch(() => undefined),
    /** Until a word came, or `ms` at most: less where an earlier wait was cut short, which only means one look more. */
    async until(ms: number): Promise<void> {
      if (word || signal?.aborted === true) return;
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      if (!asleep) void sleep(ms);
      await woken;
    },
    end() {
      over.abort();
      signal?.removeEventListener('abort', cutShort);
    },
  };
}
