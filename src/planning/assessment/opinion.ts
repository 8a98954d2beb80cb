import type { Bucket } from '../../domain/feature.ts';
import type { ShippedFeature } from '../../domain/event.ts';
import type { Opinion, Patterns } from '../../domain/memory.ts';
import { culprit } from './buckets.ts';
import { pastOf } from './past.ts';
import { featureLevel, probabilityAfter } from './risk.ts';

const order: readonly Bucket[] = ['must', 'recommended', 'optional', 'not_recommended'];

/**
 * The opinion of a feature that shipped, `after` its outcome was learned, as against `before`: where it would stand by
 * itself; what it needs, and how many are recommended, is decided when it is next looked at. Pure.
 */
export function opinionAfter(feature: ShippedFeature, before: Patterns, after: Patterns): Opinion {
  const probability = probabilityAfter(feature, before, after);
  if (feature.bucket === 'must') return { probability, bucket: 'must' };
  const past = pastOf(feature, after);
  if (past?.unresolved && (past.lastFailure?.blame ?? 0) >= culprit)
    return { probability, bucket: 'not_recommended' };
  const level = featureLevel(probability);
  const own: Bucket = level === 'low' ? 'recommended' : level === 'medium' ? 'optional' : 'not_recommended';
  // What stands further back for another reason (it breaks callers, nobody waits for it) does not come forward for this
  // one; and what did not lose its level stays.
  const fell = probability < feature.risk.probability && level !== featureLevel(feature.risk.probability);
  return {
    probability,
    bucket: fell && order.indexOf(own) > order.indexOf(feature.bucket) ? own : feature.bucket,
  };
}
