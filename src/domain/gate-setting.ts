import { z } from 'zod';
import { durationPattern, parseDuration } from './duration.ts';
import { parseSize } from './size-setting.ts';

/** What a gate that failed does; `off` is not looked at at all. */
const severity = z.enum(['blocking', 'warning', 'off']);

/** The settings of one gate: what it does when it failed, and limits of its own. */
export const gateSetting = <More extends z.ZodRawShape>(
  usual: z.infer<typeof severity>,
  what: string,
  more: More,
) =>
  z
    .strictObject({ severity: severity.default(usual).describe('What it does when it failed.'), ...more })
    .describe(what);

/**
 * A duration that stays as it was written: gates' settings are frozen into the plan as they are, and are parsed again
 * whenever a journal is read. `parseDuration` gives its milliseconds.
 */
export const writtenDurationSetting = z
  .string()
  .meta({ title: 'duration', pattern: durationPattern.source })
  .refine((text) => (parseDuration(text) ?? 0) > 0, 'a duration such as 500ms or 2s');

/** A size that stays as it was written, for the same reason. `parseSize` gives its bytes. */
export const writtenSizeSetting = z
  .string()
  .refine((text) => parseSize(text) !== undefined, 'a size such as 512MB or 1.5GB');
