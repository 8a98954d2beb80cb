import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { EventBody } from '../../src/domain/event.ts';
import { createUiStore } from '../../store/create-store.ts';
import { follow } from '../../store/follower.ts';
import { FakeOrchestrator } from '../harness/fake-orchestrator.ts';
import { JournalBuilder } from '../harness/journal.ts';

beforeEach(() => {
  vi.useFakeTimers({
    toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'clearImmediate'],
  });
});
let stop = () => {};
afterEach(() => {
  stop();
  vi.useRealTimers();
});

const learned: EventBody = { type: 'learned', effect: 'learn', lessons: [] };

async function following() {
  const journal = new JournalBuilder().requested();
  const fake = new FakeOrchestrator({ running: journal });
  const store = createUiStore({ columns: 80, rows: 24 }, 0);
  stop = follow(store, fake, journal.id, () => undefined);
  await vi.advanceTimersByTimeAsync(1000);
  let updates = 0;
  store.subscribe((state, before) => {
    if (state.events !== before.events) updates++;
  });
  return {
    store,
    updates: () => updates,
    happens(...bodies: EventBody[]) {
      for (const body of bodies) journal.add(body);
      fake.publish();
    },
  };
}

describe('what the screen takes in', () => {
  it('U4 is a lone event at once', async () => {
    const f = await following();
    f.happens(learned);
    await vi.advanceTimersByTimeAsync(0);
    expect(f.updates()).toBe(1);
  });

  it('U4 is a decision of several events in one piece', async () => {
    const f = await following();
    const before = f.store.getState().events.length;
    f.happens(learned, learned, learned);
    await vi.advanceTimersByTimeAsync(0);
    expect(f.store.getState().events.length).toBe(before + 3);
    expect(f.updates()).toBe(1);
  });

  it('U4 is a hundred events a second in ten pieces, the last one within a tenth of a second', async () => {
    const f = await following();
    const before = f.store.getState().events.length;
    for (let n = 0; n < 300; n++) {
      f.happens(learned);
      await vi.advanceTimersByTimeAsync(10);
    }
    expect(f.updates()).toBeLessThanOrEqual(31);
    await vi.advanceTimersByTimeAsync(110);
    expect(f.store.getState().events.length).toBe(before + 300);
  });
});
