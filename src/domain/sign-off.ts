import { z } from 'zod';
import { actorSchema } from './actor.ts';

/** A person's word that one candidate is good in one respect; it says nothing of any other candidate. */
export const signOffSchema = z.object({
  name: z.string().max(60),
  /** The candidate: its tree, and its commit where there was one already. */
  tree: z.string().max(64),
  sha: z.string().max(64).optional(),
  by: actorSchema,
  at: z.iso.datetime(),
  why: z.string().max(2000).optional(),
});
export type SignOff = z.infer<typeof signOffSchema>;

/** `deployment_memory/sign-offs.json`: what was signed off before a deployment began, oldest first. */
export const signOffsSchema = z.object({
  schema: z.literal('orchestra/sign-offs@1'),
  given: z.array(signOffSchema.extend({ environment: z.string() })),
});
export type SignOffs = z.infer<typeof signOffsSchema>;

/** So many are kept: a candidate that was signed off longer ago than that was not shipped. */
export const mostSignOffs = 500;
