import fc from 'fast-check';
import measure from 'string-width';
import { describe, expect, it } from 'vitest';
import { cut, fit, widthOf, windowOf, wrap } from '../../components/fit.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom('a', '日', '👩‍💻', '✔', '…', '─', '●', '↩', '\ufe0f', '\u0301', ' '))
    .map((parts) => parts.join('')),
);

describe('text on the screen', () => {
  it('is measured like the library does it, only sooner', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(widthOf(text)).toBe(measure(text));
      }),
    );
    for (let code = 0x20; code < 0x10000; code += code < 0x3200 ? 1 : 31) {
      const character = String.fromCodePoint(code);
      expect([code, widthOf(character)]).toEqual([code, measure(character)]);
    }
  });

  it('fills exactly its column, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 30 }), (text, width) => {
        expect(widthOf(cut(text, width))).toBeLessThanOrEqual(width);
        expect(widthOf(fit(text, width))).toBe(width);
      }),
    );
    expect(fit('日本語', 5)).toBe('日本…');
    expect(fit('日本語', 4)).toBe('日… ');
    expect(fit('7', 3, 'right')).toBe('  7');
  });

  it('is broken between words, and inside one only where it must be', () => {
    expect(wrap('needs pr-799 first', 10)).toEqual(['needs', 'pr-799', 'first']);
    expect(wrap('averyveryverylongword', 8)).toEqual(['averyver', 'yverylon', 'gword']);
  });

  it('keeps the row under the cursor in sight', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(10_000), fc.integer({ min: 1, max: 60 }), (count, at, height) => {
        const cursor = Math.min(at, Math.max(0, count - 1));
        const { from, to } = windowOf(count, cursor, height);
        expect(to - from).toBe(Math.min(count, height));
        if (count > 0) expect(cursor >= from && cursor < to).toBe(true);
      }),
    );
  });
});
