import { z } from 'zod';
import { scaleStepSchema, suitePlanSchema } from './plan.ts';
import { gateTimeSchema } from './gate.ts';
import { actionPlanSchema, actionPointSchema } from './action.ts';

/** `run` counts from 2 where it is run again; absent the first time. */
export const runSuiteSchema = z.object({
  kind: z.literal('run-suite'),
  id: z.string(),
  suite: suitePlanSchema,
  run: z.number().int().min(2).optional(),
});

/**
 * Something the engine does in the outside world on behalf of a deployment. Every effect is idempotent and has
 * the deterministic id `deployment/stage/step/attempt`, so doing it again after a crash is harmless.
 */
export const effectSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('build-candidate'), id: z.string() }),
  z.object({ kind: z.literal('write-papers'), id: z.string() }),
  runSuiteSchema,
  /** Write the test report once every suite has ended; `run` counts from 2 where one was run again. */
  z.object({ kind: z.literal('report-tests'), id: z.string(), run: z.number().int().min(2).optional() }),
  /** Look at the gates before production, or after all traffic is on the candidate. */
  z.object({ kind: z.literal('check-gates'), id: z.string(), when: gateTimeSchema }),
  /** Make sure the router runs and the stable version serves. */
  z.object({ kind: z.literal('ready-stable'), id: z.string() }),
  /** Install and build the candidate, where it may not start before the phase that begins with it. */
  z.object({ kind: z.literal('prepare-candidate'), id: z.string() }),
  /** Prepare, migrate, start and health-check the candidate, at weight 0. */
  z.object({ kind: z.literal('start-candidate'), id: z.string() }),
  /** Bring one side to the number of copies that the phase wants: see the plan's `scale`. */
  z.object({ kind: z.literal('scale'), id: z.string(), phase: z.number().int(), step: scaleStepSchema }),
  z.object({ kind: z.literal('set-weight'), id: z.string(), phase: z.number().int(), weight: z.number() }),
  /** Bring the plan's feature flag to `percent` and read it anew; `phase` is −1 on the way back. */
  z.object({
    kind: z.literal('set-flag'),
    id: z.string(),
    phase: z.number().int(),
    flag: z.string(),
    percent: z.number().int(),
    why: z.string(),
  }),
  /** Start what died of stable while users are still with it. */
  z.object({ kind: z.literal('revive-stable'), id: z.string() }),
  /** Read the router's numbers again and again until told to stop. */
  z.object({ kind: z.literal('observe'), id: z.string(), phase: z.number().int() }),
  /** The candidate becomes stable: in the router, and as `refs/orchestra/deployed/<environment>`. */
  z.object({ kind: z.literal('promote'), id: z.string() }),
  /** Ask through the router whether the expected version answers. */
  z.object({ kind: z.literal('verify'), id: z.string() }),
  /** Stop what is no longer needed, the previous version kept warm. */
  z.object({ kind: z.literal('clean-up'), id: z.string() }),
  /** Weight 0 at once, then stop the candidate. */
  z.object({ kind: z.literal('restore-stable'), id: z.string() }),
  /** A check, smoke test or hook of the plan. Done again after a crash: what it left running is ended first. */
  z.object({
    kind: z.literal('act'),
    id: z.string(),
    action: actionPlanSchema,
    point: actionPointSchema,
    phase: z.number().int().optional(),
  }),
  /** Update patterns and write the learning report. */
  z.object({ kind: z.literal('learn'), id: z.string() }),
]);
export type Effect = z.infer<typeof effectSchema>;
