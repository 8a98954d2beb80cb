import { z } from 'zod';
import { durationPattern, parseDuration } from './duration.ts';

/** Longer than anything that waits here, and short enough for every clock and counter: a year. */
const longestMs = 8760 * 3_600_000;

/** A duration in `orchestra.yaml` (`30s`, `5m`), kept as milliseconds once parsed. */
export const duration = z
  .string()
  .meta({ title: 'duration', pattern: durationPattern.source })
  .refine(
    (text) => (parseDuration(text) ?? Number.POSITIVE_INFINITY) <= longestMs,
    'a duration such as 30s, 5m or 1h, of a year (8760h) at most',
  )
  .transform((text) => parseDuration(text) ?? 0);
