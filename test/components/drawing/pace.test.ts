import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Pace, type Paced } from '../../../components/drawing/pace.ts';

let frames: number[];
let pace: Pace;
let request: Paced;
const now = () => vi.getMockedSystemTime()?.valueOf() ?? 0;

beforeEach(() => {
  vi.useFakeTimers({ now: 10_000 });
  frames = [];
  pace = new Pace(now);
  request = pace.of(() => frames.push(now() - 10_000));
});
afterEach(() => vi.useRealTimers());

describe('the pace of frames', () => {
  it('draws a key at once, however short before something else was drawn', () => {
    pace.changed();
    request();
    vi.advanceTimersByTime(2);
    pace.pressed();
    request();
    expect(frames).toEqual([0, 2]);
  });

  it('draws a burst of keys at most 30 times a second, and its last key too', () => {
    for (let i = 0; i < 60; i += 1) {
      pace.pressed();
      request();
      vi.advanceTimersByTime(8);
    }
    vi.advanceTimersByTime(100);
    expect(frames.length).toBeLessThanOrEqual(16);
    expect(frames.at(-1)).toBeGreaterThanOrEqual(59 * 8);
  });

  it('draws what changed at once after a pause', () => {
    request();
    vi.advanceTimersByTime(40);
    pace.changed();
    request();
    expect(frames).toEqual([0, 40]);
  });

  it('draws ten frames a second at most while changes rush in, and one that comes alone at once', () => {
    for (let i = 0; i < 300; i += 1) {
      pace.changed();
      request();
      vi.advanceTimersByTime(10);
    }
    expect(frames.length).toBeLessThanOrEqual(30);
    expect(frames.length).toBeGreaterThanOrEqual(26);
    vi.advanceTimersByTime(400);
    const before = frames.length;
    pace.changed();
    request();
    expect(frames).toHaveLength(before + 1);
  });

  it('draws ten frames a second at most where something moves as well', () => {
    for (let i = 0; i < 300; i += 1) {
      if (i % 11 === 0) pace.changed();
      if (i % 8 === 0) request();
      if (i % 11 === 0) request();
      vi.advanceTimersByTime(10);
    }
    expect(frames.length).toBeLessThanOrEqual(30);
  });

  it('draws a key at once while changes rush in, and soon after it what it set going', () => {
    for (let i = 0; i < 100; i += 1) {
      pace.changed();
      request();
      vi.advanceTimersByTime(10);
    }
    pace.pressed();
    request();
    expect(frames.at(-1)).toBe(1000);
    vi.advanceTimersByTime(20);
    pace.changed();
    request();
    vi.advanceTimersByTime(20);
    expect(frames.at(-1)).toBe(1033);
  });

  it('lets what only moves wait, and draws it together with what changes meanwhile', () => {
    pace.changed();
    request();
    for (let i = 0; i < 5; i += 1) {
      vi.advanceTimersByTime(20);
      request();
    }
    pace.changed();
    request();
    expect(frames).toEqual([0, 100]);
    vi.advanceTimersByTime(1000);
    expect(frames).toEqual([0, 100]);
  });

  it('moves a spinner no more than 8 times a second', () => {
    for (let i = 0; i < 100; i += 1) {
      request();
      vi.advanceTimersByTime(10);
    }
    expect(frames.length).toBeLessThanOrEqual(9);
    expect(frames.length).toBeGreaterThanOrEqual(7);
  });

  it('draws at the end what still waits', () => {
    request();
    request();
    request.flush();
    request.flush();
    expect(frames).toEqual([0, 0]);
  });
});
