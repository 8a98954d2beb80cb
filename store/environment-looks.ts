import type { Deployment } from '../src/domain/deployment.ts';
import { isActive } from './reasons.ts';

/** While nothing that is known here moved what runs where, a look is taken once in so many times: each starts git. */
const restfulLooks = 3;

/** What a deployment's events say of what runs where. */
function movesOf(d: Deployment | undefined): string {
  if (!isActive(d)) return '';
  const { id, status, candidate, stableReady, stableLost, weight, verified } = d;
  return [id, status.kind, candidate.kind, stableReady, stableLost, weight.actual, verified].join();
}

/** Tells, each time that a look at the environments could be taken, whether it is due. */
export function environmentLooks(): (deployment: Deployment | undefined) => boolean {
  let before: string | undefined;
  let rested = 0;
  return (deployment) => {
    const moves = movesOf(deployment);
    rested = moves === before ? rested + 1 : 0;
    before = moves;
    return rested % restfulLooks === 0;
  };
}
