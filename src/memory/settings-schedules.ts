import { safeText } from '../domain/safe-text.ts';
import { scheduleOf } from '../domain/schedule-of.ts';
import type { Settings } from '../domain/settings.ts';
import { badSettings } from './settings-file.ts';
import { printPath } from './settings-problems.ts';

/**
 * Asks a calendar about what only that knows: whether freezes and cron lines ever come. It is loaded where there are any, and
 * by nothing else. Throws code `bad-config` (exit 78).
 */
export async function checkSchedules(settings: Settings, where: string, at: number): Promise<void> {
  const asked = Object.entries(settings.environments).flatMap(([name, environment]) => {
    const schedule = scheduleOf(environment);
    return schedule && (schedule.freezes.length > 0 || schedule.windows.some(({ kind }) => kind === 'cron'))
      ? [{ name, schedule }]
      : [];
  });
  if (asked.length === 0) return;
  const { scheduleProblems } = await import('../domain/calendar/check.ts');
  const problems = asked.flatMap(({ name, schedule }) =>
    scheduleProblems(schedule, at).map(({ path, message }) => ({
      path: printPath(['environments', name, ...path]),
      line: undefined,
      message: safeText(message, 300),
    })),
  );
  if (problems.length > 0) throw badSettings(where, problems);
}
