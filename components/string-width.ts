import measure from 'string-width';

// ESC is what the sequences begin with.
// oxlint-disable-next-line no-control-regex
const colours = /\u001b\[[0-9;]*m/g;

/**
 * Text of characters that are one cell each, whatever the font: ASCII, Latin, Greek, Cyrillic, the usual dashes and dots,
 * arrows, frames, blocks, spinners and the marks of this program. No emoji, no marks that combine.
 */
export const oneCellEach =
  /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0373\u0391-\u03a1\u03a3-\u03ff\u0410-\u044f\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u203a\u20ac\u2190-\u2199\u21a9\u2212\u2248\u2264\u2265\u2500-\u25fc\u2714\u2716\u2800-\u28ff]*$/;

/** The same, and East Asian letters of two cells each, which begin at U+3001; none of them combine either. */
export const neverCombines =
  /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0373\u0391-\u03a1\u03a3-\u03ff\u0410-\u044f\u2013\u2014\u2018\u2019\u201c\u201d\u2022\u2026\u203a\u20ac\u2190-\u2199\u21a9\u2212\u2248\u2264\u2265\u2500-\u25fc\u2714\u2716\u2800-\u28ff\u3001-\u3029\u3041-\u3096\u30a1-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff60]*$/;

function withWide(text: string): number {
  let width = text.length;
  for (let i = 0; i < text.length; i += 1) if (text.charCodeAt(i) > 0x3000) width += 1;
  return width;
}

/** What other texts take, as far as they were asked for lately: the same ones are drawn again and again. */
const measured = new Map<string, number>();
const mostMeasured = 2000;

/** Cells that `text` takes on a terminal, escape sequences none; the tables of Unicode are asked only where it matters. */
export default function stringWidth(text: string, options?: Parameters<typeof measure>[1]): number {
  const plain = text.includes('\u001b[') ? text.replace(colours, '') : text;
  if (oneCellEach.test(plain)) return plain.length;
  if (neverCombines.test(plain)) return withWide(plain);
  if (options) return measure(text, options);
  const known = measured.get(plain);
  if (known !== undefined) return known;
  const width = measure(plain);
  if (measured.size >= mostMeasured) measured.clear();
  measured.set(plain, width);
  return width;
}
