import { z } from 'zod';
import { advisedSchema, kindsSchema } from './choices.ts';

/** So many of the newest decisions are kept: a few for each kind of change, over the deployments that count. */
export const mostDecisions = 600;

/** Choices of so many of the newest deployments count; what nobody chose again since then is asked anew. */
export const deploymentsThatCount = 50;

/** So many changes that were taken against the advice and went wrong are remembered. */
export const mostWentWrong = 100;

/** Deployments in a row with the same decision, told apart up to this many. */
export const mostTimes = 3;

/** What was decided of one change, last; a change counts once, however often it waited. */
const decisionSchema = advisedSchema.omit({ moved: true }).extend({
  /** The last deployment in which it was decided so. */
  deployment: z.string(),
  /** In how many deployments in a row it was, at most `mostTimes`. */
  times: z.number().int().min(1).max(mostTimes),
});
export type Decision = z.infer<typeof decisionSchema>;

/** A change that stood as optional, was taken all the same, and was aboard when its deployment failed. */
const wentWrongSchema = kindsSchema.extend({ id: z.string(), deployment: z.string() });
export type WentWrong = z.infer<typeof wentWrongSchema>;

/** What people chose, as the patterns keep it. */
export const choicesMemorySchema = z.object({
  /** Choices of deployments that were asked for before count no more: they were cleared. ISO instant. */
  since: z.iso.datetime().optional(),
  /** Deployments whose choice was learned, newest last. */
  deployments: z.array(z.string()).default([]),
  /** One for each change, what was decided last at the end. */
  decisions: z.array(decisionSchema).default([]),
  wentWrong: z.array(wentWrongSchema).default([]),
});
export type ChoicesMemory = z.infer<typeof choicesMemorySchema>;

/** What stands in the patterns once choices are cleared: those of deployments asked for before `since` do not come back. */
export function forgotten(since: string): { choices: Record<string, never>; chosen: ChoicesMemory } {
  return { choices: {}, chosen: { since, deployments: [], decisions: [], wentWrong: [] } };
}
