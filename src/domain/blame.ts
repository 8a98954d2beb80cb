import { answerable, type Culprit, type Strength, type Suspect } from './culprit.ts';
import type { ShippedFeature } from './event.ts';

/**
 * How much of a failure evidence that names nobody for sure puts on the suspects, were all of it on one: a judgement, not a
 * measurement. Never all of it, since the traces were not enough to tell; the rest is shared as if nothing had been found.
 */
const weights: Readonly<Record<Strength, number>> = { strong: 0.8, medium: 0.6, weak: 0.3 };

/** What each suspect's evidence alone puts on it: its part of the stacks; where none leads to any, an equal part. */
function byEvidence(suspects: readonly Suspect[]): Map<string, number> {
  const silent = suspects.filter(({ stacks }) => stacks <= 0).length;
  const parts = suspects.map(({ id, strength, stacks, of }) => {
    const part = stacks > 0 ? stacks / Math.max(stacks, of) : 1 / silent;
    return [id, weights[strength] * part] as const;
  });
  const sum = parts.reduce((total, [, part]) => total + part, 0);
  const most = Math.max(...suspects.map(({ strength }) => weights[strength]));
  return new Map(parts.map(([id, part]) => [id, sum > most ? (part / sum) * most : part]));
}

/**
 * Each feature's share of a failure, 0 … 1, together 1: all of it for the one that the errors were traced to (REQUIREMENTS
 * N6). Where the evidence is weak or leads to several, each suspect bears what its evidence weighs, and what is left is
 * shared equally by all that were chosen (what they pulled in had no choice); without any evidence all of it is. A
 * success blames nobody.
 */
export function blameOf(
  features: readonly Pick<ShippedFeature, 'id' | 'pulledIn'>[],
  success: boolean,
  culprit?: Culprit,
): Map<string, number> {
  if (success || features.length === 0) return new Map(features.map(({ id }) => [id, 0]));
  const traced = answerable(culprit)?.id;
  if (features.some(({ id }) => id === traced))
    return new Map(features.map(({ id }) => [id, id === traced ? 1 : 0]));
  const chosen = features.filter(({ pulledIn }) => !pulledIn);
  const bearers = new Set((chosen.length > 0 ? chosen : features).map(({ id }) => id));
  const there = new Set(features.map(({ id }) => id));
  const evidence = byEvidence((culprit?.suspects ?? []).filter(({ id }) => there.has(id)));
  const left = 1 - [...evidence.values()].reduce((total, part) => total + part, 0);
  return new Map(
    features.map(({ id }) => [
      id,
      Math.max(0, Math.min(1, (evidence.get(id) ?? 0) + (bearers.has(id) ? left / bearers.size : 0))),
    ]),
  );
}
