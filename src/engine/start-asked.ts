import { OrchestraError, exitCode } from '../domain/errors.ts';
import { instantForReader } from '../domain/instant-words.ts';
import { safeText } from '../domain/safe-text.ts';
import type { Start } from '../domain/schedule.ts';
import { zoneOf } from '../domain/schedule-of.ts';
import type { EnvironmentSettings } from '../domain/settings.ts';

/** Nobody plans a rollout further ahead, milliseconds: a year. */
const furthestMs = 366 * 24 * 3_600_000;

/**
 * What `--at` asks for: `next-window`, or a day and a time by the clock of the environment, of the reader where it has no zone.
 * Throws `bad-time` (2) for what is neither, is over, or is more than a year ahead.
 */
export async function startAsked(
  text: string,
  target: Pick<EnvironmentSettings, 'time_zone' | 'windows' | 'freezes'>,
  { now, reader }: { now: Date; reader: string },
): Promise<Start> {
  if (text === 'next-window') return { kind: 'next-window' };
  const own = target.time_zone !== undefined || target.windows.length > 0;
  const zone = own ? zoneOf(target) : reader;
  const at = await momentIn(text, zone);
  const words = at === undefined ? '' : instantForReader(at, zone, reader);
  const bad = (message: string) =>
    new OrchestraError('bad-time', message, {
      exit: exitCode.usage,
      hint: 'write --at next-window, or --at 2026-11-23T09:00, which goes by the environment’s time zone; with Z or +02:00 at its end it goes by that',
    });
  if (at === undefined) throw bad(`${safeText(JSON.stringify(text), 80)} is no moment to start at`);
  if (at <= now.getTime()) throw bad(`${words} is over`);
  if (at > now.getTime() + furthestMs) throw bad(`${words} is more than a year ahead`);
  return { kind: 'at', at: new Date(at).toISOString() };
}

async function momentIn(text: string, zone: string): Promise<number | undefined> {
  if (!/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}/.test(text) || text.length > 40) return undefined;
  const { momentOf } = await import('../domain/calendar/freezes.ts');
  try {
    return momentOf(text.replace(' ', 'T'), zone);
  } catch {
    return undefined;
  }
}
