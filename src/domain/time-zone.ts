import { z } from 'zod';
import { nearest } from './nearest.ts';
import { safeText } from './safe-text.ts';

/** Whether this machine knows a time zone of that name; an offset such as `+02:00` is none: it has no summer. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name) || name.length > 60) return false;
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** What is wrong with the name of a time zone, and the one that was likely meant. */
export function notATimeZone(name: string): string {
  const near = nearest(name, ['UTC', ...Intl.supportedValuesOf('timeZone')]);
  const meant = near === undefined ? 'write it as in Europe/Berlin, or UTC' : `did you mean "${near}"?`;
  return `there is no time zone ${safeText(JSON.stringify(name), 80)}: ${meant}`;
}

/** The name of a time zone in `orchestra.yaml`, as IANA has it. */
export const timeZone = z
  .string()
  .meta({ title: 'time zone' })
  .superRefine((name, context) => {
    if (!isTimeZone(name)) context.addIssue({ code: 'custom', message: notATimeZone(name) });
  });
