import { z } from 'zod';

/**
 * Why a feature of the failed candidate stays out of its rest: `suspect`, the failure was traced to it; `asked`, a person left it
 * out; `needs`, it cannot ship without one of those.
 */
export const leftOutSchema = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.enum(['suspect', 'asked', 'needs']),
  why: z.string(),
});
export type LeftOut = z.infer<typeof leftOutSchema>;

/** The deployment whose candidate ships again without some of its features (REQUIREMENTS N6), and without which. */
export const restOfSchema = z.object({ deployment: z.string(), without: z.array(leftOutSchema) });
export type RestOf = z.infer<typeof restOfSchema>;
