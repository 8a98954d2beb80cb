const minutesOf = (at: Date, timeZone: string | undefined) => {
  const parts = new Intl.DateTimeFormat('en-GB', {
    ...(timeZone === undefined ? {} : { timeZone }),
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((p) => p.type === type)?.value ?? '';
  return {
    day: `${part('weekday')} ${part('day')} ${part('month')} ${part('year')}`,
    time: `${part('hour')}:${part('minute')}`,
  };
};

/** A moment by the clock of a time zone: `Mon 23 Nov 2026 09:00 (Europe/Berlin)`. Pure. */
export function instantWords(at: string | number, timeZone: string): string {
  const { day, time } = minutesOf(new Date(at), timeZone);
  return `${day} ${time} (${timeZone})`;
}

/** The same, and what the reader's own clock says then, where that is another: `…, 08:00 for you (UTC)`. Pure. */
export function instantForReader(at: string | number, timeZone: string, reader: string): string {
  const there = minutesOf(new Date(at), timeZone);
  const here = minutesOf(new Date(at), reader);
  const words = instantWords(at, timeZone);
  if (there.day === here.day && there.time === here.time) return words;
  const theirs = there.day === here.day ? here.time : `${here.day} ${here.time}`;
  return `${words}, ${theirs} for you (${reader})`;
}

/** The time zone of this machine's user; read at the edge, never in a document. */
export function readersTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}
