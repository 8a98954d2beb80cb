import { z } from 'zod';
import { actorSchema } from './actor.ts';

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

/** A run of a suite that another one of the same suite, on the same candidate, came after. */
const earlierRunSchema = suiteResultSchema.pick({
  status: true,
  exitCode: true,
  durationMs: true,
  log: true,
  failures: true,
  cases: true,
});

/** How a suite stands: its last run, which is the one that counts, and those before it. */
export const suiteStateSchema = suiteResultSchema.extend({
  /** Oldest first; absent where it ran once. */
  earlier: z.array(earlierRunSchema).optional(),
  /** At whose word it was run again, the last time. */
  again: actorSchema.optional(),
});
export type SuiteState = z.infer<typeof suiteStateSchema>;
