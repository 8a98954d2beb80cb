import { z } from 'zod';
import { choicesMemorySchema } from './choices-memory.ts';
import { deploymentFactsSchema } from './deployment-facts.ts';
import { outcomeSchema } from './event.ts';
import { bucketSchema } from './feature.ts';
import { deploymentModelSchema } from './risk/deployment-model.ts';
import { outcomeModelSchema } from './risk/outcome-model.ts';
import { statisticsSchema } from './statistics.ts';
import { testRequirementSchema } from './test-requirement.ts';

/** What happens to the files of past deployments. Their rows, the statistics and what was learned stay in any case. */
export const retentionSchema = z.object({
  /** So many of the newest keep their whole folder in `history/`; older ones are packed into `archive/`. */
  whole_deployments: z.number().int().min(1).default(1000),
  /** Those that began more days ago are packed too, however few there are. */
  whole_days: z.number().int().min(1).optional(),
  /** Packed files of those that began more days ago are removed for good. Without it none are. */
  delete_after_days: z.number().int().min(1).optional(),
});
export type Retention = z.infer<typeof retentionSchema>;

export const configName = 'orchestra/config@2';

/** `deployment_memory/config.json`: personal and learned preferences, beside statistics. */
export const preferencesSchema = z.object({
  schema: z.literal(configName),
  user_preferences: z
    .object({
      max_features_per_deployment: z.number().int().positive().default(15),
      require_staging: z.boolean().default(false),
      auto_rollback_threshold: z.number().min(0).max(100).default(5),
      retention: retentionSchema.prefault({}),
      /** Choices of deployments that were asked for before count no more: they were cleared then. */
      choices_since: z.iso.datetime().optional(),
    })
    .prefault({}),
  statistics: statisticsSchema.prefault({}),
});
export type Preferences = z.infer<typeof preferencesSchema>;

const count = z.number().int().nonnegative();
const tallySchema = z.object({ succeeded: count.default(0), failed: count.default(0) });
export type Tally = z.infer<typeof tallySchema>;

/** What is thought of a feature: its probability of success, and where it stands. */
export const opinionSchema = z.object({ probability: z.number().min(0).max(1), bucket: bucketSchema });
export type Opinion = z.infer<typeof opinionSchema>;

/** How one feature fared; its commits identify it even when its id changes. */
const featureOutcomeSchema = z.object({
  id: z.string(),
  title: z.string(),
  commits: z.array(z.string()),
  deployments: z.array(
    z.object({
      deployment: z.string(),
      at: z.string(),
      outcome: outcomeSchema,
      reason: z.string(),
      /** Share of the blame, 0 … 1: the whole of it when it shipped alone or the failure was traced to it. */
      blame: z.number().min(0).max(1),
      /** What traced the failure to it, where something did. */
      evidence: z.string().optional(),
      /** What was thought of it once this was learned from; absent where nobody asked. */
      after: opinionSchema.optional(),
      /** What later deployments said of this failure: the share and the evidence before each, and why it changed. */
      since: z
        .array(
          z.object({
            deployment: z.string(),
            before: z.number().min(0).max(1),
            evidence: z.string().optional(),
            why: z.string(),
          }),
        )
        .optional(),
    }),
  ),
});
export type FeatureOutcome = z.infer<typeof featureOutcomeSchema>;

/** `deployment_memory/patterns/deployment_patterns.json`: what past deployments taught, each tally with its n in it. */
export const patternsSchema = z.object({
  schema: z.literal('orchestra/patterns@1'),
  deployments: tallySchema.prefault({}),
  byType: z.record(z.string(), tallySchema).default({}),
  /** `small` < 50 lines, `medium` < 400, `large`. */
  bySize: z.record(z.string(), tallySchema).default({}),
  byFlag: z.record(z.string(), tallySchema).default({}),
  /** `1`, `2-5`, `6-15`, `16+` features in one deployment. */
  byBatch: z.record(z.string(), tallySchema).default({}),
  /** UTC hour, `00` … `23`. */
  byHour: z.record(z.string(), tallySchema).default({}),
  features: z.array(featureOutcomeSchema).default([]),
  /** Deployments these patterns have learned from, newest last, the last 500: learning twice changes nothing. */
  learned: z.array(z.string()).default([]),
  /** What failures for lack of tests ask of later deployments, the newest last; absent while none did. */
  testRequirement: z.array(testRequirementSchema).optional(),
  /** What these deployments taught of features like theirs; one that cannot be read is learned again. */
  outcome: outcomeModelSchema.optional().catch(undefined),
  /** And of how the probabilities of features make a deployment's. */
  together: deploymentModelSchema.optional().catch(undefined),
  /** What people chose of what waited, change by change; absent while nothing was. */
  chosen: choicesMemorySchema.optional(),
  /** How many changes a person took and left, as decided last, by the bucket each stood in by itself. */
  choices: z.record(z.string(), z.object({ taken: count, left: count })).default({}),
});
export type Patterns = z.infer<typeof patternsSchema>;

/** One line of the history table; derived from the records, and can be rebuilt from them. */
export const historyRowSchema = z.object({
  id: z.string(),
  environment: z.string(),
  kind: z.enum(['deploy', 'rollback']),
  outcome: outcomeSchema,
  reason: z.string(),
  version: z.string().nullable(),
  /** The version this deployment tried; equal to `version` when it succeeded. */
  candidate: z.string().nullable(),
  strategy: z.string(),
  features: z.array(z.object({ id: z.string(), title: z.string() })),
  by: z.string(),
  startedAt: z.string(),
  durationMs: z.number(),
  /** Why windows and freezes did not hold it up; absent where they did. */
  emergency: z.string().optional(),
  /** Ids of the change request, issues and specifications it belongs to; absent where there are none. */
  links: z.array(z.string()).optional(),
  /** The failed deployment whose rest it shipped; absent where it was none's. */
  restOf: z.string().optional(),
  /** What analysis needs; absent in rows of before there was any, and made from the record then. */
  facts: deploymentFactsSchema.optional(),
});
export type HistoryRow = z.infer<typeof historyRowSchema>;
