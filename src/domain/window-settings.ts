import { z } from 'zod';
import { duration } from './duration-setting.ts';
import type { FreezePlan, WindowPlan } from './schedule.ts';
import { timeZone } from './time-zone.ts';

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
const dayName = `(?:${dayNames.join('|')})`;
const daysPattern = new RegExp(`^(?:daily|${dayName}(?:-${dayName})?(?:,${dayName}(?:-${dayName})?)*)$`);
const numberOf = (name: string) => dayNames.findIndex((day) => day === name) + 1;

/** `mon-thu`, `fri-mon`, `mon,wed` or `daily` as numbers, 1 for Monday. */
function daysOf(text: string): number[] {
  if (text === 'daily') return [1, 2, 3, 4, 5, 6, 7];
  const days = text.split(',').flatMap((part) => {
    const [first = '', last = first] = part.split('-');
    const from = numberOf(first);
    return Array.from({ length: ((numberOf(last) - from + 7) % 7) + 1 }, (_, i) => ((from - 1 + i) % 7) + 1);
  });
  return [...new Set(days)].sort((a, b) => a - b);
}

const clock = z
  .string()
  .regex(
    /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/,
    'a time such as 09:00, in quotes; 24:00 is the end of the day',
  );
const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));

/** One of `windows` of an environment: days and times, or a cron line. */
export const windowSettingsSchema = z
  .strictObject({
    days: z
      .string()
      .regex(daysPattern, 'days such as mon-thu, "mon,wed,fri", fri-mon or daily')
      .optional()
      .describe('The days on which it opens: `mon-thu`, `mon,wed,fri`, `sat-sun` or `daily`.'),
    from: clock.optional().describe('When it opens, `"09:00"`.'),
    to: clock
      .optional()
      .describe(
        'When it closes, `"16:00"`. Earlier than `from`: on the day after. `"24:00"` is the end of the day.',
      ),
    cron: z
      .string()
      .max(200)
      .optional()
      .describe(
        'Instead of days and times: the moments at which it opens, as cron writes them: `"0 9 * * mon-thu"`.',
      ),
    for: duration.optional().describe('With `cron`: how long it stays open each time.'),
    time_zone: timeZone
      .optional()
      .describe('Whose clock that is, as `Europe/Berlin`. Without it: the environment’s `time_zone`.'),
  })
  .superRefine((window, context) => {
    const add = (message: string, path?: string) =>
      context.addIssue({ code: 'custom', message, path: path === undefined ? [] : [path] });
    const { days, from, to, cron } = window;
    if (cron === undefined) {
      if (window.for !== undefined) add('no `for` without `cron`: days have `from` and `to`', 'for');
      if (days === undefined) add('days such as mon-thu, or a cron line', 'days');
      if (from === undefined) add('when it opens, such as "09:00"', 'from');
      if (to === undefined) add('when it closes, such as "16:00"', 'to');
      if (from === '24:00') add('a time before the end of the day: write "00:00" and the day after', 'from');
      if (from !== undefined && from === to)
        add(
          'another time than `from`: such a window can never open; all day is from "00:00" to "24:00"',
          'to',
        );
      return;
    }
    if (days !== undefined || from !== undefined || to !== undefined)
      add('either days and times or a cron line', 'cron');
    if (window.for === undefined || window.for <= 0)
      add('how long it stays open each time, such as 7h', 'for');
  });
export type WindowSettings = z.infer<typeof windowSettingsSchema>;

const moment = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?)?$/,
    'a day or a time of it: 2026-12-20 or 2026-12-20T18:00',
  );

/** One of `freezes` of an environment. */
export const freezeSettingsSchema = z.strictObject({
  from: moment.describe('Its first day, `2026-12-20`, or the moment it begins, `2026-12-20T18:00`.'),
  to: moment.describe('Its last day, all of it, or the moment it ends.'),
  why: z.string().min(1).max(300).describe('The reason, told to everybody it holds up.'),
  time_zone: timeZone.optional().describe('Whose clock that is. Without it: the environment’s `time_zone`.'),
});
export type FreezeSettings = z.infer<typeof freezeSettingsSchema>;

/** A window as the plan keeps it; what the schema has refused is not asked again. */
export function windowPlanOf(window: WindowSettings, zone: string): WindowPlan {
  const { days = 'daily', from = '00:00', to = '24:00', cron, time_zone: own = zone } = window;
  return cron === undefined
    ? { kind: 'days', days: daysOf(days), from: minutes(from), to: minutes(to), timeZone: own }
    : { kind: 'cron', cron, forMs: window.for ?? 0, timeZone: own };
}

/** A freeze as the plan keeps it. */
export function freezePlanOf({ from, to, why, time_zone: own }: FreezeSettings, zone: string): FreezePlan {
  return { from, to, why, timeZone: own ?? zone };
}
