import { z } from 'zod';
import { actionResultSchema } from './action.ts';
import { actorSchema } from './actor.ts';
import { artifactStateSchema } from './artifact.ts';
import { checklistItemSchema, tickSchema } from './checklist.ts';
import { culpritSchema } from './culprit.ts';
import type { Deployment } from './deployment.ts';
import { effectSchema, runSuiteSchema } from './effect.ts';
import { failureSchema, outcomeSchema, sourceSchema, versionSchema, regeneratedSchema } from './event.ts';
import { riskSchema } from './feature.ts';
import { flagProgressSchema } from './flag.ts';
import { gateResultSchema, gateTimeSchema } from './gate.ts';
import { linkSchema } from './link.ts';
import { measureStateSchema } from './measure.ts';
import { placeNumbersSchema } from './place-state.ts';
import { phaseSchema, planSchema, scaleStepSchema, stageSchema } from './plan.ts';
import { restOfSchema } from './rest-of.ts';
import { sampleSchema } from './sample.ts';
import { startSchema, triggerSchema } from './schedule.ts';
import { signOffSchema } from './sign-off.ts';
import { nothingCompared, sideBySideSchema } from './side-by-side.ts';
import { flakyPastSchema } from './suite-past.ts';
import { suiteStateSchema } from './suite-result.ts';
import { decisionSchema } from './verdict.ts';

/** A property that JSON leaves out when it is undefined. */
const absent = <T extends z.ZodType>(schema: T) => schema.optional().transform((value) => value);

const time = z.iso.datetime();

const stageStateSchema = z.discriminatedUnion('status', [
  z.object({ status: z.literal('pending') }),
  z.object({ status: z.literal('active'), startedAt: time }),
  z.object({
    status: z.enum(['passed', 'failed', 'skipped']),
    startedAt: absent(time),
    finishedAt: time,
    reason: z.string(),
  }),
]);

const phaseStateSchema = phaseSchema.extend({
  startedAt: absent(time),
  weightAt: absent(time),
  scaled: z.array(scaleStepSchema).optional(),
  decision: absent(decisionSchema),
  held: z.array(z.object({ kind: z.enum(['pause', 'roll_back']), rule: z.string(), at: time })).optional(),
  finishedAt: absent(time),
});

const statusSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('running') }),
  z.object({
    kind: z.literal('waiting'),
    after: stageSchema,
    until: time.optional(),
    reason: z.string().optional(),
    since: time.optional(),
  }),
  z.object({ kind: z.literal('paused'), reason: z.string(), since: time }),
  z.object({ kind: z.literal('rolling_back'), trigger: z.string(), reason: z.string(), since: time }),
  z.object({ kind: z.literal('concluding'), outcome: outcomeSchema, reason: z.string() }),
  z.object({
    kind: z.literal('finished'),
    outcome: outcomeSchema,
    reason: z.string(),
    at: time,
    durationMs: z.number(),
  }),
]);

const built = {
  version: versionSchema,
  tree: z.string(),
  branch: z.string().nullable(),
  regenerated: z.array(regeneratedSchema).optional(),
  notes: z.array(z.string()).optional(),
};
const running = { ...built, port: z.number(), pid: z.number() };
const candidateStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({ kind: z.literal('built'), ...built }),
  z.object({ kind: z.literal('running'), ...running }),
  z.object({ kind: z.literal('promoted'), ...running }),
]);

export const deploymentRecordName = 'orchestra/deployment@1';

/** `history/<id>/deployment.json`: the fold of one finished deployment's journal. */
export const deploymentRecordSchema = z.object({
  schema: z.literal(deploymentRecordName),
  id: z.string(),
  seq: z.number().int(),
  environment: z.string(),
  kind: z.enum(['deploy', 'rollback']),
  by: actorSchema,
  why: absent(z.string()),
  requestedAt: time,
  updatedAt: time,
  stable: versionSchema.nullable(),
  source: sourceSchema,
  plan: planSchema,
  through: stageSchema,
  unattended: z.boolean(),
  risk: absent(riskSchema),
  links: z.array(linkSchema).optional(),
  restOf: restOfSchema.optional(),
  status: statusSchema,
  stages: z.record(stageSchema, stageStateSchema),
  candidate: candidateStateSchema,
  artifact: artifactStateSchema.optional(),
  papers: absent(z.array(z.string())),
  checklist: z.array(checklistItemSchema).default([]),
  ticks: z.array(tickSchema).default([]),
  suites: z.array(suiteStateSchema),
  rerun: absent(z.object({ suite: z.string(), by: actorSchema })),
  testReport: absent(z.string()),
  flakyPast: flakyPastSchema.optional(),
  gates: z.partialRecord(gateTimeSchema, z.array(gateResultSchema)).optional(),
  signOffs: z.array(signOffSchema).optional(),
  allowDestructive: z.literal(true).optional(),
  stableReady: z.boolean(),
  stableLost: z.boolean().optional(),
  prepared: z.boolean().optional(),
  phases: z.array(phaseStateSchema),
  phase: z.number().int(),
  weight: z.object({ wanted: z.number(), actual: z.number() }),
  flag: absent(flagProgressSchema),
  approval: absent(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('requested'), phase: z.number().int(), since: z.string() }),
      z.object({
        kind: z.literal('given'),
        phase: z.number().int(),
        by: actorSchema,
        since: z.string().optional(),
      }),
    ]),
  ),
  yeses: z.array(z.object({ by: actorSchema, at: time, why: z.string().optional() })).optional(),
  trigger: triggerSchema.optional(),
  start: startSchema.optional(),
  emergency: z.object({ by: actorSchema, why: z.string() }).optional(),
  samples: z.array(sampleSchema),
  compared: sideBySideSchema.default(nothingCompared),
  measurementFailures: z.number().int(),
  others: z.record(z.string(), placeNumbersSchema).default({}),
  measures: z.array(measureStateSchema).default([]),
  actions: z.array(actionResultSchema).default([]),
  held: absent(actionResultSchema),
  verified: z.boolean(),
  cleaned: z.boolean(),
  restored: z.boolean(),
  culprit: absent(culpritSchema),
  concludedAt: time.optional(),
  lessons: absent(z.array(z.string())),
  failure: absent(failureSchema),
  effect: absent(effectSchema),
  effectSince: time.optional(),
  suitesUnderWay: z
    .array(z.object({ effect: runSuiteSchema, since: time }))
    .min(1)
    .optional(),
  attempts: z.record(z.string(), z.number().int()),
  fence: z.number(),
  conductor: absent(z.object({ pid: z.number(), startTime: z.string() })),
});

export type DeploymentRecord = z.infer<typeof deploymentRecordSchema>;

/** What is written of a deployment. That it compiles proves that the schema keeps every field of the fold. */
export function recordOf(deployment: Deployment): DeploymentRecord {
  return { schema: deploymentRecordName, ...deployment };
}

/** The deployment in a record that was read. */
export function deploymentOf(record: DeploymentRecord): Deployment {
  const { schema: _, ...deployment } = record;
  return deployment;
}
