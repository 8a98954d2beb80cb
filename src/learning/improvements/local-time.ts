const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
export type Weekday = (typeof weekdays)[number];

/** A moment by a clock on the wall: the day of the week, Monday 0, and minutes since midnight. */
export interface LocalTime {
  day: number;
  minutes: number;
}

/** Gives moments by the clock of a time zone; UTC where there is no such zone. Moments that are none give undefined. */
export function localClock(timeZone: string): (at: string) => LocalTime | undefined {
  const format = formatFor(timeZone);
  return (at) => {
    const ms = Date.parse(at);
    if (Number.isNaN(ms)) return undefined;
    const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, value]));
    const day = weekdays.findIndex((name) => name === parts.get('weekday')?.toLowerCase());
    const minutes = Number(parts.get('hour')) * 60 + Number(parts.get('minute'));
    return day < 0 || Number.isNaN(minutes) ? undefined : { day, minutes };
  };
}

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const options = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  try {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone });
  } catch {
    return new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
  }
}

/** Days as windows of the settings write them: `mon-fri`, `mon,wed`; Monday is 0. */
export function daysWritten(days: readonly number[]): string {
  const sorted = [...new Set(days)].sort((a, b) => a - b);
  const [first, last] = [sorted[0], sorted.at(-1)];
  const name = (day: number | undefined) => weekdays[day ?? 0] ?? 'mon';
  if (sorted.length === 7) return 'daily';
  return sorted.length > 2 && first !== undefined && last !== undefined && last - first === sorted.length - 1
    ? `${name(first)}-${name(last)}`
    : sorted.map(name).join(',');
}

/** Minutes since midnight as windows write them: `09:00`. */
export function clockWritten(minutes: number): string {
  const two = (n: number) => String(n).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
