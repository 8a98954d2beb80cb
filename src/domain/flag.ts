import { z } from 'zod';
import { countsSchema } from './sample.ts';

/** Where a feature flag is kept, frozen from `orchestra.yaml`; times in milliseconds. */
export const flagProviderSchema = z.discriminatedUnion('kind', [
  /** A file in flagd's format; `path` as written, from the repository's root where it is relative. */
  z.object({ kind: z.literal('file'), path: z.string(), on: z.string(), off: z.string() }),
  z.object({
    kind: z.literal('command'),
    set: z.tuple([z.string()], z.string()),
    read: z.tuple([z.string()], z.string()),
    /** Names of variables, never their values. */
    env: z.array(z.string()),
    timeoutMs: z.number(),
  }),
]);
export type FlagProvider = z.infer<typeof flagProviderSchema>;

/** The flag that a rollout raises. */
export const flagPlanSchema = z.object({
  flag: z.string(),
  provider: flagProviderSchema,
  /** What serves after a rollback: the version before, or the new one with the flag at 0 %. */
  rollback: z.enum(['stable', 'keep']),
});
export type FlagPlan = z.infer<typeof flagPlanSchema>;

/** How far a rollout's feature flag came, and what the candidate did before it was raised. */
export const flagProgressSchema = z.object({
  /** As its service said last, percent of users. */
  percent: z.number(),
  /** The phase it was set for; −1 on the way back. */
  phase: z.number().int(),
  /** Before the rollout touched it. */
  before: z.number(),
  /** The candidate's counts while it served with the flag at 0 %, and where its counters stood when that ended. */
  baseline: z.object({ counts: countsSchema, until: countsSchema }).optional(),
});
export type FlagProgress = z.infer<typeof flagProgressSchema>;
