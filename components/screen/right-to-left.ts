import { graphemes } from '../graphemes.ts';

/** Letters and marks that are written from right to left: Hebrew, Arabic, Syriac, Thaana, N'Ko and their kin. */
const letters =
  '\u0590-\u065f\u066a-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}';

const some = new RegExp(`[${letters}]`, 'u');

/** From one such letter to the last one that only spaces, digits and signs part from it. */
const runs = new RegExp(
  `[${letters}](?:[${letters}\\p{M}]|[ \\-.,:;!?'"()\\[\\]/\\d\u0660-\u0669\u06f0-\u06f9\u2013]{1,12}(?=[${letters}]))*`,
  'gu',
);

const digits = /[\d\u0660-\u0669\u06f0-\u06f9]/;

const mirrored: Readonly<Record<string, string>> = { '(': ')', ')': '(', '[': ']', ']': '[' };

/** Whether the terminal draws in the order it gets text in; set once, when it is opened. */
let orderIsOurs = false;

/** Says who puts text that is written from right to left into the order of sight: we, or (the default) the terminal. */
export function orderOurselves(ours: boolean): void {
  orderIsOurs = ours;
}

/** A run from right to left in the order its characters stand beside each other; numbers keep theirs. */
function turned(run: string): string {
  const parts: string[] = [];
  let number = '';
  for (const { segment } of graphemes.segment(run)) {
    if (digits.test(segment)) {
      number += segment;
      continue;
    }
    if (number) parts.push(number);
    number = '';
    parts.push(mirrored[segment] ?? segment);
  }
  if (number) parts.push(number);
  return parts.reverse().join('');
}

/** `text`, one column of a row, as it is written to the terminal: its runs from right to left in the order of sight. */
export function inSight(text: string): string {
  return orderIsOurs && some.test(text) ? text.replace(runs, turned) : text;
}

const mark = '\u200e';

/** `text` with each run from right to left between marks, over which a terminal that orders by itself moves nothing. */
export function fenced(text: string): string {
  return some.test(text) ? text.replace(runs, (run) => mark + run + mark) : text;
}
