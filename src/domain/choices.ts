import { z } from 'zod';
import { bucketSchema, featureTypeSchema } from './feature.ts';

/** Of each bucket, so many of the newest features are frozen into a plan; which, does not depend on what was chosen. */
export const mostRows = 60;

/** What kinds of change a feature is, small enough to be kept for each. */
export const kindsSchema = z.object({
  type: featureTypeSchema,
  size: z.enum(['small', 'medium', 'large']),
  flags: z.array(z.string().max(40)).max(10),
  area: z.string().max(60).optional(),
});
export type Kinds = z.infer<typeof kindsSchema>;

/** One waiting feature: what was advised, and what was done. */
export const advisedSchema = kindsSchema.extend({
  id: z.string(),
  /** Where it stood by itself, before any choice of earlier moved it. */
  bucket: bucketSchema,
  moved: z.enum(['up', 'down']).optional(),
  taken: z.boolean(),
});
export type Advised = z.infer<typeof advisedSchema>;

/** How a choice came about: feature by feature, or one of the three that take everything of a sort at once. */
export const waySchema = z.enum(['recommended', 'critical', 'all', 'picked']);
export type Way = z.infer<typeof waySchema>;

/** What was advised when a deployment was chosen, and whether it was taken: frozen into its plan. */
export const adviceSchema = z.object({
  way: waySchema,
  /** Features that were advised or chosen, and how many of them were both. */
  of: z.number().int().nonnegative(),
  agreed: z.number().int().nonnegative(),
  /** The newest of each bucket; what came along only because another needs it was nobody's choice. */
  features: z.array(advisedSchema).max(mostRows * 4),
});
export type Advice = z.infer<typeof adviceSchema>;
