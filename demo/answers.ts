import { z } from 'zod';
import type { Ran } from './product.ts';

const featureSchema = z.looseObject({
  id: z.string(),
  title: z.string(),
  pullRequest: z.number().optional(),
  bucket: z.string(),
  reason: z.string(),
  onBase: z.boolean().optional(),
  risk: z.looseObject({
    probability: z.number(),
    n: z.number(),
    factors: z.array(z.looseObject({ effect: z.number(), text: z.string() })),
  }),
});
export type WaitingFeature = z.infer<typeof featureSchema>;

const discoverySchema = z.looseObject({
  schema: z.literal('orchestra/discovery@1'),
  features: z.array(featureSchema),
});

const finishedSchema = z.looseObject({
  type: z.literal('deployment.finished'),
  deployment: z.string(),
  outcome: z.string(),
  reason: z.string(),
  version: z.looseObject({ sha: z.string(), name: z.string() }).nullable(),
});
export type Finished = z.infer<typeof finishedSchema>;

const culpritSchema = z.looseObject({
  type: z.literal('culprit.found'),
  culprit: z.looseObject({ reason: z.string() }),
});

const errorSchema = z.object({ error: z.looseObject({ message: z.string(), hint: z.string() }) });

/** What a command that did not do its work said about it. */
export function explain(ran: Ran): string {
  for (const line of ran.lines) {
    const error = errorSchema.safeParse(line);
    if (error.success) return `${error.data.error.message} (${error.data.error.hint})`;
  }
  return ran.said || `it ended with exit code ${ran.exitCode} and said nothing`;
}

/** The features of `discover`; throws with the product's own words when it gave none. */
export function featuresOf(ran: Ran): WaitingFeature[] {
  const found = discoverySchema.safeParse(ran.lines.at(-1));
  if (ran.exitCode !== 0 || !found.success) throw new Error(`discover failed: ${explain(ran)}`);
  return found.data.features;
}

/** How a deployment ended; throws with the product's own words when it never began or did not end. */
export function endOf(ran: Ran): Finished {
  for (const line of [...ran.lines].reverse()) {
    const finished = finishedSchema.safeParse(line);
    if (finished.success) return finished.data;
  }
  throw new Error(`the deployment did not run to its end: ${explain(ran)}`);
}

/** Who was likely behind a failure, as the deployment said it; undefined where it said nothing. */
export function culpritOf(ran: Ran): string | undefined {
  for (const line of ran.lines) {
    const found = culpritSchema.safeParse(line);
    if (found.success) return found.data.culprit.reason;
  }
  return undefined;
}
