import { z } from 'zod';

/** Where in a deployment an action has its place, in order. */
export const actionPoints = [
  /** Before anything in production starts. */
  'before-deployment',
  /** The candidate is healthy and has no traffic yet. */
  'before-traffic',
  'before-phase',
  'after-phase',
  /** The candidate has all traffic and is not recorded as stable yet: the way back is still instant. */
  'after-rollout',
  'after-promotion',
  'after-rollback',
] as const;
export const actionPointSchema = z.enum(actionPoints);
export type ActionPoint = z.infer<typeof actionPointSchema>;

const common = {
  /** Unique among the actions of its kind in a plan. */
  name: z.string(),
  at: z.array(actionPointSchema),
  timeoutMs: z.number(),
  /** What a failure means: the deployment ends or goes back, a person is asked, or nothing. */
  onFailure: z.enum(['abort', 'pause', 'ignore']),
  /** Whose it is, where there are several services. */
  service: z.string().optional(),
};

/** A command line of `orchestra.yaml`, and the names of the variables it gets from the machine; values are never stored. */
const command = { run: z.string(), env: z.array(z.string()) };

/** What is asked of an address, and what its answer has to be. */
export const httpExpectationSchema = z.object({
  method: z.string(),
  path: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string().optional(),
  /** Absent: any 2xx. */
  status: z.number().optional(),
  /** Text that the answer's header of that name has to contain, in any case. */
  expectHeaders: z.record(z.string(), z.string()),
  contains: z.string().optional(),
  /** JSON paths and what stands there. */
  json: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
export type HttpExpectation = z.infer<typeof httpExpectationSchema>;

/** One thing that is done or asked at certain points of a deployment (REQUIREMENTS G2, G3); durations in milliseconds. */
export const actionPlanSchema = z.discriminatedUnion('kind', [
  /** Every `${NAME}` that the service needs is set, and the router can have its port. */
  z.object({ kind: z.literal('configuration-check'), ...common }),
  /** What the service needs of others answers; `tolerate` further tries are made, `intervalMs` apart. */
  z.object({
    kind: z.literal('dependency-check'),
    ...common,
    target: z.discriminatedUnion('kind', [
      /** `host:port`, as written: `${NAME}` is filled in when it is asked, and never stored. */
      z.object({ kind: z.literal('tcp'), address: z.string() }),
      z.object({ kind: z.literal('http'), url: z.string() }),
      z.object({ kind: z.literal('command'), ...command }),
    ]),
    tolerate: z.number(),
    intervalMs: z.number(),
  }),
  /** An answer of the candidate is as expected: asked directly before it has traffic, then through the router. */
  z.object({
    kind: z.literal('smoke'),
    ...common,
    test: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('http'), ...httpExpectationSchema.shape }),
      z.object({ kind: z.literal('command'), ...command }),
    ]),
  }),
  z.object({ kind: z.literal('hook'), ...common, ...command }),
]);
export type ActionPlan = z.infer<typeof actionPlanSchema>;

/** How an action went. `phase` is the index of the phase it belongs to, where it belongs to one. */
export const actionResultSchema = z.object({
  kind: z.enum(['configuration-check', 'dependency-check', 'smoke', 'hook']),
  name: z.string(),
  point: actionPointSchema,
  phase: z.number().int().optional(),
  status: z.enum(['passed', 'failed']),
  /** In words, safe to print. */
  detail: z.string(),
  /** Of an answer that was another than it should be. */
  expected: z.string().optional(),
  actual: z.string().optional(),
  durationMs: z.number(),
  /** Path of what it wrote, below the deployment's folder. */
  log: z.string().optional(),
});
export type ActionResult = z.infer<typeof actionResultSchema>;

/** One action at one point: what an effect does. */
export interface DueAction {
  action: ActionPlan;
  point: ActionPoint;
  phase?: number;
}

/** Whether a result is that of this action at this point. */
export function isResultOf(result: ActionResult, due: DueAction): boolean {
  const { action, point, phase } = due;
  return (
    result.kind === action.kind &&
    result.name === action.name &&
    result.point === point &&
    result.phase === phase
  );
}

/** An action as people read it: `smoke test checkout`, `hook notify`. */
export function actionWords({ kind, name }: Pick<ActionResult, 'kind' | 'name'>): string {
  switch (kind) {
    case 'configuration-check':
      return 'configuration check';
    case 'dependency-check':
      return `dependency ${name}`;
    case 'smoke':
      return `smoke test ${name}`;
    case 'hook':
      return `hook ${name}`;
    default:
      return kind satisfies never;
  }
}

/** A point as people read it. */
export const pointWords: Readonly<Record<ActionPoint, string>> = {
  'before-deployment': 'before the rollout',
  'before-traffic': 'before the first traffic',
  'before-phase': 'before the phase',
  'after-phase': 'after the phase',
  'after-rollout': 'with all traffic',
  'after-promotion': 'after the promotion',
  'after-rollback': 'after the rollback',
};
