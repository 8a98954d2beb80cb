import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freezeSpan } from '../../../src/domain/calendar/freezes.ts';
import { freezeAt, nextOpening, openWindow } from '../../../src/domain/calendar/opening.ts';
import { openingOf } from '../../../src/domain/calendar/windows.ts';
import type { SchedulePlan, WindowPlan } from '../../../src/domain/schedule.ts';

const minute = 60_000;
const hour = 60 * minute;

/** Zones of both halves of the world, with offsets of whole, half and quarter hours, and one without a summer. */
const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'America/St_Johns',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Australia/Adelaide',
  'Australia/Lord_Howe',
  'America/Santiago',
  'Pacific/Chatham',
  'Africa/Cairo',
];

const days = (part: Partial<Extract<WindowPlan, { kind: 'days' }>> = {}): WindowPlan => ({
  kind: 'days',
  days: [1, 2, 3, 4],
  from: 9 * 60,
  to: 16 * 60,
  timeZone: 'Europe/Berlin',
  ...part,
});
const schedule = (windows: WindowPlan[], freezes: SchedulePlan['freezes'] = []): SchedulePlan => ({
  timeZone: 'Europe/Berlin',
  windows,
  freezes,
});
const at = (iso: string) => Date.parse(iso);
const isOpen = (window: WindowPlan, iso: string) => openWindow(schedule([window]), at(iso)) !== undefined;
const opens = (window: WindowPlan, iso: string) =>
  new Date(nextOpening(schedule([window]), at(iso)) ?? 0).toISOString();
const closes = (window: WindowPlan, iso: string) =>
  new Date(openWindow(schedule([window]), at(iso))?.to ?? 0).toISOString();

/** What the wall clock of a zone shows, read by the platform alone: days since 1970 and minutes since midnight. */
function wallOf(timeZone: string): (time: number) => { day: number; minutes: number } {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    hourCycle: 'h23',
  });
  return (time) => {
    const parts = Object.fromEntries(
      format.formatToParts(time).map(({ type, value }) => [type, Number(value)]),
    );
    const day = Date.UTC(parts['year'] ?? 0, (parts['month'] ?? 0) - 1, parts['day'] ?? 0) / 86_400_000;
    return { day, minutes: (parts['hour'] ?? 0) * 60 + (parts['minute'] ?? 0) };
  };
}

const known = new Map<string, number[]>();

/** What the wall shows minute by minute, in minutes since 1970. */
function shownFrom(timeZone: string, begin: number, length: number): number[] {
  const key = `${timeZone} ${begin}`;
  const wall = wallOf(timeZone);
  const shown =
    known.get(key) ??
    Array.from({ length }, (_, i) => {
      const { day, minutes } = wall(begin + i * minute);
      return day * 1440 + minutes;
    });
  known.set(key, shown);
  return shown;
}

/**
 * Every minute of some days, walked through one after the other: a window of a day opens with the first minute that shows its
 * `from` or later, and closes with the first that shows its `to` or later. Which of them are open.
 */
function walked(window: Extract<WindowPlan, { kind: 'days' }>, begin: number, minutes: number): boolean[] {
  const length = minutes + 5 * 1440;
  const shown = shownFrom(window.timeZone, begin - 3 * 24 * hour, length);
  const first = (wanted: number) => shown.findIndex((minute_) => minute_ >= wanted);
  const open = Array.from({ length }, () => false);
  const firstDay = Math.floor((shown[0] ?? 0) / 1440);
  for (let day = firstDay + 1; day <= firstDay + 7 + minutes / 1440; day++) {
    // 1970 began on a Thursday.
    if (!window.days.includes(((day + 3) % 7) + 1)) continue;
    const from = first(day * 1440 + window.from);
    const to = first(day * 1440 + (window.to > window.from ? window.to : window.to + 1440));
    if (from >= 0) open.fill(true, from, to < 0 ? length : to);
  }
  return open.slice(3 * 1440, 3 * 1440 + minutes);
}

describe('deployment windows', () => {
  it('G1 are open on their days between their times, by the clock of their zone', () => {
    expect(isOpen(days(), '2026-11-23T08:00:00Z'), 'Monday 9:00').toBe(true);
    expect(isOpen(days(), '2026-11-23T07:59:59Z')).toBe(false);
    expect(isOpen(days(), '2026-11-23T14:59:59Z')).toBe(true);
    expect(isOpen(days(), '2026-11-23T15:00:00Z'), 'Monday 16:00').toBe(false);
    expect(isOpen(days(), '2026-11-20T10:00:00Z'), 'Friday').toBe(false);
    expect(opens(days(), '2026-11-20T10:00:00Z')).toBe('2026-11-23T08:00:00.000Z');
    expect(closes(days(), '2026-11-23T10:00:00Z')).toBe('2026-11-23T15:00:00.000Z');
  });

  it('G1 go over midnight into the day after, also where that is none of their days', () => {
    const night = days({ days: [5], from: 22 * 60, to: 2 * 60 });
    expect(isOpen(night, '2026-11-20T23:30:00Z'), 'Saturday 0:30').toBe(true);
    expect(isOpen(night, '2026-11-21T01:00:00Z'), 'Saturday 2:00').toBe(false);
    expect(isOpen(night, '2026-11-19T23:30:00Z'), 'Friday 0:30').toBe(false);
  });

  it('G1 open when the clock jumps over their beginning, and close when it jumps over their end', () => {
    const early = days({ days: [7], from: 150, to: 240 });
    expect(opens(early, '2026-03-29T00:00:00Z')).toBe('2026-03-29T01:00:00.000Z');
    const late = days({ days: [7], from: 60, to: 150 });
    expect(closes(late, '2026-03-29T00:30:00Z')).toBe('2026-03-29T01:00:00.000Z');
    const gone = days({ days: [7], from: 135, to: 165 });
    expect(opens(gone, '2026-03-28T12:00:00Z'), 'not on the day that has no such time').toBe(
      '2026-04-05T00:15:00.000Z',
    );
  });

  it('G1 take an hour that comes twice as its first', () => {
    const window = days({ days: [7], from: 135, to: 165 });
    expect(opens(window, '2026-10-24T12:00:00Z')).toBe('2026-10-25T00:15:00.000Z');
    expect(isOpen(window, '2026-10-25T01:20:00Z'), 'the second 2:20').toBe(false);
    const long = days({ days: [7], from: 150, to: 240 });
    expect(isOpen(long, '2026-10-25T01:10:00Z'), 'the second 2:10, after the first 2:30').toBe(true);
  });

  it('G1 know half an hour of summer, on the other half of the world', () => {
    const window = days({ days: [7], from: 105, to: 180, timeZone: 'Australia/Lord_Howe' });
    // From +10:30 to +11 on the first Sunday of October, at 2:00.
    expect(opens(window, '2026-10-03T00:00:00Z')).toBe('2026-10-03T15:15:00.000Z');
    expect(closes(window, '2026-10-03T15:20:00Z')).toBe('2026-10-03T16:00:00.000Z');
    const kathmandu = days({ days: [1], from: 540, to: 600, timeZone: 'Asia/Kathmandu' });
    expect(opens(kathmandu, '2026-11-22T00:00:00Z')).toBe('2026-11-23T03:15:00.000Z');
  });

  it('G1 that follow each other without a gap close once, and those of all day never', () => {
    const two = schedule([days({ days: [1], from: 540, to: 720 }), days({ days: [1], from: 720, to: 800 })]);
    expect(openWindow(two, at('2026-11-23T08:30:00Z'))).toEqual({ to: at('2026-11-23T12:20:00Z') });
    const always = schedule([days({ days: [1, 2, 3, 4, 5, 6, 7], from: 0, to: 1440 })]);
    expect(openWindow(always, at('2026-11-23T08:30:00Z'))).toEqual({ to: undefined });
  });

  it('G1 of a cron line are open for so long after each of its moments', () => {
    const window: WindowPlan = {
      kind: 'cron',
      cron: '0 9 * * mon-thu',
      forMs: 7 * hour,
      timeZone: 'Europe/Berlin',
    };
    for (const iso of ['2026-11-23T08:00:00Z', '2026-11-23T14:59:00Z', '2026-11-26T10:00:00Z'])
      expect(isOpen(window, iso), iso).toBe(true);
    for (const iso of ['2026-11-23T07:59:00Z', '2026-11-23T15:00:00Z', '2026-11-20T10:00:00Z'])
      expect(isOpen(window, iso), iso).toBe(false);
    expect(opens(window, '2026-11-20T10:00:00Z')).toBe('2026-11-23T08:00:00.000Z');
  });

  it('G1 agree with a walk through every minute, at any time of any zone', () => {
    // Two days around the changes of the clock, where it is hardest, and any other days.
    const moments = [
      '2026-03-07',
      '2026-03-28',
      '2026-04-04',
      '2026-09-05',
      '2026-09-26',
      '2026-10-03',
      '2026-10-24',
      '2026-10-31',
      '2026-04-24',
      '2026-06-15',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom(...moments),
        fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        fc.integer({ min: 0, max: 95 }),
        fc.integer({ min: 0, max: 96 }),
        fc.integer({ min: 0, max: 14 }),
        (timeZone, moment, weekdays, from, to, offset) => {
          fc.pre(from !== to);
          const window = { kind: 'days', days: weekdays, from: from * 15, to: to * 15, timeZone } as const;
          const begin = at(`${moment}T00:00:00Z`);
          const expected = walked({ ...window, days: [...weekdays] }, begin, 3 * 1440);
          for (let i = offset; i < expected.length; i += 15) {
            const span = openingOf({ ...window, days: [...weekdays] }, begin + i * minute);
            const open = span !== undefined && span.from <= begin + i * minute;
            if (open !== expected[i])
              throw new Error(`${timeZone} ${new Date(begin + i * minute).toISOString()}: ${String(open)}`);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('G1 open next at the first moment at which they are open, never earlier and never later', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.integer({ min: at('2026-01-01'), max: at('2027-12-31') }),
        fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
        fc.integer({ min: 0, max: 1439 }),
        fc.integer({ min: 0, max: 1440 }),
        (timeZone, now, weekdays, from, to) => {
          fc.pre(from !== to);
          const plan = schedule([{ kind: 'days', days: weekdays, from, to, timeZone }]);
          const next = nextOpening(plan, now);
          expect(next).toBeGreaterThanOrEqual(now);
          expect(openWindow(plan, next ?? 0)).toBeDefined();
          if (next !== now) expect(openWindow(plan, (next ?? 0) - 1)).toBeUndefined();
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('change freezes', () => {
  const freeze = { from: '2026-12-20', to: '2027-01-03', why: 'the holidays', timeZone: 'Europe/Berlin' };

  it('G1 last from the first minute of their first day to the end of their last', () => {
    const span = freezeSpan(freeze);
    expect(new Date(span.from).toISOString()).toBe('2026-12-19T23:00:00.000Z');
    expect(new Date(span.to).toISOString()).toBe('2027-01-03T23:00:00.000Z');
    expect(freezeAt(schedule([], [freeze]), span.to - 1)?.freeze.why).toBe('the holidays');
    expect(freezeAt(schedule([], [freeze]), span.to)).toBeUndefined();
  });

  it('G1 may begin and end at a time of their zone, or at one with its offset', () => {
    const span = freezeSpan({ ...freeze, from: '2026-12-20T18:00', to: '2026-12-21T06:00:00Z' });
    expect(new Date(span.from).toISOString()).toBe('2026-12-20T17:00:00.000Z');
    expect(new Date(span.to).toISOString()).toBe('2026-12-21T06:00:00.000Z');
  });

  it('G1 put the next opening off to the first window after them', () => {
    const plan = schedule([days()], [freeze]);
    expect(new Date(nextOpening(plan, at('2026-12-18T12:00:00Z')) ?? 0).toISOString()).toBe(
      '2027-01-04T08:00:00.000Z',
    );
    expect(nextOpening(schedule([], [freeze]), at('2026-12-25T00:00:00Z'))).toBe(at('2027-01-03T23:00:00Z'));
  });
});
