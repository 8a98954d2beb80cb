import { describe, expect, it } from 'vitest';
import type { EventBody } from '../../src/domain/event.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { aSuccess } from '../harness/deployment.ts';
import { temporaryFolders } from '../harness/folder.ts';
import { JournalBuilder } from '../harness/journal.ts';
import { memoryIn } from '../harness/memory-life.ts';

const folder = temporaryFolders();

/** A clock that is set by hand. */
function setClock(start: string) {
  let time = start;
  const clock: Clock = { now: () => new Date(time), sleep: () => Promise.resolve() };
  return {
    clock,
    set: (to: string) => {
      time = to;
    },
  };
}

/** The first events of a deployment. */
function bodies(): EventBody[] {
  const { events } = new JournalBuilder().requested().staged();
  return events.map(({ seq: _seq, deployment: _id, at: _at, ...body }) => body);
}

const times = [
  ['an hour back', '2026-11-21T09:15:00.000Z'],
  ['to 2020', '2020-01-01T00:00:00.000Z'],
] as const;

describe('a clock that was set back', () => {
  it.each(times)('%s still gives ids that are new, and newer than those that are there', async (_, time) => {
    const { clock, set } = setClock('2026-11-21T10:15:00.000Z');
    const { journals } = memoryIn(folder(), clock);
    expect(await journals.claim(clock.now())).toBe('20261121_101500');
    set(time);
    expect(await journals.claim(clock.now())).toBe('20261121_101500-2');
    expect(await journals.claim(clock.now())).toBe('20261121_101500-3');
    set('2026-11-21T10:15:01.000Z');
    expect(await journals.claim(clock.now())).toBe('20261121_101501');
  });

  it.each(times)('%s makes no event older than the one before it', async (_, time) => {
    const { clock, set } = setClock('2026-11-21T10:15:00.000Z');
    const { journals } = memoryIn(folder(), clock);
    const id = await journals.claim(clock.now());
    const [first, second] = bodies();
    if (!first || !second) throw new TypeError('no events');
    await journals.create(id, first, clock.now());
    set(time);
    const journal = await journals.open(id);
    const [event] = await journal.append([second], clock.now());
    await journal.close();
    expect(event?.at).toBe((await journals.read(id))[0]?.at);
  });

  it.each(times)('%s keeps the order of the history, and what runs is what came last', async (_, time) => {
    const { clock, set } = setClock('2026-11-21T10:15:00.000Z');
    const { journals, memory } = memoryIn(folder(), clock);
    const ids: string[] = [];
    for (let n = 0; n < 2; n += 1) {
      const id = await journals.claim(clock.now());
      const { status, ...finished } = aSuccess();
      if (status.kind !== 'finished') throw new TypeError('it is not finished');
      await memory.archive({ ...finished, id, status: { ...status, at: clock.now().toISOString() } });
      ids.push(id);
      set(time);
    }
    expect((await memory.history()).map(({ id }) => id)).toEqual(ids.toReversed());
    expect((await memory.environments())['production']?.deployment).toBe(ids[1]);
    for (const { durationMs } of await memory.history()) expect(durationMs).toBeGreaterThanOrEqual(0);
  });

  it.each(times)('%s keeps the order in which requests came', async (_, time) => {
    const { clock, set } = setClock('2026-11-21T10:15:00.000Z');
    const { journals } = memoryIn(folder(), clock);
    const id = await journals.claim(clock.now());
    const [first] = bodies();
    if (!first) throw new TypeError('no events');
    await journals.create(id, first, clock.now());
    const by = { name: 'Ada', face: 'cli' } as const;
    await journals.send(id, { id: 'one', command: { kind: 'pause' }, by });
    set(time);
    await journals.send(id, { id: 'two', command: { kind: 'resume' }, by });
    expect((await journals.inbox(id)).map((request) => request.id)).toEqual(['one', 'two']);
  });
});
