import { z } from 'zod';

/** What test runners write that is read; `providers/suites/reports/registry.ts` has one line for each. */
export const reportFormatSchema = z.enum(['junit', 'tap', 'vitest', 'jest', 'go', 'rspec', 'cargo']);
export type ReportFormatName = z.infer<typeof reportFormatSchema>;

/** A path or a pattern below the work tree: no `..`, nothing absolute, nothing a terminal would act on. */
export const reportPathSchema = z
  .string()
  .min(1)
  .max(500)
  .regex(/^[^\p{C}\\]+$/u, 'printable characters, and / between folders')
  .refine((path) => !path.startsWith('/') && !path.split('/').includes('..'), 'a path below the work tree');

/** Where a suite writes what its tests did. */
export const suiteReportSchema = z.object({
  path: reportPathSchema,
  format: reportFormatSchema.optional(),
});
export type SuiteReport = z.infer<typeof suiteReportSchema>;
