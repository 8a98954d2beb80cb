import type { SchedulePlan } from '../schedule.ts';
import { whyNotCron } from './cron.ts';
import { freezeSpan, momentOf } from './freezes.ts';

/** Something that windows or freezes cannot mean: where, from the environment on, and why. */
export interface ScheduleProblem {
  path: (string | number)[];
  message: string;
}

/** What of a schedule no calendar has: days that are none, freezes that end before they begin, cron lines that never come. Pure. */
export function scheduleProblems({ windows, freezes }: SchedulePlan, at: number): ScheduleProblem[] {
  const problems: ScheduleProblem[] = [];
  for (const [i, window] of windows.entries()) {
    if (window.kind !== 'cron') continue;
    const why = whyNotCron(window.cron, window.timeZone, at);
    if (why !== undefined)
      problems.push({ path: ['windows', i, 'cron'], message: `it can never open: ${why}` });
  }
  for (const [i, freeze] of freezes.entries()) {
    const wrong = (['from', 'to'] as const).filter((end) => !isMoment(freeze[end], freeze.timeZone));
    for (const end of wrong)
      problems.push({ path: ['freezes', i, end], message: `${freeze[end]} is not in any calendar` });
    if (wrong.length > 0) continue;
    const span = freezeSpan(freeze);
    if (span.to <= span.from)
      problems.push({ path: ['freezes', i, 'to'], message: `it ends before it begins, at ${freeze.from}` });
  }
  return problems;
}

function isMoment(text: string, timeZone: string): boolean {
  try {
    momentOf(text, timeZone);
    return true;
  } catch {
    return false;
  }
}
