import { exitCode, messageOf, OrchestraError } from '../domain/errors.ts';
import { safeText } from '../domain/safe-text.ts';
import type { Candidate } from './assemble.ts';

/**
 * Marks the features whose messages match one of the user's own expressions (`selection.must_include`) as urgent.
 * Throws `bad-pattern` (78) for an expression that does not parse.
 */
export function markMustInclude(candidates: readonly Candidate[], patterns: readonly string[]): Candidate[] {
  const compiled = patterns.map((pattern) => ({ pattern, expression: compile(pattern) }));
  return candidates.map((candidate) => {
    if (candidate.urgent !== undefined) return candidate;
    const messages = candidate.group.units
      .flatMap((unit) => unit.commits)
      .map(({ message }) => message.slice(0, 4000));
    const match = compiled.find(({ expression }) => messages.some((message) => expression.test(message)));
    return match
      ? { ...candidate, urgent: `matches selection.must_include (${safeText(match.pattern, 100)})` }
      : candidate;
  });
}

function compile(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'imu');
  } catch (error) {
    throw new OrchestraError(
      'bad-pattern',
      `selection.must_include: "${safeText(pattern, 200)}" is no regular expression`,
      {
        hint: 'Mend it in orchestra.yaml; JavaScript syntax, without slashes.',
        exit: exitCode.config,
        details: { cause: safeText(messageOf(error), 300) },
      },
    );
  }
}
