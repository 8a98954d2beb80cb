import type { Plan } from '../domain/plan.ts';
import type { RouterNeeds } from '../ports/router.ts';

/** What a plan asks of its router beyond splitting by weight. */
export function needsOf({ phases }: Plan): RouterNeeds {
  const cohort = phases.find((phase) => phase.cohort)?.cohort;
  return cohort ? { cohort } : {};
}
