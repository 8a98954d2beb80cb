import type { Discovery, Feature } from '../../domain/feature.ts';
import type { Patterns, Preferences } from '../../domain/memory.ts';
import type { Settings } from '../../domain/settings.ts';
import type { Candidate } from '../assemble.ts';
import { closeSelection } from '../closure.ts';
import { fillBuckets } from './buckets.ts';
import type { Experience } from './experience.ts';
import { deploymentLevel, riskOf } from './risk.ts';

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
  const { candidates, patterns, settings, preferences, experience, at } = request;
  const max =
    settings?.selection.max_features_per_deployment ??
    preferences.user_preferences.max_features_per_deployment;
  const judged = candidates.map((candidate) => ({
    candidate,
    ...riskOf(candidate, patterns, experience, at),
  }));
  return fillBuckets(judged, max);
}

/**
 * What deploying these features together amounts to (D7, D9): their probabilities multiplied, since any one of them can
 * bring it down. Ids are closed first; without any, the answer is certain success.
 */
export function assessDeployment(
  features: readonly Feature[],
  ids: readonly string[],
): Discovery['deployment'] {
  const selected = new Set(closeSelection(features, ids).selected);
  const shipping = features.filter(({ id }) => selected.has(id));
  const probability = shipping.reduce((product, feature) => product * feature.risk.probability, 1);
  const schema = shipping.some(({ flags }) => flags.schema !== undefined);
  const breaking = shipping.some(({ flags }) => flags.breaking || flags.api?.breaking === true);
  const risk = deploymentLevel(probability, schema, breaking);
  return {
    risk,
    probability: Math.round(probability * 1e4) / 1e4,
    suggestedStrategy: risk === 'high' ? 'canary' : 'blue-green',
  };
}
