import { z } from 'zod';
import { outcomeSchema } from './event.ts';
import { opinionSchema } from './memory.ts';

const evidenceSchema = z.object({
  succeeded: z.number().int(),
  n: z.number().int(),
  /** 90 % Wilson interval of the success rate, 0 … 1. */
  interval: z.tuple([z.number(), z.number()]),
});

/** `learning_report.json`: what one deployment taught, with the evidence before and after it. */
export const learningReportSchema = z.object({
  schema: z.literal('orchestra/learning-report@1'),
  deployment: z.string(),
  outcome: outcomeSchema,
  reason: z.string(),
  /** Whether it tells something about the changes; when not, why not. */
  counted: z.boolean(),
  notCounted: z.string().optional(),
  lessons: z.array(z.string()),
  /** Of these, what became of the test requirement; absent where nothing did. */
  tests: z.array(z.string()).optional(),
  patterns: z.array(
    z.object({
      group: z.enum(['deployments', 'type', 'size', 'flag', 'batch', 'hour']),
      key: z.string(),
      before: evidenceSchema,
      after: evidenceSchema,
    }),
  ),
  features: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      outcome: outcomeSchema,
      blame: z.number().min(0).max(1),
      /** As it was chosen, and once this deployment was learned from; absent in reports of before they were kept. */
      before: opinionSchema.optional(),
      after: opinionSchema.optional(),
    }),
  ),
});
export type LearningReport = z.infer<typeof learningReportSchema>;
