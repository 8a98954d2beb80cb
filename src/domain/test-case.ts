import { z } from 'zod';

/** One test as its runner reported it; texts safe to print. */
export const testCaseSchema = z.object({
  /** Its file, class or describe block, where the report names one. */
  group: z.string().optional(),
  name: z.string(),
  status: z.enum(['passed', 'failed', 'skipped']),
  durationMs: z.number().nonnegative().optional(),
  message: z.string().optional(),
  /** `path:line`, where the report says it. */
  place: z.string().optional(),
});
export type TestCase = z.infer<typeof testCaseSchema>;

/** How many tests a suite ran, by how they ended. */
export const caseCountsSchema = z.object({
  total: z.number().int().nonnegative(),
  passed: z.number().int().nonnegative(),
  failed: z.number().int().nonnegative(),
  skipped: z.number().int().nonnegative(),
});
export type CaseCounts = z.infer<typeof caseCountsSchema>;
