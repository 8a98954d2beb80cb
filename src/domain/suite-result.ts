import { z } from 'zod';
import { actorSchema } from './actor.ts';
import { findingSchema } from './finding.ts';
import { caseCountsSchema } from './test-case.ts';

/** A test that failed, as its runner named it; safe to print. */
export const failedCaseSchema = z.object({
  /** The line of the output that names it, without its indentation; from a report, `✖` and its name. */
  line: z.string(),
  name: z.string(),
  /** Its file, class or describe block, where a report names one. */
  group: z.string().optional(),
  message: z.string().optional(),
  /** `path:line`, where the output says it. */
  place: z.string().optional(),
});
export type FailedCase = z.infer<typeof failedCaseSchema>;

/** A number that a performance suite measured; smaller is better unless it says otherwise. */
export const measurementSchema = z.object({
  name: z.string(),
  value: z.number(),
  unit: z.string().optional(),
  higherIsBetter: z.literal(true).optional(),
  /** Single readings, where it wrote them: what tells noise from a change. */
  samples: z.array(z.number()).optional(),
});
export type Measurement = z.infer<typeof measurementSchema>;

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
  /** What its report counted; absent where it wrote none that is known. */
  counts: caseCountsSchema.optional(),
  /** Which reports were read: `junit`, `tap`, `vitest`, `jest`, `go`, `rspec`, `cargo`. */
  format: z.string().optional(),
  /** Path of every test of the report, one JSON a line (`testCaseSchema`), in the deployment's folder; and the SHA-256 of it. */
  casesFile: z.object({ path: z.string(), sha256: z.string() }).optional(),
  /** Why a report could not be read, or what it says that the exit code does not. */
  reportProblem: z.string().optional(),
  /** Lines that the suite ran through, of all that there are. */
  coverage: z
    .object({
      covered: z.number().int().nonnegative(),
      total: z.number().int().nonnegative(),
      source: z.string(),
      /** The same of the lines that the candidate changes, where the difference is known. */
      changed: z
        .object({ covered: z.number().int().nonnegative(), total: z.number().int().nonnegative() })
        .optional(),
    })
    .optional(),
  /** What a performance suite measured. */
  measurements: z.array(measurementSchema).optional(),
  /** What a security suite found. */
  findings: z.array(findingSchema).optional(),
  /** What of it could not be read, and why: its coverage, its measurements, its findings. */
  problems: z.array(z.string()).optional(),
  /** Bytes of its output that were left out of the log, between beginning and end. */
  logLeftOut: z.number().int().positive().optional(),
  /** What changed in the repository itself, outside its work tree, while it ran: by it, or by somebody else. */
  touched: z.array(z.string()).optional(),
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
  counts: true,
  casesFile: true,
});

/** How a suite stands: its last run, which is the one that counts, and those before it. */
export const suiteStateSchema = suiteResultSchema.extend({
  /** Oldest first; absent where it ran once. */
  earlier: z.array(earlierRunSchema).optional(),
  /** At whose word it was run again, the last time. */
  again: actorSchema.optional(),
});
export type SuiteState = z.infer<typeof suiteStateSchema>;
