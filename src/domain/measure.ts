import { z } from 'zod';
import { decisionSchema } from './verdict.ts';

const measureSourceSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('prometheus'),
    address: z.string(),
    query: z.string(),
    tokenEnv: z.string().optional(),
  }),
  z.object({
    kind: z.literal('http'),
    url: z.string(),
    jsonPath: z.string().optional(),
    timePath: z.string().optional(),
    tokenEnv: z.string().optional(),
  }),
  z.object({
    kind: z.literal('command'),
    run: z.tuple([z.string()], z.string()),
    /** Names of variables, never their values. */
    env: z.array(z.string()),
    jsonPath: z.string().optional(),
    timePath: z.string().optional(),
  }),
]);
export type MeasureSourcePlan = z.infer<typeof measureSourceSchema>;

/** A measure as it is frozen into a plan; times in milliseconds, `maxDrop` and `maxIncrease` in percent. */
export const measurePlanSchema = z.object({
  name: z.string(),
  source: measureSourceSchema,
  compare: z.enum(['threshold', 'baseline', 'candidate-vs-stable']),
  min: z.number().optional(),
  max: z.number().optional(),
  maxDrop: z.number().optional(),
  maxIncrease: z.number().optional(),
  windowMs: z.number(),
  intervalMs: z.number(),
  initialDelayMs: z.number().optional(),
  forMs: z.number(),
  timeoutMs: z.number(),
  maxAgeMs: z.number(),
  errorLimit: z.number().int(),
  inconclusiveLimit: z.number().int().optional(),
  business: z.boolean(),
  dryRun: z.boolean(),
});
export type MeasurePlan = z.infer<typeof measurePlanSchema>;

/** What a source said of one side: a number and its time, that there is none, or why it could not be asked. */
export const sideReadingSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('value'), value: z.number(), at: z.iso.datetime() }),
  z.object({ kind: z.literal('no-data'), reason: z.string() }),
  z.object({ kind: z.literal('error'), reason: z.string() }),
]);
export type SideReading = z.infer<typeof sideReadingSchema>;

/** One look at a measure: the sides it compares, read together. */
export const measureReadingSchema = z.object({
  measure: z.string(),
  at: z.iso.datetime(),
  /** Taken before the candidate had any traffic, for later readings to be compared with. */
  baseline: z.literal(true).optional(),
  candidate: sideReadingSchema.optional(),
  stable: sideReadingSchema.optional(),
});
export type MeasureReading = z.infer<typeof measureReadingSchema>;

/** What is known of a measure so far; its rows in a phase begin anew with the phase, and when a pause ends. */
export const measureStateSchema = z.object({
  name: z.string(),
  /** What stable's number was before the candidate had traffic. */
  baseline: sideReadingSchema.optional(),
  /** The newest look, the phase it belongs to, and what it means. */
  last: z
    .object({ phase: z.number().int(), reading: measureReadingSchema, verdict: decisionSchema.shape.verdict })
    .optional(),
  /** Since when every number broke a limit; looks without a number in between neither end nor prolong it. */
  failingSince: z.iso.datetime().optional(),
  errorsInRow: z.number().int(),
  inconclusiveInRow: z.number().int(),
});
export type MeasureState = z.infer<typeof measureStateSchema>;
