import type { WaitingFeature } from './answers.ts';

const buckets = ['must', 'recommended', 'optional', 'not_recommended'];

/** A feature's place among those that wait: by bucket, then by probability of success; 1 is best. */
export function rankOf(features: readonly WaitingFeature[], id: string): { rank: number; of: number } {
  const waiting = features
    .filter((feature) => feature.onBase !== true)
    .sort((a, b) => {
      const bucket = buckets.indexOf(a.bucket) - buckets.indexOf(b.bucket);
      return bucket || b.risk.probability - a.risk.probability;
    });
  return { rank: waiting.findIndex((feature) => feature.id === id) + 1, of: waiting.length };
}

/** What speaks against a feature now and did not before, strongest first. */
export function newDoubts(before: WaitingFeature, after: WaitingFeature): string[] {
  const known = new Set(before.risk.factors.map(({ text }) => text));
  return after.risk.factors
    .filter(({ effect, text }) => effect < 0 && !known.has(text))
    .sort((a, b) => a.effect - b.effect)
    .map(({ text }) => text);
}
