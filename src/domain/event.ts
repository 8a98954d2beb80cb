import { z } from 'zod';
import { actionResultSchema } from './action.ts';
import { actorSchema } from './actor.ts';
import { artifactStateSchema } from './artifact.ts';
import { checklistItemSchema } from './checklist.ts';
import { commandSchema } from './command.ts';
import { culpritSchema } from './culprit.ts';
import { effectSchema } from './effect.ts';
import { bucketSchema, featureTypeSchema, flagsSchema, riskSchema } from './feature.ts';
import { gateResultSchema, gateTimeSchema } from './gate.ts';
import { linkSchema } from './link.ts';
import { measureReadingSchema } from './measure.ts';
import { planSchema, scaleStepSchema, stageSchema } from './plan.ts';
import { restOfSchema } from './rest-of.ts';
import { sampleSchema } from './sample.ts';
import { triggerSchema } from './schedule.ts';
import { flakyPastSchema } from './suite-past.ts';
import { suiteResultSchema, type SuiteResult } from './suite-result.ts';
import { decisionSchema } from './verdict.ts';

export const outcomeSchema = z.enum(['succeeded', 'rolled_back', 'failed', 'blocked', 'halted']);
export type Outcome = z.infer<typeof outcomeSchema>;

/** A version that runs or ran: its full sha and the name people know it by. */
export const versionSchema = z.object({ sha: z.string(), name: z.string() });
export type Version = z.infer<typeof versionSchema>;

/** What a deployment remembers of each feature it ships; enough to learn from without the repository. */
const shippedFeatureSchema = z.object({
  id: z.string(),
  title: z.string(),
  type: featureTypeSchema,
  pullRequest: z.number().optional(),
  commits: z.array(z.string()),
  /** When its first commit was written; absent in journals of before it was recorded. */
  writtenAt: z.iso.datetime().optional(),
  authors: z.array(z.string()),
  /** Its authors' commits on the base, as far as they were read, the most of one of them; absent where that is not known. */
  authorCommits: z.number().int().nonnegative().optional(),
  fileCount: z.number(),
  paths: z.array(z.string()),
  additions: z.number(),
  deletions: z.number(),
  flags: flagsSchema,
  bucket: bucketSchema,
  risk: riskSchema,
  /** Not chosen itself: pulled in by what needs it. */
  pulledIn: z.boolean(),
});
export type ShippedFeature = z.infer<typeof shippedFeatureSchema>;

/** Where the candidate comes from: a selection to be built, or a revision that exists already. */
export const sourceSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('selection'),
    base: z.object({ ref: z.string(), sha: z.string() }),
    head: z.object({ ref: z.string(), sha: z.string() }),
    features: z.array(shippedFeatureSchema),
  }),
  z.object({
    kind: z.literal('version'),
    ref: z.string(),
    sha: z.string(),
    features: z.array(shippedFeatureSchema),
  }),
]);
export type Source = z.infer<typeof sourceSchema>;

export const failureSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string(),
  /** The last lines of the log that shows it, already safe to print. */
  log: z.array(z.string()).optional(),
});
export type Failure = z.infer<typeof failureSchema>;

/** A lockfile that was made again for the candidate, by which tool, and why; safe to print. */
export const regeneratedSchema = z.object({ path: z.string(), tool: z.string(), reason: z.string() });
export type Regenerated = z.infer<typeof regeneratedSchema>;

const stageStatusSchema = z.enum(['passed', 'failed', 'skipped']);

export { suiteResultSchema, type SuiteResult };

const bodies = [
  z.object({
    type: z.literal('deployment.requested'),
    environment: z.string(),
    kind: z.enum(['deploy', 'rollback']),
    by: actorSchema,
    why: z.string().optional(),
    /** The revision that serves now; null on the first deployment. */
    stable: versionSchema.nullable(),
    source: sourceSchema,
    plan: planSchema,
    /** The last stage to enter without being asked again. */
    through: stageSchema,
    /** No person can be asked: a pause ends in an abort after its time-out. */
    unattended: z.boolean(),
    /** A person said the word that a destructive migration asks for. */
    allowDestructive: z.literal(true).optional(),
    risk: riskSchema.optional(),
    /** How it came to be asked for; absent in journals of before it was recorded. */
    trigger: triggerSchema.optional(),
    /** The change request, issues and specifications it belongs to; absent where none is known. */
    links: z.array(linkSchema).optional(),
    /** The failed deployment whose candidate this is without some of its features; absent where it is none's. */
    restOf: restOfSchema.optional(),
  }),
  z.object({
    type: z.literal('conductor.started'),
    pid: z.number(),
    startTime: z.string(),
    fence: z.number(),
    /** `fresh` on the first start; afterwards what this conductor found and will do. */
    recovery: z.enum(['fresh', 'resume', 'roll_back']),
    reason: z.string(),
  }),
  z.object({
    type: z.literal('command.received'),
    request: z.string(),
    command: commandSchema,
    by: actorSchema,
    why: z.string().optional(),
    /** Why it has no effect, when it has none. */
    refused: z.string().optional(),
  }),
  z.object({ type: z.literal('stage.started'), stage: stageSchema }),
  z.object({
    type: z.literal('stage.finished'),
    stage: stageSchema,
    status: stageStatusSchema,
    reason: z.string(),
  }),
  /** Journaled before the effect runs. */
  z.object({ type: z.literal('effect.started'), effect: effectSchema }),
  z.object({ type: z.literal('effect.failed'), effect: z.string(), failure: failureSchema }),
  z.object({
    type: z.literal('candidate.built'),
    effect: z.string(),
    version: versionSchema,
    /** What the proof promised; `version` has it, or `builtTree`. */
    tree: z.string(),
    branch: z.string().nullable(),
    commits: z.number().int(),
    /** With the lockfiles that were made again; absent where none was. */
    builtTree: z.string().optional(),
    regenerated: z.array(regeneratedSchema).optional(),
    notes: z.array(z.string()).optional(),
  }),
  /** What is rolled out: built now, found as it was built before, or none to be had. */
  z.object({ type: z.literal('artifact.built'), effect: z.string(), artifact: artifactStateSchema }),
  z.object({
    type: z.literal('papers.written'),
    effect: z.string(),
    files: z.array(z.string()),
    /** What people are to tick; absent from journals of before. */
    checklist: z.array(checklistItemSchema).optional(),
  }),
  z.object({ type: z.literal('suite.finished'), effect: z.string(), result: suiteResultSchema }),
  z.object({
    type: z.literal('tests.reported'),
    effect: z.string(),
    file: z.string(),
    /** What the history said of the suites' tests then; absent where it knew of none that failed only sometimes. */
    past: flakyPastSchema.optional(),
  }),
  /** How the gates of one time stand; what stops the deployment follows from it. */
  z.object({
    type: z.literal('gates.checked'),
    effect: z.string(),
    when: gateTimeSchema,
    results: z.array(gateResultSchema),
  }),
  z.object({ type: z.literal('stable.ready'), effect: z.string(), detail: z.string() }),
  /** What died in the middle of a rollout, and that it is back. */
  z.object({ type: z.literal('stable.lost'), detail: z.string() }),
  z.object({ type: z.literal('stable.revived'), effect: z.string(), detail: z.string() }),
  z.object({ type: z.literal('router.revived'), detail: z.string() }),
  z.object({
    type: z.literal('candidate.started'),
    effect: z.string(),
    port: z.number(),
    pid: z.number(),
    detail: z.string(),
  }),
  /** The candidate has only to be started; its first phase begins. */
  z.object({ type: z.literal('candidate.prepared'), effect: z.string(), detail: z.string() }),
  /** One side was brought to its number of copies; both sides' are named as they run now. */
  z.object({
    type: z.literal('scaled'),
    effect: z.string(),
    phase: z.number().int(),
    step: scaleStepSchema,
    candidate: z.number().int(),
    stable: z.number().int(),
    detail: z.string(),
  }),
  z.object({
    type: z.literal('weight.set'),
    effect: z.string(),
    phase: z.number().int(),
    wanted: z.number(),
    actual: z.number(),
    /** Every place's, by its key, where there are several. */
    places: z.record(z.string(), z.number()).optional(),
  }),
  z.object({
    type: z.literal('measured'),
    phase: z.number().int(),
    /** The place's key; absent for the first. */
    place: z.string().optional(),
    sample: sampleSchema,
  }),
  z.object({
    type: z.literal('flag.set'),
    effect: z.string(),
    phase: z.number().int(),
    flag: z.string(),
    wanted: z.number(),
    /** What its service said when it was read anew. */
    actual: z.number(),
    /** What it was before, the first time it was touched. */
    before: z.number().optional(),
    /** Who asked for the deployment, and what the change is for. */
    by: actorSchema,
    why: z.string(),
  }),
  /** The numbers could not be read; counted, and never taken for good news. */
  z.object({
    type: z.literal('measurement.failed'),
    phase: z.number().int(),
    place: z.string().optional(),
    reason: z.string(),
  }),
  /** One look at a measure of the plan, and what it means; a baseline means nothing by itself. */
  z.object({
    type: z.literal('measure.read'),
    phase: z.number().int(),
    reading: measureReadingSchema,
    /** It decides nothing. */
    dryRun: z.literal(true).optional(),
    verdict: decisionSchema.shape.verdict.optional(),
  }),
  z.object({
    type: z.literal('phase.started'),
    phase: z.number().int(),
    name: z.string(),
    weight: z.number(),
  }),
  /** All traffic waits for a person's yes; `phase` is the one that would begin. */
  z.object({ type: z.literal('approval.requested'), phase: z.number().int() }),
  /** One yes; `phase` is −1 where it came before it was asked for. */
  z.object({
    type: z.literal('approval.given'),
    phase: z.number().int(),
    by: actorSchema,
    why: z.string().optional(),
    /** The commit that was approved; absent in journals of before there could be several. */
    candidate: z.string().optional(),
    /** How many are still missing; absent for none. */
    missing: z.number().int().optional(),
  }),
  /** Yeses that were given too long ago count no longer. */
  z.object({ type: z.literal('approval.expired'), by: z.array(z.string()), reason: z.string() }),
  z.object({ type: z.literal('phase.decided'), phase: z.number().int(), decision: decisionSchema }),
  /** Prepared as far as it was asked to; a person says when to go on. */
  z.object({
    type: z.literal('deployment.waiting'),
    after: stageSchema,
    /** It goes on by itself then: a window opens, a freeze ends, or that is when it was asked to. */
    until: z.iso.datetime().optional(),
    reason: z.string().optional(),
  }),
  z.object({ type: z.literal('deployment.paused'), reason: z.string() }),
  z.object({ type: z.literal('deployment.resumed'), reason: z.string() }),
  z.object({
    type: z.literal('rollback.started'),
    trigger: z.enum(['rule', 'person', 'failure', 'crash', 'dead-man', 'timeout']),
    reason: z.string(),
  }),
  z.object({ type: z.literal('promoted'), effect: z.string(), version: versionSchema }),
  z.object({ type: z.literal('verified'), effect: z.string(), detail: z.string() }),
  z.object({ type: z.literal('cleaned'), effect: z.string(), detail: z.string() }),
  /** Who is likely behind a rollback; journaled once traffic is back, before the candidate's process is ended. */
  z.object({ type: z.literal('culprit.found'), effect: z.string(), culprit: culpritSchema }),
  z.object({ type: z.literal('restored'), effect: z.string(), detail: z.string() }),
  z.object({ type: z.literal('action.finished'), effect: z.string(), result: actionResultSchema }),
  z.object({ type: z.literal('learned'), effect: z.string(), lessons: z.array(z.string()) }),
  /** The outcome is sure; what is left is learning from it. */
  z.object({ type: z.literal('deployment.concluding'), outcome: outcomeSchema, reason: z.string() }),
  z.object({
    type: z.literal('deployment.finished'),
    outcome: outcomeSchema,
    reason: z.string(),
    environment: z.string(),
    /** What serves now; null when nothing does. */
    version: versionSchema.nullable(),
    durationMs: z.number(),
  }),
] as const;

/** What happened, without its place in the journal. */
export const eventBodySchema = z.discriminatedUnion('type', bodies);
export type EventBody = z.infer<typeof eventBodySchema>;

/** The types of event that this version knows. */
export const eventTypes: ReadonlySet<string> = new Set(bodies.map(({ shape }) => shape.type.value));

/** The part of an event that the journal adds. */
export const envelopeSchema = z.object({
  seq: z.number().int().positive(),
  deployment: z.string(),
  at: z.iso.datetime(),
  /** More events of the same decision follow: a journal that ends here was not written whole, and is cut before it. */
  more: z.literal(true).optional(),
});

/** One line of a journal. `seq` counts from 1 without gaps. */
export const eventSchema = z.intersection(envelopeSchema, eventBodySchema);
export type Event = z.infer<typeof envelopeSchema> & EventBody;
