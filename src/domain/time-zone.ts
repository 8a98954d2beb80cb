import { z } from 'zod';
import { nearest } from './nearest.ts';

/** Whether this machine knows a time zone of that name; an offset such as `+02:00` is none: it has no summer. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name) || name.length > 60) return false;
  try {
    return Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** What was expected in the place of a name that is no time zone: the one that was likely meant. */
export function timeZoneMeant(name: string): string {
  const near = nearest(name, ['UTC', ...Intl.supportedValuesOf('timeZone')]);
  return near === undefined
    ? 'the name of a time zone, such as Europe/Berlin, or UTC'
    : `the name of a time zone; did you mean ${JSON.stringify(near)}?`;
}

/** The name of a time zone in `orchestra.yaml`, as IANA has it. */
export const timeZone = z
  .string()
  .meta({ title: 'time zone' })
  .superRefine((name, context) => {
    if (!isTimeZone(name)) context.addIssue({ code: 'custom', message: timeZoneMeant(name) });
  });
