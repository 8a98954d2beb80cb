import { appendFile, mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import type { Event, EventBody } from '../../src/domain/event.ts';
import { createRunningFolds } from '../../src/engine/running-folds.ts';
import { watchFile, type WatchFile } from '../../src/memory/file-changes.ts';
import { createJournals } from '../../src/memory/journals.ts';
import { requested } from '../harness/deployment-events.ts';
import { fakeClock } from '../harness/fake-clock.ts';
import { temporaryFolders } from '../harness/folder.ts';

const folder = temporaryFolders();
const started = new Date('2026-01-01T10:00:00.000Z');
const learned: EventBody = { type: 'learned', effect: 'learn', lessons: [] };

async function journal(watch: WatchFile) {
  const clock = fakeClock();
  const dir = folder();
  const journals = createJournals({ dir, clock, watch, onProblem: () => undefined });
  const id = await journals.claim(started);
  await journals.create(id, requested(), started);
  const writer = await journals.open(id);
  const seen: Event[] = [];
  const end = new AbortController();
  const following = (async () => {
    for await (const event of journals.follow(id, 0, end.signal)) seen.push(event);
  })();
  return {
    clock,
    dir,
    journals,
    id,
    seen,
    write: (...bodies: EventBody[]) => writer.append(bodies, started),
    sees: (seqs: number) =>
      vi.waitFor(
        () => expect(seen.map((event) => event.seq)).toEqual(Array.from({ length: seqs }, (_, i) => i + 1)),
        10_000,
      ),
    async end() {
      end.abort();
      await following;
      await writer.close();
    },
  };
}

/** Until the follower waits for time to pass. */
async function asleep(clock: { sleepers: number }) {
  await vi.waitFor(() => expect(clock.sleepers).toBeGreaterThan(0), 10_000);
}

describe('N5 following a journal', () => {
  it('sees a new event as soon as the system tells of it, without time passing', async () => {
    let tell = () => {};
    const j = await journal((_, changed) => {
      tell = changed;
      return { close: () => undefined };
    });
    await j.sees(1);
    await asleep(j.clock);
    await j.clock.advance(25);
    await asleep(j.clock);
    await j.write(learned);
    tell();
    await j.sees(2);
    await j.end();
  });

  it.each([
    ['where the system has no watch to give', () => undefined],
    ['where the watch never says anything', () => ({ close: () => undefined })],
  ] satisfies [string, WatchFile][])('sees it within 65 ms %s', async (_, watch) => {
    const j = await journal(watch);
    await j.sees(1);
    for (let n = 2; n <= 4; n++) {
      await asleep(j.clock);
      await j.write(learned);
      await j.clock.advance(65);
      await j.sees(n);
    }
    await j.end();
  });

  it('trusts a watch that told it in time with longer looks, and no longer once it missed something', async () => {
    let tell = () => {};
    const j = await journal((_, changed) => {
      tell = changed;
      return { close: () => undefined };
    });
    await j.sees(1);
    await asleep(j.clock);
    await j.clock.advance(25);
    await asleep(j.clock);
    await j.write(learned);
    tell();
    await j.sees(2);
    // Until the look that was due anyway is over.
    await asleep(j.clock);
    await j.clock.advance(40);
    await asleep(j.clock);
    await j.write(learned);
    await j.clock.advance(200);
    expect(j.seen).toHaveLength(2);
    await j.clock.advance(50);
    await j.sees(3);
    await asleep(j.clock);
    await j.write(learned);
    await j.clock.advance(40);
    await j.sees(4);
    await j.end();
  });

  it('reads what rushes in ten times a second, and a lone event at once again afterwards', async () => {
    const j = await journal(() => undefined);
    await j.sees(1);
    await asleep(j.clock);
    for (let n = 2; n <= 9; n++) {
      await j.write(learned);
      await j.clock.advance(25);
      await j.sees(n);
      await asleep(j.clock);
    }
    await j.write(learned);
    await j.clock.advance(100);
    expect(j.seen).toHaveLength(9);
    await j.clock.advance(5);
    await j.sees(10);
    await asleep(j.clock);
    // Nothing came meanwhile: the rush is over.
    await j.clock.advance(105);
    await asleep(j.clock);
    await j.write(learned);
    await j.clock.advance(40);
    await j.sees(11);
    await j.end();
  });

  it('shows a decision of several events only once it is whole', async () => {
    const j = await journal(() => undefined);
    await j.sees(1);
    await asleep(j.clock);
    const file = path.join(j.dir, 'current', j.id, 'journal.ndjson');
    const line = (seq: number, more: boolean) =>
      `${JSON.stringify({ seq, deployment: j.id, at: started.toISOString(), ...(more && { more }), ...learned })}\n`;
    await appendFile(file, line(2, true));
    await j.clock.advance(40);
    await asleep(j.clock);
    expect(j.seen).toHaveLength(1);
    await appendFile(file, line(3, false));
    await j.clock.advance(40);
    await j.sees(3);
    await j.end();
  });

  it('reads a journal of megabytes to its end, and goes on when its folder moved to the history', async () => {
    const j = await journal(watchFile);
    // It is written in pieces, so the follower may gather and look more than once.
    const passes = (seqs: number) =>
      vi.waitFor(async () => {
        await j.clock.advance(250);
        expect(j.seen.map(({ seq }) => seq)).toEqual(Array.from({ length: seqs }, (_, i) => i + 1));
      }, 10_000);
    const line = (seq: number, body: EventBody) =>
      `${JSON.stringify({ seq, deployment: j.id, at: started.toISOString(), ...body })}\n`;
    const many = Array.from({ length: 4000 }, (_, i) =>
      line(i + 2, { ...learned, lessons: ['x'.repeat(200)] }),
    );
    const current = path.join(j.dir, 'current', j.id);
    await appendFile(path.join(current, 'journal.ndjson'), many.join(''));
    await passes(4001);
    const past = path.join(j.dir, 'history', j.id);
    await mkdir(path.dirname(past));
    await rename(current, past);
    const last: EventBody = {
      type: 'deployment.finished',
      outcome: 'succeeded',
      reason: 'done',
      environment: 'production',
      version: null,
      durationMs: 1,
    };
    await appendFile(path.join(past, 'journal.ndjson'), line(4002, last));
    await passes(4002);
    await j.end();
  });

  it('never throws for a file that cannot be watched', () => {
    expect(watchFile(path.join(folder(), 'absent'), () => undefined)).toBeUndefined();
  });
});

describe('N5 looking at a running deployment again', () => {
  it('reads only what is new, and gives the same fold', async () => {
    const j = await journal(() => undefined);
    const read: number[] = [];
    const fold = createRunningFolds({
      async since(id, after) {
        const found = await j.journals.since(id, after);
        read.push(found.events.length);
        return found;
      },
    });
    expect((await fold(j.id))?.seq).toBe(1);
    await j.write(learned, learned);
    expect((await fold(j.id))?.seq).toBe(3);
    expect((await fold(j.id))?.seq).toBe(3);
    expect(read).toEqual([1, 2, 0]);
    await j.end();
  });

  it('reads it anew after it could not be read', async () => {
    const j = await journal(() => undefined);
    const fold = createRunningFolds(j.journals);
    await fold(j.id);
    await appendFile(path.join(j.dir, 'current', j.id, 'journal.ndjson'), 'not an event\n{}\n');
    await expect(fold(j.id)).rejects.toThrow('cannot be read at event 2');
    await expect(fold(j.id)).rejects.toThrow('cannot be read at event 2');
    await j.journals.mend(j.id);
    expect((await fold(j.id))?.seq).toBe(1);
    await j.end();
  });
});
