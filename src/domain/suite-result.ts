import { z } from 'zod';

/** A test that failed, as its runner named it; safe to print. */
export const failedCaseSchema = z.object({
  /** The line of the output that names it, without its indentation. */
  line: z.string(),
  name: z.string(),
  message: z.string().optional(),
  /** `path:line`, where the output says it. */
  place: z.string().optional(),
});
export type FailedCase = z.infer<typeof failedCaseSchema>;

export const suiteResultSchema = z.object({
  suite: z.string(),
  kind: z.string(),
  status: z.enum(['passed', 'failed', 'timed_out']),
  exitCode: z.number().nullable(),
  durationMs: z.number(),
  /** Path of the whole output, and its last lines, safe to print. */
  log: z.string(),
  tail: z.array(z.string()),
  /** Lines of the output that name a failing test, where its runner writes any. */
  failures: z.array(z.string()).optional(),
  /** The same with what it says of each; absent where it names none. */
  cases: z.array(failedCaseSchema).optional(),
});
export type SuiteResult = z.infer<typeof suiteResultSchema>;
