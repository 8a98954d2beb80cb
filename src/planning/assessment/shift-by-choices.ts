import { keysOf, leaningsOf, leaningWords, type Leaning } from '../../domain/choices-leanings.ts';
import { kindsOf } from '../../domain/choices-advice.ts';
import { leaningKinds, type Feature } from '../../domain/feature.ts';
import type { Patterns } from '../../domain/memory.ts';
import type { Needs } from './needs.ts';

/** Takes back what of a shift did not fit. */
type Settle = () => void;

/** Moves features between recommended and optional by what was chosen before, in place. */
export type Shift = (features: readonly Feature[], needs: Needs, stays: (id: string) => boolean) => Settle;

/**
 * The shift that follows from what people chose against the advice (REQUIREMENTS M6): at most one bucket, between recommended
 * and optional; never into or out of must, never what stands back for a danger, and no probability. What a recommended
 * change needs is not moved down; nothing is moved up past what it cannot ship without. Each that is moved says why.
 */
export function shiftByChoices(patterns: Pick<Patterns, 'chosen' | 'features'>): Shift {
  const moving = leaningsOf(patterns).filter(({ state }) => state === 'moves');
  return (features, needs, stays) => {
    if (moving.length === 0) return () => undefined;
    const found = new Map<string, Leaning>();
    for (const feature of features) {
      const leaning = isMovable(feature) && !stays(feature.id) ? leaningFor(feature, moving) : undefined;
      if (leaning) found.set(feature.id, leaning);
    }
    const down = movedDown(features, found, needs);
    for (const feature of down) move(feature, 'optional', found.get(feature.id));
    const up = movedUp(features, found, needs);
    const own = up.map((feature) => ({ feature, reason: feature.reason }));
    for (const feature of up) move(feature, 'recommended', found.get(feature.id));
    return () => {
      for (const { feature, reason } of own)
        if (feature.bucket !== 'recommended') {
          feature.reason = reason;
          delete feature.shifted;
        }
    };
  };
}

/** Only what differs in how welcome it is: must is must, and what is not recommended, or endangers others, stays so. */
function isMovable({ bucket, onBase, takenBackIn, flags }: Feature): boolean {
  if (onBase === true || takenBackIn !== undefined) return false;
  if (bucket === 'recommended') return true;
  return bucket === 'optional' && !flags.schema && !flags.breaking && flags.api?.breaking !== true;
}

/** The plainest habit that is about this feature where it stands now. */
function leaningFor(feature: Feature, moving: readonly Leaning[]): Leaning | undefined {
  const direction = feature.bucket === 'recommended' ? 'down' : 'up';
  const kinds = kindsOf(feature);
  for (const kind of leaningKinds) {
    const keys = keysOf(kinds, kind);
    const found = moving.find(
      (one) => one.direction === direction && one.kind === kind && keys.includes(one.key),
    );
    if (found) return found;
  }
  return undefined;
}

function movedDown(
  features: readonly Feature[],
  found: ReadonlyMap<string, Leaning>,
  needs: Needs,
): Feature[] {
  const wanted = features.filter(({ id, bucket }) => bucket === 'recommended' && found.has(id));
  if (wanted.length === 0) return [];
  const leaving = new Set(wanted.map(({ id }) => id));
  const staying = features.filter(
    ({ id, bucket }) => bucket === 'must' || (bucket === 'recommended' && !leaving.has(id)),
  );
  const needed = needs.closure(staying.map(({ id }) => id));
  return wanted.filter(({ id }) => !needed.has(id));
}

function movedUp(features: readonly Feature[], found: ReadonlyMap<string, Leaning>, needs: Needs): Feature[] {
  const wanted = features.filter(
    ({ id, bucket }) => bucket === 'optional' && found.get(id)?.direction === 'up',
  );
  if (wanted.length === 0) return [];
  const rising = new Set(wanted.map(({ id }) => id));
  const below = features.filter(
    ({ id, bucket, onBase }) =>
      onBase !== true && bucket !== 'must' && bucket !== 'recommended' && !rising.has(id),
  );
  const held = needs.dependants(below.map(({ id }) => id));
  return wanted.filter(({ id }) => !held.has(id));
}

function move(feature: Feature, to: 'recommended' | 'optional', leaning: Leaning | undefined): void {
  if (!leaning) return;
  feature.shifted = { from: feature.bucket, kind: leaning.kind, key: leaning.key };
  feature.bucket = to;
  feature.reason = `Moved to ${to}: ${leaningWords(leaning)}. ${feature.reason}`;
}
