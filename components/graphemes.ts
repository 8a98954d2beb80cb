import { neverCombines } from './string-width.ts';

/** One character as a person sees it, and where it begins in its text. */
export interface Grapheme {
  segment: string;
  index: number;
}

/** The characters of a text, in order; `containing` gives the one at an index, undefined outside the text. */
export interface Graphemes extends Iterable<Grapheme> {
  containing(index?: number): Grapheme | undefined;
}

let segmenter: Intl.Segmenter | undefined;

/**
 * `Intl.Segmenter` for drawing: text of characters that never combine, colours included, is cut without the tables of
 * Unicode, which take longer to load than everything else a first frame needs.
 */
export const graphemes = {
  segment(text: string): Graphemes {
    if (!neverCombines.test(text.includes('\u001b') ? text.replaceAll('\u001b', '') : text)) {
      segmenter ??= new Intl.Segmenter();
      return segmenter.segment(text);
    }
    return {
      containing: (index = 0) => {
        const segment = text[index];
        return segment === undefined ? undefined : { segment, index };
      },
      *[Symbol.iterator]() {
        for (let index = 0; index < text.length; index += 1) yield { segment: text.charAt(index), index };
      },
    };
  },
};
