import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/domain/event.ts';
import { EventLog, logLimit, noEvents } from '../../store/event-log.ts';

const event = (seq: number): Event => ({
  seq,
  deployment: '20260101_000000',
  at: '2026-01-01T00:00:00.000Z',
  type: 'learned',
  effect: 'learn',
  lessons: [],
});
const events = (from: number, count: number) => Array.from({ length: count }, (_, i) => event(from + i));
const seqs = (log: EventLog) => Array.from({ length: log.length }, (_, i) => log.at(i)?.seq);

describe('the events that the screen keeps', () => {
  it.each([1, 7, 255, 256, 257, 1000])('are all there in their order, taken in %i at a time', (size) => {
    let log = noEvents;
    for (let seq = 1; seq <= 3000; seq += size) log = log.with(events(seq, size));
    expect(seqs(log)).toEqual(Array.from({ length: log.length }, (_, i) => i + 1));
    expect(log.at(-1)?.seq).toBe(log.length);
    expect(log.at(log.length)).toBeUndefined();
    expect(log.at(-log.length - 1)).toBeUndefined();
  });

  it('are the newest, and never more than a block over the limit', () => {
    let log = noEvents;
    for (let seq = 1; seq <= 60_000; seq += 10) {
      log = log.with(events(seq, 10));
      expect(log.length).toBeLessThanOrEqual(logLimit + 256);
    }
    expect(log.length).toBeGreaterThanOrEqual(logLimit);
    expect(log.at(-1)?.seq).toBe(60_000);
    expect(log.at(0)?.seq).toBe(60_000 - log.length + 1);
  });

  it('stay as they were for who holds the log of before', () => {
    const before = noEvents.with(events(1, 3));
    const after = before.with(events(4, 1));
    expect(seqs(before)).toEqual([1, 2, 3]);
    expect(seqs(after)).toEqual([1, 2, 3, 4]);
    expect(after.with([])).toBe(after);
  });
});
