import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { graphemes } from '../../components/graphemes.ts';

const pieces = [
  'a',
  'é',
  'e\u0301',
  '日',
  '👩‍💻',
  '🇩🇪',
  '─',
  '●',
  '✔',
  '\u001b[31m',
  '\u001b[0m',
  '\r',
  '\n',
  '\ufe0f',
  'ㅎ',
  'ㅏ',
  ' ',
];

describe('the characters of a text', () => {
  it('are those of Intl.Segmenter, whatever the text is made of', () => {
    const real = new Intl.Segmenter();
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom(...pieces)).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(anyText, (text) => {
        const expected = Array.from(real.segment(text), ({ segment, index }) => ({ segment, index }));
        const found = Array.from(graphemes.segment(text), ({ segment, index }) => ({ segment, index }));
        expect(found).toEqual(expected);
      }),
    );
    for (let code = 0; code < 0x10000; code += code < 0x3200 ? 1 : 113) {
      const text = `a${String.fromCodePoint(code)}b`;
      expect([code, Array.from(graphemes.segment(text), (one) => one.segment)]).toEqual([
        code,
        Array.from(real.segment(text), (one) => one.segment),
      ]);
    }
  });

  it('are found by where they are', () => {
    expect(graphemes.segment('ab').containing(1)).toMatchObject({ segment: 'b', index: 1 });
    expect(graphemes.segment('ab').containing()).toMatchObject({ segment: 'a', index: 0 });
    expect(graphemes.segment('ab').containing(2)).toBeUndefined();
    expect(graphemes.segment('e\u0301').containing(1)).toMatchObject({ index: 0 });
  });
});
