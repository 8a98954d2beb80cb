import { Cron } from 'croner';
import type { WindowPlan } from '../schedule.ts';
import type { Span } from './windows.ts';

type CronWindow = Extract<WindowPlan, { kind: 'cron' }>;

/** The opening of a cron window that `at` is in, the one that began first; else the next one. */
export function cronBegins({ cron, forMs, timeZone }: CronWindow, at: number): Span | undefined {
  const moments = new Cron(cron, { timezone: timeZone, paused: true });
  const begins = moments.nextRun(new Date(at - forMs))?.getTime();
  return begins === undefined ? undefined : { from: begins, to: begins + forMs };
}

/** Why a cron line cannot open a window, seen from `at`; undefined where it can. */
export function whyNotCron(cron: string, timeZone: string, at: number): string | undefined {
  try {
    const next = new Cron(cron, { timezone: timeZone, paused: true }).nextRun(new Date(at));
    return next ? undefined : 'it never comes';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
