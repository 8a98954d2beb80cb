import { z } from 'zod';

/**
 * How much a trace says: `strong`, an error passes a line that this feature alone changed; `medium`, a file that it alone
 * changed; `weak`, only the failing route's name stands in its lines.
 */
const strengthSchema = z.enum(['strong', 'medium', 'weak']);
export type Strength = z.infer<typeof strengthSchema>;

const frameSchema = z.object({
  /** Path in the repository. */
  path: z.string(),
  line: z.number().int(),
  /** The function, as the log names it. */
  in: z.string().optional(),
});
export type Frame = z.infer<typeof frameSchema>;

const suspectSchema = z.object({
  id: z.string(),
  title: z.string(),
  strength: strengthSchema,
  /** Stacks that lead to it, of all that only the candidate's log shows. */
  stacks: z.number().int(),
  of: z.number().int(),
  evidence: z.array(z.string()),
});
export type Suspect = z.infer<typeof suspectSchema>;

/** An error of the candidate's log that left a stack; its message with secrets cut out. */
const loggedErrorSchema = z.object({
  name: z.string(),
  message: z.string(),
  count: z.number().int(),
  /** Stable's log shows the same, so it is no evidence. */
  alsoStable: z.boolean(),
  /** Frames in files of the repository, where the error arose first. */
  frames: z.array(frameSchema),
});
export type LoggedError = z.infer<typeof loggedErrorSchema>;

/** How often a route failed or was slow on either side. */
const routeTraceSchema = z.object({
  route: z.string(),
  failed: z.number().int(),
  slow: z.number().int(),
  stableFailed: z.number().int(),
  stableSlow: z.number().int(),
});
export type RouteTrace = z.infer<typeof routeTraceSchema>;

/** Who is likely behind a rollback, as far as routes, logs and changed lines tell (REQUIREMENTS N6). */
export const culpritSchema = z.object({
  /** `named`: the first suspect stands out. `unknown`: nobody does, and `reason` says why. */
  kind: z.enum(['named', 'unknown']),
  reason: z.string(),
  /** The most likely first; also those that are not enough to name one. */
  suspects: z.array(suspectSchema),
  errors: z.array(loggedErrorSchema),
  /** The routes that did worse than on stable, the worst first; absent where the router does not tell routes apart. */
  routes: z.array(routeTraceSchema).optional(),
  /** What could not be looked at, and why. */
  unread: z.array(z.string()),
});
export type Culprit = z.infer<typeof culpritSchema>;

/** The feature that answers for a failure: only what an error was traced to. */
export function answerable(culprit: Culprit | undefined): Suspect | undefined {
  const first = culprit?.kind === 'named' ? culprit.suspects[0] : undefined;
  return first && first.strength !== 'weak' ? first : undefined;
}
