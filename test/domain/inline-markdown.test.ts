import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inlineOf, plainWords } from '../../src/domain/inline-markdown.ts';
import { code, md } from '../../src/domain/markdown.ts';

describe('a line of Markdown', () => {
  it('has code, bold, emphasis and links', () => {
    expect(inlineOf('Run `a*b` **twice _or_ more**, see [the guide](GUIDE.md)')).toEqual([
      { text: 'Run ' },
      { text: 'a*b', code: true },
      { text: ' ' },
      { text: 'twice ', bold: true },
      { text: 'or', bold: true, emphasis: true },
      { text: ' more', bold: true },
      { text: ', see the guide (GUIDE.md)' },
    ]);
  });

  it('stands as it was written where nothing closes it', () => {
    for (const text of ['2 * 3 * 4', 'a `b', '**a', 'snake_case_name', '[a', '[a](b', 'x ](y)', 'by: ______'])
      expect(plainWords(text)).toBe(text);
  });

  it('gives back what `md` and `code` escaped, whatever it was', () => {
    const line = fc.string({ unit: 'grapheme-ascii', maxLength: 60 }).filter((text) => text.trim() !== '');
    fc.assert(
      fc.property(line, (text) => {
        const safe = text.trim();
        expect(plainWords(md(text))).toBe(safe);
        expect(
          inlineOf(`a ${code(safe)} b`)
            .map((piece) => piece.text)
            .join(''),
        ).toBe(safe === '' ? 'a   b' : `a ${safe} b`);
      }),
    );
  });

  it('takes time with its length alone', () => {
    for (const piece of ['`', '``a', '**', '[', '[a](', '_a', '*a ', '\\'])
      expect(plainWords(piece.repeat(20_000)).length).toBeLessThanOrEqual(20_000 * piece.length);
  });
});
