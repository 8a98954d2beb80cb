import { explainReason, lookupIn } from '../domain/dependencies.ts';
import type { Feature, Selection } from '../domain/feature.ts';

/**
 * What really ships when `wanted` is chosen: it and all it cannot ship without. `added` names what was pulled in, each
 * with who needs it and why. Features the base already holds add nothing and need nothing; unknown ids are left out.
 */
export function closeSelection(features: readonly Feature[], wanted: readonly string[]): Selection {
  const { at, needs } = lookupIn(features);
  // By number: names would have to be looked up at each step, and this is done at every toggle.
  const chosen = new Uint8Array(features.length);
  const closed = new Uint8Array(features.length);
  const because = new Map<number, string[]>();
  const open: number[] = [];
  for (const id of wanted) {
    const place = at.get(id);
    if (place === undefined || chosen[place] === 1) continue;
    chosen[place] = 1;
    open.push(place);
  }
  // Grows as it is read; to shift a long queue would take time in its length.
  for (let i = 0; i < open.length; i++) {
    const place = open[i] ?? -1;
    const feature = features[place];
    if (!feature || feature.onBase || closed[place] === 1) continue;
    closed[place] = 1;
    for (const [nth, other] of (needs[place] ?? []).entries()) {
      const need = feature.dependsOn[nth];
      if (!need || other < 0 || features[other]?.onBase) continue;
      if (chosen[other] === 0) {
        const reasons = because.get(other) ?? [];
        if (reasons.length < 5) reasons.push(sentenceOf(feature, need));
        because.set(other, reasons);
      }
      if (closed[other] === 0) open.push(other);
    }
  }
  const selected: string[] = [];
  const added: Selection['added'] = [];
  for (const [place, { id }] of features.entries()) {
    if (closed[place] === 0) continue;
    selected.push(id);
    if (chosen[place] === 0) added.push({ id, because: because.get(place) ?? [] });
  }
  return { schema: 'orchestra/selection@1', selected, added };
}

/** Sentences about needs that were made before: a toggle asks for thousands of them. */
const sentences = new WeakMap<Feature['dependsOn'][number], string>();

/** `pr-3 needs pr-1: cart.ts:88 was written there`. */
function sentenceOf({ id }: Feature, need: Feature['dependsOn'][number]): string {
  const known = sentences.get(need);
  if (known !== undefined) return known;
  const [why] = need.because;
  const sentence = `${id} needs ${need.id}${why ? `: ${explainReason(why)}` : ''}`;
  sentences.set(need, sentence);
  return sentence;
}
