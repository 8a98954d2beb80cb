import { z } from 'zod';
import type { Deployment } from './deployment.ts';
import type { ShippedFeature } from './event.ts';
import { ownChoiceOf } from './own-choice.ts';
import { riskFlagsOf, wordOf } from './what-counts.ts';

/** What analysis needs of a finished deployment, kept in its row so that nobody has to read ten thousand records. */
export const deploymentFactsSchema = z.object({
  /** What it says of its changes (`what-counts.ts`). */
  says: z.enum(['success', 'failure', 'stopped', 'nothing']),
  /** When its end was certain and every user had one version again: production's end, else the deployment's. */
  settledAt: z.string(),
  /** Since when users met the candidate; absent where none did. */
  exposedAt: z.string().optional(),
  /** What was thought of it before: the probability of success of all of it together. */
  probability: z.number().min(0).max(1).optional(),
  types: z.array(z.string()),
  /** Lines added and deleted, of all features. */
  lines: z.number(),
  /** Risk factors that at least one feature has. */
  flags: z.array(z.string()),
  /** When the first commit of each feature was written, in the order of the row's features; null where it is not known. */
  written: z.array(z.string().nullable()),
  /** Features that were advised or chosen, and how many were both; absent where no person chose, and in rows of before. */
  agreement: z
    .object({ agreed: z.number().int().nonnegative(), of: z.number().int().nonnegative() })
    .optional(),
  /** Folders that its features changed, two deep; absent in rows of before they were recorded. */
  areas: z.array(z.string()).optional(),
  /** Commits on the base of the author who had fewest; absent where that was not recorded. */
  experience: z.number().nonnegative().optional(),
});
export type DeploymentFacts = z.infer<typeof deploymentFactsSchema>;

/** The facts of a finished deployment; undefined while it is not finished. */
export function factsOf(deployment: Deployment): DeploymentFacts | undefined {
  const { status, stages, phases, risk, source } = deployment;
  const advice = ownChoiceOf(deployment);
  const word = wordOf(deployment);
  if (status.kind !== 'finished' || !word) return undefined;
  const { production } = stages;
  const ended = 'finishedAt' in production && production.status !== 'skipped';
  const exposedAt = phases.find(({ weight, weightAt }) => weight > 0 && weightAt !== undefined)?.weightAt;
  const { features } = source;
  return {
    says: word.kind,
    settledAt: ended ? production.finishedAt : status.at,
    ...(exposedAt === undefined ? {} : { exposedAt }),
    ...(risk === undefined ? {} : { probability: risk.probability }),
    types: [...new Set(features.map(({ type }) => type))].sort(),
    lines: features.reduce((sum, { additions, deletions }) => sum + additions + deletions, 0),
    flags: [...new Set(features.flatMap(riskFlagsOf))].sort(),
    written: features.map(({ writtenAt }) => writtenAt ?? null),
    ...(advice ? { agreement: { agreed: advice.agreed, of: advice.of } } : {}),
    ...(features.length > 0 ? { areas: areasOf(features) } : {}),
    ...experienceOf(features),
  };
}

/** So many folders of one deployment are kept, the ones with most files first. */
const mostAreas = 30;

/** The folders that these features changed, two deep, by name; the root is `.`. */
function areasOf(features: readonly ShippedFeature[]): string[] {
  const files = new Map<string, number>();
  for (const path of features.flatMap(({ paths }) => paths)) {
    const area = path.split('/').slice(0, -1).slice(0, 2).join('/') || '.';
    files.set(area, (files.get(area) ?? 0) + 1);
  }
  return [...files]
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, mostAreas)
    .map(([area]) => area)
    .sort();
}

/** Of the features of which it is known; the author with fewest commits is the one to look at. */
function experienceOf(features: readonly ShippedFeature[]): Pick<DeploymentFacts, 'experience'> {
  const known = features.flatMap(({ authorCommits }) => (authorCommits === undefined ? [] : [authorCommits]));
  return known.length === 0 ? {} : { experience: Math.min(...known) };
}
