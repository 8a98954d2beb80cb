import type { Discovery, Feature, Risk } from '../../domain/feature.ts';
import { wilson } from '../../domain/interval.ts';
import type { Patterns, Preferences } from '../../domain/memory.ts';
import type { Settings } from '../../domain/settings.ts';
import type { Candidate } from '../assemble.ts';
import { fillBuckets } from './buckets.ts';
import type { Experience } from './experience.ts';
import { Needs } from './needs.ts';
import { deploymentLevel, recordWeight, riskOf } from './risk.ts';

export interface AssessmentRequest {
  candidates: readonly Candidate[];
  patterns: Patterns;
  preferences: Preferences;
  settings?: Settings | undefined;
  experience: Experience;
  /** When the deployment would be; without it the time of day counts for nothing. */
  at?: Date | undefined;
}

/** Judges every feature: risk with its factors, bucket with its reason. Pure. */
export function assess(request: AssessmentRequest): Feature[] {
  const { candidates, patterns, experience, at } = request;
  const judged = candidates.map((candidate) => ({
    candidate,
    ...riskOf(candidate, patterns, experience, at),
  }));
  return fillBuckets(judged, maxFeatures(request));
}

/** The most features that are recommended for one deployment: the project's number, else the person's own. */
export function maxFeatures({
  settings,
  preferences,
}: Pick<AssessmentRequest, 'settings' | 'preferences'>): number {
  return (
    settings?.selection.max_features_per_deployment ??
    preferences.user_preferences.max_features_per_deployment
  );
}

/** Features named as the ones that weigh most on a whole deployment. */
const mostNamed = 3;

/**
 * The risk of deploying these features together (D7, D9): their probabilities multiplied, since any one of them can
 * bring it down, with the features that weigh most as its factors. Ids are closed first; without any, success is sure.
 */
export function assessTogether(features: readonly Feature[], ids: readonly string[]): Risk {
  const selected = new Needs(features).closure(ids);
  const shipping = features.filter(({ id, onBase }) => selected.has(id) && onBase !== true);
  const product = shipping.reduce((together, feature) => together * feature.risk.probability, 1);
  const probability = Math.round(product * 1e4) / 1e4;
  const schema = shipping.find(({ flags }) => flags.schema !== undefined);
  const breaking = shipping.some(({ flags }) => flags.breaking || flags.api?.breaking === true);
  const n = Math.max(0, ...shipping.map(({ risk }) => risk.n));
  const [lo, hi] = wilson(probability * (n + recordWeight), n + recordWeight);
  const heaviest = shipping
    .toSorted((a, b) => a.risk.probability - b.risk.probability)
    .slice(0, mostNamed)
    .map(({ id, title, risk }) => ({
      name: id,
      effect: Math.round((risk.probability - 1) * 1e4) / 1e4,
      text: `${title}: ${Math.round(risk.probability * 100)} % likely to go well`,
    }));
  return {
    level: deploymentLevel(probability, schema !== undefined, breaking),
    probability,
    interval: [Math.min(lo, probability), Math.max(hi, probability)],
    n,
    factors: [
      ...(schema
        ? [
            {
              name: 'schema',
              effect: 0,
              text: `${schema.title} changes the schema: high risk whatever the numbers say`,
            },
          ]
        : []),
      ...heaviest,
    ],
  };
}

/** `assessTogether` as discovery states it, with the strategy that follows from the level. */
export function assessDeployment(
  features: readonly Feature[],
  ids: readonly string[],
): Discovery['deployment'] {
  const { level, probability } = assessTogether(features, ids);
  return { risk: level, probability, suggestedStrategy: level === 'high' ? 'canary' : 'blue-green' };
}
