import type { Deployment } from '../domain/deployment.ts';
import type { Patterns } from '../domain/memory.ts';
import { learnDeployment, startDeploymentModel } from '../domain/risk/deployment-model.ts';
import { sigmoid } from '../domain/risk/online-logistic.ts';
import { timeInputs } from '../domain/risk/outcome-inputs.ts';
import {
  learnOutcome,
  outcomeLogit,
  relaxOutcome,
  startOutcomeModel,
  type OutcomeModel,
} from '../domain/risk/outcome-model.ts';
import { inputsOfShipped } from '../domain/risk/shipped-inputs.ts';
import type { Contribution } from './contribution.ts';
import { blameOf } from './feature-outcomes.ts';

/** Of a deployment of more features, so many stand for all of them, those that may have failed first. */
const mostLearned = 100;

/**
 * What a suite stopped counts half: a defect was there, which says something of changes like it; but the suite saw it, and
 * will again, so production would have fared better than the change.
 */
const stoppedCounts = 0.5;

/**
 * How much of a success it is for a feature that it was aboard when another one failed: half, since the rollout was cut
 * short before everybody had met it.
 */
const cutShort = 0.5;

/** The models of the patterns once a deployment that counts is learned from. */
export function modelsAfter(
  patterns: Patterns,
  deployment: Deployment,
  result: Extract<Contribution, { kind: 'counted' }>,
): Pick<Patterns, 'outcome' | 'together'> {
  const { features } = deployment.source;
  const stopped = result.outcome === 'blocked';
  const { outcome, together } = patterns;
  if (features.length === 0) return { outcome, together };
  return {
    outcome: outcomeAfter(outcome ?? startOutcomeModel(), deployment, {
      success: result.success,
      weight: stopped ? stoppedCounts : 1,
    }),
    // What never reached production says nothing of how it would have fared there.
    together: stopped
      ? together
      : learnDeployment(
          together ?? startDeploymentModel(),
          features.map(({ risk }) => risk.probability),
          result.success,
        ),
  };
}

/**
 * A success counts for each feature. A failure is one failure, shared: by the blame that the evidence gives each, and
 * among those who share by how doubtful each was before (the expectation step for a deployment that fails when any
 * feature does: Dempster, Laird & Rubin 1977). What bears no blame is learned as half a success.
 */
function outcomeAfter(
  model: OutcomeModel,
  { source: { features }, culprit, requestedAt }: Deployment,
  { success, weight }: { success: boolean; weight: number },
): OutcomeModel {
  const time = timeInputs(new Date(requestedAt));
  const blame = blameOf(features, success, culprit);
  const seen = features.map((feature) => {
    const inputs = { ...inputsOfShipped(feature), ...time };
    return { inputs, share: (blame.get(feature.id) ?? 0) * (1 - sigmoid(outcomeLogit(model, inputs))) };
  });
  const all = seen.reduce((sum, { share }) => sum + share, 0);
  const learned = seen
    .map(({ inputs, share }) => ({ inputs, failed: all > 0 ? share / all : 0 }))
    .toSorted((a, b) => b.failed - a.failed)
    .slice(0, mostLearned);
  const next = learned.reduce((now, { inputs, failed }) => {
    const counts = success ? 1 : failed + (1 - failed) * cutShort;
    return learnOutcome(now, inputs, failed / counts, counts * weight);
  }, model);
  return relaxOutcome(next);
}
