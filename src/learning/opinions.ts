import type { Deployment } from '../domain/deployment.ts';
import type { ShippedFeature } from '../domain/event.ts';
import { knownAs } from '../domain/known-features.ts';
import type { Opinion, Patterns } from '../domain/memory.ts';

/** The patterns with what is thought of each of a deployment's features now, beside how they fared in it. */
export function withOpinions(
  patterns: Patterns,
  { id, source }: Deployment,
  judge: (feature: ShippedFeature) => Opinion,
): Patterns {
  const thought = new Map(source.features.map((feature) => [feature.id, judge(feature)]));
  return {
    ...patterns,
    features: patterns.features.map((known) => {
      const after = thought.get(known.id);
      if (!after || known.deployments.at(-1)?.deployment !== id) return known;
      return {
        ...known,
        deployments: known.deployments.map((one) => (one.deployment === id ? { ...one, after } : one)),
      };
    }),
  };
}

/** What was thought of a feature once a deployment was learned from; undefined where that is not kept. */
export function opinionOf(
  { features }: Patterns,
  { id }: Pick<Deployment, 'id'>,
  feature: Pick<ShippedFeature, 'id' | 'commits'>,
): Opinion | undefined {
  // It may be called otherwise since.
  for (const known of knownAs(features, feature)) {
    const one = known.deployments.find(({ deployment }) => deployment === id);
    if (one?.after) return one.after;
  }
  return undefined;
}
