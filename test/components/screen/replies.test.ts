import { describe, expect, it } from 'vitest';
import { withoutReplies } from '../../../components/screen/replies.ts';

describe('what a terminal answers to others', () => {
  it.each([
    ['a mode report', '\u001b[?2026;2$y'],
    ['a mode report of ANSI', '\u001b[4;2$y'],
    ['its attributes', '\u001b[?62;22;52c'],
    ['its version', '\u001b[>41;390;0c'],
    ['a colour', '\u001b]11;rgb:1c1c/1c1c/1c1c\u001b\\'],
    ['a colour, ended with BEL', '\u001b]10;rgb:ffff/ffff/ffff\u0007'],
    ['a capability', '\u001bP1+r524742\u001b\\'],
    ['the clipboard', '\u001b]52;c;eQ==\u0007'],
    ['the keyboard protocol', '\u001b[?1u'],
  ])('is no key: %s', (_, text) => {
    expect(withoutReplies(text)).toBe('');
    expect(withoutReplies(`j${text}k`)).toBe('jk');
  });

  it('leaves every key as it is', () => {
    for (const keys of [
      'y',
      '\u001b',
      '\u001b[A',
      '\u001b[5~',
      '\u001b[1;5C',
      '\u001bOP',
      '\u001by',
      '\u001b[Z',
      '\u001b[121;5u',
      '\u001b]y',
      '日',
    ])
      expect(withoutReplies(keys)).toBe(keys);
  });
});
