import { describe, expect, it } from 'vitest';
import { versionWords } from '../../src/domain/version-words.ts';

const main = (digit: string) => ({ name: 'main', sha: digit.repeat(40) });

describe('a version in words', () => {
  it('is its name, with the commit only where another one is called the same', () => {
    expect(versionWords(main('a'), [main('b')])).toBe('main (aaaaaaa)');
    expect(versionWords(main('a'), [main('a'), { name: 'v2', sha: 'b'.repeat(40) }])).toBe('main');
  });
});
