/** A duration as people write it: a number and its unit. */
export const durationPattern = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h)$/;

const units = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/** Milliseconds of a duration as people write it: `500ms`, `30s`, `5m`, `2h`; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  const match = durationPattern.exec(text.trim());
  if (!match) return undefined;
  const unit = units[match[2] as 'ms' | 's' | 'm' | 'h'];
  return Math.round(Number(match[1]) * unit);
}

/** A duration for people: `850 ms`, `12 s`, `5 min`, `1 h 20 min`. */
export function formatDuration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
  const rest = minutes % 60;
  return rest ? `${Math.floor(minutes / 60)} h ${rest} min` : `${Math.floor(minutes / 60)} h`;
}

/** Milliseconds as `parseDuration` reads them, in the largest unit that is whole: `1500ms`, `90s`, `5m`, `24h`. */
export function writtenDuration(ms: number): string {
  const unit = (['h', 'm', 's'] as const).find((one) => ms >= units[one] && ms % units[one] === 0) ?? 'ms';
  return `${ms / units[unit]}${unit}`;
}
