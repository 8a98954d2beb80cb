import { formatDuration } from './duration.ts';
import type { SideReading } from './measure.ts';

/** Clocks of two machines that are kept right differ by less than this, in milliseconds. */
const clockToleranceMs = 10_000;

/** What a source gave, before anybody believes it. `at` is its own time for the number, where it has one. */
export interface RawReading {
  value: unknown;
  at?: unknown;
}

const numeric = /^[+-]?(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400})(?:e[+-]?\d{1,5})?$/iu;

/**
 * A number and its time as a reading, or why they are none. Nothing doubtful passes for a number: NaN (nothing was there to
 * divide by) and what is too old are no data; infinite, negative or unreadable numbers and times in the future are errors.
 */
export function soundReading(raw: RawReading, now: Date, maxAgeMs: number): SideReading {
  const error = (reason: string): SideReading => ({ kind: 'error', reason });
  const noData = (reason: string): SideReading => ({ kind: 'no-data', reason });
  if (raw.value === undefined || raw.value === null) return noData('it has no number');
  const value = numberOf(raw.value);
  if (value === undefined) return error('it gave something that is no number');
  if (Number.isNaN(value)) return noData('it gave NaN: there was nothing to count');
  if (!Number.isFinite(value)) return error('it gave an infinite number');
  if (value < 0) return error(`it gave a negative number, ${value}`);
  const at = raw.at === undefined || raw.at === null ? now.getTime() : timeOf(raw.at);
  if (at === undefined) return error('it gave a time that is none');
  const age = now.getTime() - at;
  if (age < -clockToleranceMs)
    return error(`its clock is ${formatDuration(-age)} ahead: the reading is from the future`);
  if (age > maxAgeMs)
    return noData(
      `its newest number is ${formatDuration(age)} old, more than the ${formatDuration(maxAgeMs)} of max_age`,
    );
  // Minus zero is a zero; JSON would write it so too.
  return { kind: 'value', value: value === 0 ? 0 : value, at: new Date(at).toISOString() };
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (/^nan$/iu.test(text)) return Number.NaN;
  if (/^[+-]?inf(?:inity)?$/iu.test(text)) return Number.POSITIVE_INFINITY;
  return numeric.test(text) ? Number(text) : undefined;
}

/** Milliseconds since 1970 of seconds, milliseconds or ISO 8601. Numbers below 10¹¹ are seconds: as milliseconds they are 1973. */
function timeOf(value: unknown): number | undefined {
  const number = numberOf(value);
  if (number !== undefined) {
    const ms = Math.abs(number) < 1e11 ? number * 1000 : number;
    return Number.isFinite(ms) && Math.abs(ms) < 8e15 ? ms : undefined;
  }
  const iso = typeof value === 'string' && /^\d{4}-\d\d-\d\dT/u.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(iso) ? undefined : iso;
}
