import { describe, expect, it } from 'vitest';
import { matchMessages } from '../../src/planning/must-include.ts';

/** The expression that each message matches. */
function matches(patterns: string[], messages: readonly string[]): (string | undefined)[] {
  const matcher = matchMessages(patterns);
  const found: (string | undefined)[] = messages.map(() => undefined);
  for (const [i, message] of messages.entries()) matcher?.add(message, (pattern) => (found[i] = pattern));
  matcher?.finish();
  return found;
}

describe('selection.must_include', () => {
  it('S2 tells which of the expressions a message matches, by line and whatever the case, however many there are', () => {
    const messages = Array.from({ length: 450 }, (_, i) => (i % 3 === 0 ? `x ${i}\nPAY me` : `fix: ${i}`));
    const found = matches(['^pay', '^fix(?!: 1$)', '__proto__'], messages);
    expect(found.slice(0, 4)).toEqual(['^pay', undefined, '^fix(?!: 1$)', '^pay']);
    expect(found.filter((pattern) => pattern === '^pay')).toHaveLength(150);
    expect(matches(['__proto__'], ['x', 'a __proto__'])).toEqual([undefined, '__proto__']);
    expect(matchMessages([])).toBeUndefined();
  });

  it('S2 refuses an expression that would run for ever on what somebody wrote, and names it', () => {
    expect(() => matches(['^(a+)+$'], [`${'a'.repeat(60)}!`])).toThrow(/"\^\(a\+\)\+\$" took too long/u);
  });
});
