import { blameOf } from '../domain/blame.ts';
import { answerable } from '../domain/culprit.ts';
import type { Deployment } from '../domain/deployment.ts';
import type { Outcome } from '../domain/event.ts';
import { knownAs } from '../domain/known-features.ts';
import type { FeatureOutcome } from '../domain/memory.ts';
import { afterRest } from './rest-learned.ts';

export { blameOf };

/** Enough for every feature that may still ship; the oldest fall out, so that the file stays quick to rewrite. */
const maxFeatures = 2000;
const maxDeployments = 20;

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
  const all = [...known.filter((entry) => !touched.has(entry)), ...latest].slice(-maxFeatures);
  return result.success ? [...afterRest(all, deployment)] : all;
}
