import { describe, expect, it } from 'vitest';
import { takenBack } from '../../src/planning/base-log.ts';
import { readMessage } from '../../src/planning/message.ts';

const log = (...messages: readonly string[]) =>
  messages.map((message, i) => ({
    sha: String(i).repeat(40),
    parents: [],
    message: readMessage(message, 1),
    origins: [],
  }));

describe('what the base took back', () => {
  it.each<[string, messages: string[], takenBack: number[]]>([
    ['a revert by its title', ['feat: one', 'Revert "feat: one"'], [0]],
    ['a revert by its commit', ['feat: one', `Take it out\n\nThis reverts commit ${'0'.repeat(40)}.`], [0]],
    ['a revert of a revert', ['feat: one', 'Revert "feat: one"', 'Revert "Revert "feat: one""'], []],
    ['nothing for a commit nobody knows', ['', `Take it out\n\nThis reverts commit ${'f'.repeat(40)}.`], []],
  ])('D1 knows %s', (_, messages, expected) => {
    expect([...takenBack(log(...messages))].map((sha) => Number(sha.charAt(0)))).toEqual(expected);
  });
});
