import type { Advice, Advised } from '../domain/choices.ts';
import {
  deploymentsThatCount,
  mostDecisions,
  mostTimes,
  mostWentWrong,
  type ChoicesMemory,
  type Decision,
} from '../domain/choices-memory.ts';
import type { Deployment } from '../domain/deployment.ts';
import type { Patterns } from '../domain/memory.ts';
import { ownChoiceOf } from '../domain/own-choice.ts';

const nothing: ChoicesMemory = { deployments: [], decisions: [], wentWrong: [] };

/**
 * The patterns with what a person chose for this deployment (REQUIREMENTS M6). A choice that says nothing of single changes
 * (only what is critical, everything, an emergency, the rest of an earlier one, what an agent or a pipeline took) teaches nothing; nor does one
 * from before the last clearing. Learned from twice it is the same. Pure.
 */
export function withChoices(patterns: Patterns, deployment: Deployment): Patterns {
  const advice = adviceOf(deployment);
  const before = patterns.chosen ?? nothing;
  if (!advice || (before.since !== undefined && deployment.requestedAt < before.since)) return patterns;
  const deployments = [...before.deployments.filter((id) => id !== deployment.id), deployment.id].slice(
    -deploymentsThatCount,
  );
  const counts = new Set(deployments);
  const decisions = withDecisions(before.decisions, advice, deployment.id)
    .filter((one) => counts.has(one.deployment))
    .slice(-mostDecisions);
  const wentWrong = [...before.wentWrong, ...wentWrongIn(advice, deployment)]
    .filter((one) => counts.has(one.deployment))
    .slice(-mostWentWrong);
  return {
    ...patterns,
    choices: tallied(decisions),
    chosen: { ...before, deployments, decisions, wentWrong },
  };
}

/** Where a person chose change by change, or took all that was recommended, and no emergency pressed. */
function adviceOf(deployment: Deployment): Advice | undefined {
  const advice = deployment.plan.emergency === undefined ? ownChoiceOf(deployment) : undefined;
  return advice?.way === 'picked' || advice?.way === 'recommended' ? advice : undefined;
}

/** Who follows advice that was moved already says nothing new; otherwise what is moved once would hold itself up. */
function followsMoved({ moved, taken }: Advised): boolean {
  return moved !== undefined && (moved === 'up') === taken;
}

function withDecisions(known: readonly Decision[], advice: Advice, deployment: string): Decision[] {
  const byId = new Map(known.map((one) => [one.id, one]));
  for (const one of advice.features) {
    if (followsMoved(one)) continue;
    const before = byId.get(one.id);
    const again =
      before?.bucket === one.bucket && before.taken === one.taken && before.deployment !== deployment;
    const { moved: _, ...decided } = one;
    byId.delete(one.id);
    byId.set(one.id, {
      ...decided,
      deployment,
      times: before && again ? Math.min(mostTimes, before.times + 1) : 1,
    });
  }
  return [...byId.values()];
}

/** Optional changes that were taken along, by advice that was moved or against it, in a deployment that did not go well. */
function wentWrongIn({ features }: Advice, { id: deployment, status }: Deployment) {
  const badly =
    (status.kind === 'concluding' || status.kind === 'finished') &&
    status.outcome !== 'succeeded' &&
    status.outcome !== 'halted';
  if (!badly) return [];
  return features
    .filter(({ bucket, taken }) => bucket === 'optional' && taken)
    .map(({ id, type, size, flags, area }) => ({
      id,
      deployment,
      type,
      size,
      flags,
      ...(area === undefined ? {} : { area }),
    }));
}

/** By the bucket that each stood in by itself. */
function tallied(decisions: readonly Decision[]): Patterns['choices'] {
  const of = (bucket: Decision['bucket']) => {
    const there = decisions.filter((one) => one.bucket === bucket);
    const taken = there.filter((one) => one.taken).length;
    return there.length === 0 ? [] : [[bucket, { taken, left: there.length - taken }] as const];
  };
  return Object.fromEntries([
    ...of('must'),
    ...of('recommended'),
    ...of('optional'),
    ...of('not_recommended'),
  ]);
}
