import { kindOf } from './actor.ts';
import type { Advice } from './choices.ts';
import type { Deployment } from './deployment.ts';

/**
 * What was advised and done where a person chose what ships; undefined where nobody did: an existing revision, a merge that was
 * followed, the rest of an earlier deployment, and what an agent or a pipeline asked for.
 */
export function ownChoiceOf({
  kind,
  plan,
  by,
  trigger,
  restOf,
}: Pick<Deployment, 'kind' | 'plan' | 'by' | 'trigger' | 'restOf'>): Advice | undefined {
  const own = kind === 'deploy' && kindOf(by) === 'person' && trigger?.kind !== 'merge';
  return own && restOf === undefined ? plan.advice : undefined;
}
