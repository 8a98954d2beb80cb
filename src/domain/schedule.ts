import { z } from 'zod';

/** Days of the week as ISO counts them: 1 is Monday, 7 is Sunday. */
const weekday = z.number().int().min(1).max(7);

/** Minutes since midnight by the clock on the wall; 1440 is the midnight that ends the day. */
const wallMinutes = z.number().int().min(0).max(1440);

/** When deployments may begin: on these days between two times of the day, or for a while after each moment of a cron line. */
export const windowPlanSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('days'),
    days: z.array(weekday).min(1),
    from: wallMinutes,
    /** Not after `from`: on the day after. */
    to: wallMinutes,
    timeZone: z.string(),
  }),
  z.object({ kind: z.literal('cron'), cron: z.string(), forMs: z.number().positive(), timeZone: z.string() }),
]);
export type WindowPlan = z.infer<typeof windowPlanSchema>;

/** When nothing may be rolled out, and why. */
export const freezePlanSchema = z.object({
  /** The first day or moment, by the clock of `timeZone`: `2026-12-20` or `2026-12-20T18:00`. */
  from: z.string(),
  /** The last day, all of it, or the moment it ends. */
  to: z.string(),
  why: z.string(),
  timeZone: z.string(),
});
export type FreezePlan = z.infer<typeof freezePlanSchema>;

/** Windows and freezes of an environment, frozen into the plan. */
export const schedulePlanSchema = z.object({
  /** The environment's own, in which moments are told. */
  timeZone: z.string(),
  /** Any of them has to be open; none: it always is. */
  windows: z.array(windowPlanSchema),
  freezes: z.array(freezePlanSchema),
});
export type SchedulePlan = z.infer<typeof schedulePlanSchema>;

/** When a deployment's rollout is to begin, where that is not as soon as it is ready. */
export const startSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('next-window') }),
  z.object({ kind: z.literal('at'), at: z.iso.datetime() }),
]);
export type Start = z.infer<typeof startSchema>;

/** How a deployment came to be asked for (REQUIREMENTS T6). */
export const triggerSchema = z.object({
  kind: z.enum(['hand', 'merge', 'schedule', 'emergency']),
  /** What was followed, and the head that was met there. */
  branch: z.string().optional(),
  sha: z.string().optional(),
});
export type Trigger = z.infer<typeof triggerSchema>;
