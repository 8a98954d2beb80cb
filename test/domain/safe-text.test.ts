import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { safeLines, safeText } from '../../src/domain/safe-text.ts';

describe('safeText', () => {
  it.each([
    ['a title set by OSC', '\u001b]0;evil\u0007x', '\ufffd]0;evil\ufffdx'],
    ['an OSC in C1 form', '\u009d52;c;AAAA\u009c', '\ufffd52;c;AAAA\ufffd'],
    ['a bidi override', 'user\u202etxt.exe', 'user\ufffdtxt.exe'],
    ['a carriage return', 'good\rbad', 'good bad'],
    ['a NUL', 'a\0b', 'a\ufffdb'],
  ])('takes the power from %s', (_, hostile, safe) => {
    expect(safeText(hostile)).toBe(safe);
  });

  it('keeps the text of every script and emoji with joiners', () => {
    for (const text of ['naïve café', '日本語', 'עברית', '👩‍💻 ❤️', 'a→b ≤ 5 €'])
      expect(safeText(text)).toBe(text);
  });

  it('never lets a control, format or unassigned character through, whatever comes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(safeText(text)).not.toMatch(
          /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\u202a-\u202e\u2066-\u2069\u200e\u200f\ufeff]/u,
        );
      }),
    );
  });

  it('cuts at the length asked for and says so', () => {
    expect(safeText('x'.repeat(50), 10)).toBe(`${'x'.repeat(9)}…`);
  });

  it('splits lines at every kind of line end', () => {
    expect(safeLines('a\r\nb\rc\nd')).toEqual(['a', 'b', 'c', 'd']);
  });
});
