import { z } from 'zod';
import type { Outcome } from './event.ts';

/** How past deployments ended. Rollbacks that a person started afterwards are no deployments of their own. */
export const statisticsSchema = z.object({
  deployments: z.number().int().default(0),
  succeeded: z.number().int().default(0),
  rolled_back: z.number().int().default(0),
  failed: z.number().int().default(0),
  /** Ended by a gate or a person before production. */
  blocked: z.number().int().default(0),
  /** Left for a person to look at, since nothing safe was left to do. */
  halted: z.number().int().default(0),
});
export type Statistics = z.infer<typeof statisticsSchema>;

/** What of a finished deployment is counted. */
export interface Countable {
  kind: 'deploy' | 'rollback';
  outcome: Outcome;
}

/** With one deployment more. */
export function countedIn(statistics: Statistics, { kind, outcome }: Countable): Statistics {
  if (kind === 'rollback') return statistics;
  return {
    ...statistics,
    deployments: statistics.deployments + 1,
    [outcome]: statistics[outcome] + 1,
  };
}

/** The statistics of all these deployments. */
export function statisticsOf(all: readonly Countable[]): Statistics {
  const statistics = statisticsSchema.parse({});
  for (const { kind, outcome } of all) {
    if (kind === 'rollback') continue;
    statistics.deployments += 1;
    statistics[outcome] += 1;
  }
  return statistics;
}
