import { z } from 'zod';
import { actorSchema } from './actor.ts';

/** What the program sees itself, so that it ticks the item and no person has to. */
const sightSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('discovered') }),
  z.object({ kind: z.literal('selected') }),
  z.object({ kind: z.literal('built') }),
  z.object({ kind: z.literal('suite'), suite: z.string() }),
  z.object({ kind: z.literal('verified') }),
]);
export type Sight = z.infer<typeof sightSchema>;

/** One line of a deployment's checklist, frozen when its papers were written. */
export const checklistItemSchema = z.object({
  /** Its place in the list and a hash of its words. */
  id: z.string(),
  /** When it is due: before production, in the first half hour, on the first day. */
  due: z.enum(['before', 'soon', 'later']),
  /** Markdown, as the paper has it. */
  text: z.string(),
  seen: sightSchema.optional(),
});
export type ChecklistItem = z.infer<typeof checklistItemSchema>;

/** A person's tick: which item, who and when. */
export const tickSchema = z.object({ item: z.string(), by: actorSchema, at: z.iso.datetime() });
export type Tick = z.infer<typeof tickSchema>;
