/**
 * The one filter for text that came from outside (commits, file names, logs, services) before anyone sees it.
 * An allow-list: letters, marks, numbers, punctuation, symbols and spaces of any script pass, as do the joiner and
 * the variation selectors that emoji need; letters that are none to see (fillers) do not. All else (C0, C1, ESC, bidi controls, invisible formats, unassigned and
 * lone surrogates) becomes U+FFFD, so tampering shows instead of acting.
 */
const notAllowed = /[^\p{L}\p{M}\p{N}\p{P}\p{S}\p{Zs}\u200d]|[\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0]/gu;

/** More than four marks on one letter draw over neighbouring lines. */
const pileOfMarks = /(\p{M}{4})\p{M}+/gu;

/** What most texts are: a look at every character that finds nothing to change, many times faster than the filter. */
const plain = /^[ -~]*$/;

/** `text` as one line that is safe to draw; line ends and tabs become spaces. `max` cuts it, in characters, with `…`. */
export function safeText(text: string, max = 4000): string {
  if (text.length <= max && plain.test(text)) return text;
  const cut = text.length > max * 4 ? text.slice(0, max * 4) : text;
  const safe = cut
    .replace(/[\t\n\v\f\r\u0085\u2028\u2029]+/gu, ' ')
    .replace(notAllowed, '\ufffd')
    .replace(pileOfMarks, '$1');
  if (safe.length <= max) return safe;
  const characters = [...safe];
  return characters.length <= max ? safe : `${characters.slice(0, max - 1).join('')}…`;
}

/** `text` as safe lines: split at line ends (a CR alone is one too), each through `safeText`, tabs as two spaces. */
export function safeLines(text: string, maxLines = 10_000): string[] {
  return text.split(/\r\n|[\n\r]/u, maxLines).map((line) => safeText(line.replaceAll('\t', '  ')));
}
