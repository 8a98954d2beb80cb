import { answerable, type Culprit } from '../domain/culprit.ts';
import type { Deployment } from '../domain/deployment.ts';
import type { Outcome, ShippedFeature } from '../domain/event.ts';
import { knownAs } from '../domain/known-features.ts';
import type { FeatureOutcome } from '../domain/memory.ts';

/** Enough for every feature that may still ship; the oldest fall out, so that the file stays quick to rewrite. */
const maxFeatures = 2000;
const maxDeployments = 20;

/**
 * Each feature's share of a failure, 0 … 1: all of it for the one that the errors were traced to (REQUIREMENTS N6); without
 * such a trace for one that was chosen alone (what it pulled in had no choice), else equal shares among the chosen. A
 * success blames nobody.
 */
export function blameOf(
  features: readonly ShippedFeature[],
  success: boolean,
  culprit?: Culprit,
): Map<string, number> {
  const traced = success ? undefined : answerable(culprit)?.id;
  if (features.some(({ id }) => id === traced))
    return new Map(features.map(({ id }) => [id, id === traced ? 1 : 0]));
  const chosen = features.filter((feature) => !feature.pulledIn);
  const bearers = chosen.length > 0 ? chosen : features;
  const share = success || bearers.length === 0 ? 0 : 1 / bearers.length;
  return new Map(features.map((feature) => [feature.id, bearers.includes(feature) ? share : 0]));
}

/** The outcomes with this deployment's features in them, the latest last; a deployment stands in each once. */
export function withFeatureOutcomes(
  known: readonly FeatureOutcome[],
  deployment: Deployment,
  result: { outcome: Outcome; reason: string; success: boolean },
): FeatureOutcome[] {
  const { features } = deployment.source;
  const blame = blameOf(features, result.success, deployment.culprit);
  const suspect = result.success ? undefined : answerable(deployment.culprit);
  const touched = new Set<FeatureOutcome>();
  const latest = features.map((feature): FeatureOutcome => {
    const before = knownAs(known, feature).find((entry) => !touched.has(entry));
    if (before) touched.add(before);
    const earlier = (before?.deployments ?? []).filter((entry) => entry.deployment !== deployment.id);
    return {
      id: feature.id,
      title: feature.title,
      commits: [...new Set([...(before?.commits ?? []), ...feature.commits])],
      deployments: [
        ...earlier,
        {
          deployment: deployment.id,
          at: deployment.concludedAt ?? deployment.updatedAt,
          outcome: result.outcome,
          reason: result.reason,
          blame: blame.get(feature.id) ?? 0,
          ...(suspect?.id === feature.id && suspect.evidence[0] !== undefined
            ? { evidence: suspect.evidence[0] }
            : {}),
        },
      ].slice(-maxDeployments),
    };
  });
  return [...known.filter((entry) => !touched.has(entry)), ...latest].slice(-maxFeatures);
}
