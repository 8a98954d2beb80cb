import { z } from 'zod';
import { adviceSchema } from './choices.ts';
import { cohortSchema } from './cohort.ts';
import { riskLevelSchema } from './feature.ts';
import { actionPlanSchema } from './action.ts';
import { flagPlanSchema } from './flag.ts';
import { measurePlanSchema } from './measure.ts';
import { overrideSchema } from './gate.ts';
import { gatesSettingsSchema } from './gate-settings.ts';
import { signingPlanSchema } from './artifact.ts';
import { schedulePlanSchema, startSchema } from './schedule.ts';
import { plannedRequirementSchema } from './test-requirement.ts';
import { verificationPlanSchema } from './verification-settings.ts';
import { signOffSchema } from './sign-off.ts';
import { suiteReportSchema } from './report-format.ts';

/** The six stages, in order. */
export const stages = ['discovery', 'selection', 'staging', 'testing', 'production', 'learning'] as const;
export const stageSchema = z.enum(stages);
export type Stage = z.infer<typeof stageSchema>;

/** How one version of the service is run; frozen from `orchestra.yaml`, durations in milliseconds. */
export const servicePlanSchema = z.object({
  name: z.string(),
  install: z.string().optional(),
  build: z.string().optional(),
  start: z.string(),
  migrate: z.string().optional(),
  /** Takes back what `migrate` of this version did. */
  migrateDown: z.string().optional(),
  portEnv: z.string(),
  health: z.object({
    path: z.string(),
    /** A path whose answer names the version that runs. */
    versionPath: z.string().optional(),
    intervalMs: z.number(),
    timeoutMs: z.number(),
  }),
  /** As written: `${NAME}` is filled in from the environment when a process starts, and never stored. */
  variables: z.record(z.string(), z.string()),
  stopTimeoutMs: z.number(),
  /** Its build runs once for all environments, with these variables as written; absent where it is built in each, or has no build. */
  artifact: z
    .object({ variables: z.record(z.string(), z.string()), outputs: z.array(z.string()).optional() })
    .optional(),
  /** How many copies of a version run; absent for one, as in plans of before there were several. */
  instances: z.number().int().positive().optional(),
});
export type ServicePlan = z.infer<typeof servicePlanSchema>;

/** How many copies of a version run. */
export function copiesOf({ instances }: ServicePlan): number {
  return instances ?? 1;
}

/** So many copies start at the same time, after the first: all 64 at once would keep each other from their health checks. */
export const startedTogether = 4;

/** Until so many copies of a version are healthy, at the longest, when each may take `timeoutMs`. */
export function startMs(copies: number, timeoutMs: number): number {
  return (1 + Math.ceil((copies - 1) / startedTogether)) * timeoutMs;
}

export const suitePlanSchema = z.object({
  name: z.string(),
  kind: z.enum(['unit', 'integration', 'smoke', 'performance', 'security']),
  run: z.string(),
  timeoutMs: z.number(),
  /** Where it writes its report; absent where it is found by itself. */
  report: suiteReportSchema.optional(),
  /** Suites that must have passed before it begins; absent for none. */
  needs: z.array(z.string()).optional(),
  /** The work tree it runs in, which it shares with what it needs and what needs it; absent: the one of all that name none. */
  tree: z.string().optional(),
  /** How often it runs again by itself where it did not pass; absent for never. */
  retries: z.number().int().nonnegative().optional(),
  /** Where it writes its coverage, what it measured, what it found: paths below its work tree. */
  coverage: z.string().optional(),
  measurements: z.string().optional(),
  findings: z.string().optional(),
});
export type SuitePlan = z.infer<typeof suitePlanSchema>;

/** Triggers of a rollback (REQUIREMENTS G4); rates in percent, windows in milliseconds. */
const triggersSchema = z.object({
  minimumSample: z.number(),
  immediateErrorRate: z.number(),
  errorRate: z.number(),
  errorWindowMs: z.number(),
  latencyIncrease: z.number(),
  latencyWindowMs: z.number(),
  /** A rise of p95 below this many milliseconds is no harm, whatever its percentage. */
  latencyToleranceMs: z.number(),
  unhealthy: z.number(),
  unhealthyWindowMs: z.number(),
  /** Bytes that the candidate's processes may hold together; without it memory decides nothing. */
  memoryLimitBytes: z.number().optional(),
  /** Percent of healthy candidates that the sequential test may take back; 0 turns it off, as in plans of before there was one. */
  falseRollbackBudget: z.number().default(0),
});
export type Triggers = z.infer<typeof triggersSchema>;

/**
 * How many copies of each version a phase works with, where the old version gives way to the new one copy by copy. Stable is
 * first brought down to `stableMeanwhile`, where the new copies need the room; the candidate's copies start; traffic
 * moves; then stable is brought down to `stable`. It is never brought up on the way forward.
 */
const scaleSchema = z.object({
  candidate: z.number().int().positive(),
  stable: z.number().int().nonnegative(),
  stableMeanwhile: z.number().int().nonnegative(),
});

/** The parts of a phase's scaling that are done one after the other. */
export const scaleStepSchema = z.enum(['make-room', 'grow', 'shrink']);
export type ScaleStep = z.infer<typeof scaleStepSchema>;

/** One step of a strategy: bring the candidate to `weight` percent and watch it for `bakeMs`. */
export const phaseSchema = z.object({
  name: z.string(),
  weight: z.number(),
  bakeMs: z.number(),
  /** How long to go on watching, from the phase's start, when the sample is still too small; then it pauses. */
  extendToMs: z.number(),
  minimumSample: z.number(),
  /** Whether the candidate's numbers decide. Not so where there is nothing to judge against; then health and version do. */
  judged: z.boolean(),
  /** Keys of the places whose traffic it moves; absent: of all. */
  places: z.array(z.string()).optional(),
  /** Absent where both versions keep all their copies. */
  scale: scaleSchema.optional(),
  /** Whom the candidate is shown to; absent where that is everybody, by weight. */
  cohort: cohortSchema.optional(),
  /** A person says what follows when it ends well, both sides' numbers before them. */
  asks: z.literal(true).optional(),
  /** The plan's flag, percent of users: set before the weight. */
  flag: z.number().int().min(0).max(100).optional(),
});
export type Phase = z.infer<typeof phaseSchema>;

/** One service in one region of an environment: what has processes, a router and numbers of its own. */
export const placePlanSchema = z.object({
  /** What platform and router know it by, a safe folder name: the environment's, where that has one service and no regions. */
  key: z.string(),
  region: z.string().optional(),
  host: z.string(),
  port: z.number(),
  service: servicePlanSchema,
  variables: z.record(z.string(), z.string()),
  /** Stable does not run here: the candidate is the first version of this place. */
  fresh: z.literal(true).optional(),
  /** The candidate does not run here: what does is stopped once the candidate is promoted everywhere else. */
  retired: z.literal(true).optional(),
});
export type PlacePlan = z.infer<typeof placePlanSchema>;

/** Frozen intent: everything a deployment will do, printable before it does any of it. */
export const planSchema = z.object({
  schema: z.literal('orchestra/plan@1'),
  environment: z.string(),
  host: z.string(),
  port: z.number(),
  platform: z.string(),
  /** What splits the traffic; plans made before there was a choice have the embedded proxy. */
  router: z.string().default('embedded'),
  strategy: z.string(),
  strategyReason: z.string(),
  service: servicePlanSchema,
  variables: z.record(z.string(), z.string()),
  /** Where there is more than one, every place in the order of starting; `service`, `host`, `port`, `variables` are the first's. */
  places: z.array(placePlanSchema).optional(),
  suites: z.array(suitePlanSchema),
  /** How many suites run at once; absent for one, as in plans of before. */
  parallelSuites: z.number().int().positive().optional(),
  /** Why suites are not run, when they are not. */
  suitesSkipped: z.string().optional(),
  phases: z.array(phaseSchema).min(1),
  /** A person has to agree before all traffic; absent where nobody has to. */
  approval: z
    .object({
      byAnother: z.boolean(),
      timeoutMs: z.number(),
      /** Names or e-mail addresses of those who may; absent: anybody. */
      by: z.array(z.string()).optional(),
      /** How many different people; absent: one. */
      count: z.number().int().positive().optional(),
      /** After so long a yes counts no longer; absent: it stays. */
      validForMs: z.number().optional(),
      /** It is asked for before the first phase, not before all traffic. */
      before: z.literal('rollout').optional(),
    })
    .optional(),
  triggers: triggersSchema,
  /** The feature flag that the phases raise; absent where none does. */
  flag: flagPlanSchema.optional(),
  /** What is measured beside the router's own numbers; absent where nothing is. */
  measures: z.array(measurePlanSchema).optional(),
  /** Checks, smoke tests and hooks, in the order in which they are done at each point; absent where there are none. */
  actions: z.array(actionPlanSchema).optional(),
  /** What of the stored data its migrations take away, a sentence a feature; absent where nothing is known to. */
  destructive: z.array(z.string()).optional(),
  /** Versions whose migrations a rollback takes back once it serves, the newest first, each run as it was deployed. */
  undo: z
    .array(
      z.object({
        version: z.object({ sha: z.string(), name: z.string() }),
        /** The key of the place it migrated in; absent in plans of before there were several. */
        place: z.string().optional(),
        service: servicePlanSchema,
        variables: z.record(z.string(), z.string()),
      }),
    )
    .optional(),
  /** How long the version before is kept for an instant return; absent: until the next deployment. */
  keepOldForMs: z.number().optional(),
  /** How long all of production may take until it is rolled back; absent in plans of before there was a limit. */
  timeoutMs: z.number().optional(),
  /** When its rollout may begin; absent: at any time. */
  schedule: schedulePlanSchema.optional(),
  /** When its rollout is to begin; absent: as soon as it is ready. */
  start: startSchema.optional(),
  /** Why windows and freezes do not hold it up; absent where they do. */
  emergency: z.string().optional(),
  /** What must hold before, during and after it, and what a person lets pass all the same; absent where nothing is looked at. */
  gates: z
    .object({
      settings: gatesSettingsSchema,
      overrides: z.array(overrideSchema),
      /** The environment that the candidate has to have been through, or why there is none; absent in plans of before it was kept. */
      comesAfter: z.union([z.object({ before: z.string() }), z.object({ none: z.string() })]).optional(),
      /** Sign-offs that its candidate had before it began. */
      signOffs: z.array(signOffSchema).optional(),
    })
    .optional(),
  /** How long and how often it is looked at after promotion; absent where nobody does by itself. */
  verification: verificationPlanSchema.optional(),
  /** What is asked of its tests more than usual, since deployments failed for lack of them; absent where nothing is. */
  testRequirement: z.array(plannedRequirementSchema).optional(),
  /** What was advised of what waited, and whether it was taken; absent where an existing revision is deployed, and in plans of before. */
  advice: adviceSchema.optional(),
  /** How its artifact is signed; absent in plans of before there were artifacts, which build where they run. */
  artifact: z.object({ signing: signingPlanSchema }).optional(),
  measureEveryMs: z.number(),
  pauseTimeoutMs: z.number(),
  afterPromotion: z.enum(['keep', 'fast-forward']),
  productionBranch: z.string().optional(),
  risk: riskLevelSchema,
  rollback: z.array(z.string()),
  estimates: z.object({ earliestPromotionMs: z.number(), longestRollbackMs: z.number() }),
  /** Things a person should know before they say yes. */
  notes: z.array(z.string()),
  settingsHash: z.string(),
});
export type Plan = z.infer<typeof planSchema>;
