import fuzzysort from 'fuzzysort';
import type { Found, PickerOption } from './state.ts';

/** How many of the options that match are listed. */
const most = 200;

/** Below this of fuzzysort's score the letters stand anywhere: `prd` in "go to Production" still has 0.33. */
const threshold = 0.2;

/** What falls below this share of the best match is another thing than what was meant. */
const nearBest = 0.5;

/** What a match in the hint is worth beside one in the label. */
const hintShare = 0.5;

/** What cannot be picked now comes after what can and fits nearly as well. */
const unusableShare = 0.8;

/** The options whose label or hint has the letters of `text` in their order, best first, with the label's letters that did. */
export function rank(options: readonly PickerOption[], text: string): readonly Found[] {
  const results = fuzzysort.go(text, options, {
    keys: [({ label }) => label, ({ hint }) => hint],
    limit: most,
    threshold,
    scoreFn: ({ obj, 0: label, 1: hint }) =>
      Math.max(label?.score ?? 0, (hint?.score ?? 0) * hintShare) *
      (obj.whyNot === undefined ? 1 : unusableShare),
  });
  const best = results[0]?.score ?? 0;
  return results
    .filter(({ score }) => score >= best * nearBest)
    .map((result) => ({ option: result.obj, marks: result[0]?.indexes ?? [] }));
}
