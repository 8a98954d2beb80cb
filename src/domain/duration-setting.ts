import { z } from 'zod';
import { durationPattern, parseDuration } from './duration.ts';

/** A duration in `orchestra.yaml` (`30s`, `5m`), kept as milliseconds once parsed. */
export const duration = z
  .string()
  .meta({ title: 'duration', pattern: durationPattern.source })
  .refine((text) => parseDuration(text) !== undefined, 'a duration such as 30s, 5m or 1h')
  .transform((text) => parseDuration(text) ?? 0);
