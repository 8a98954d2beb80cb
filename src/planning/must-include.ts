import { createContext, Script, type Context } from 'node:vm';
import { exitCode, messageOf, OrchestraError } from '../domain/errors.ts';
import { safeText } from '../domain/safe-text.ts';
import type { Candidate } from './assemble.ts';

/** Tests messages while they are read, so that none has to be kept. */
export interface MessageMatcher {
  /** Queues a message; `found` is called with the expression that it matches, at the latest in `finish`. */
  add(message: string, found: (pattern: string) => void): void;
  /** Tests what is still queued. Throws `bad-pattern` (78). */
  finish(): void;
}

/** Characters of a message that the user's expressions see. */
const longestText = 4000;
/** Messages tested in one go, and the most that may take, in ms; honest expressions need well under one. */
const batch = 200;
const patience = 3000;

/** For each message the index of the first expression that matches, −1 for none. */
const search = new Script(
  `texts.map((text) => expressions.findIndex((source) => (compiled[source] ??= new RegExp(source, 'imu')).test(text))).join()`,
);

/**
 * A matcher of the user's own expressions (`selection.must_include`, JavaScript syntax, flags `imu`, the first 4000
 * characters of each message); undefined when there are none. An expression of theirs may backtrack without end on a
 * message somebody else wrote, so each batch has a time limit. Throws `bad-pattern` (78) for one that does not parse,
 * and from the matcher when the limit is passed.
 */
export function matchMessages(patterns: readonly string[]): MessageMatcher | undefined {
  for (const pattern of patterns) refuseUnreadable(pattern);
  if (patterns.length === 0) return undefined;
  const compiled: Record<string, RegExp> = {};
  const sandbox: { texts: string[]; expressions: readonly string[]; compiled: typeof compiled } = {
    texts: [],
    expressions: patterns,
    compiled,
  };
  Object.setPrototypeOf(compiled, null);
  const context = createContext(sandbox);
  let waiting: ((pattern: string) => void)[] = [];
  const finish = () => {
    const found = indexes(context, patterns);
    for (const [i, tell] of waiting.entries()) {
      const pattern = patterns[found[i] ?? -1];
      if (pattern !== undefined) tell(pattern);
    }
    sandbox.texts = [];
    waiting = [];
  };
  return {
    add(message, tell) {
      sandbox.texts.push(message.slice(0, longestText));
      waiting.push(tell);
      if (waiting.length >= batch) finish();
    },
    finish,
  };
}

function indexes(context: Context, patterns: readonly string[]): number[] {
  try {
    return String(search.runInContext(context, { timeout: patience }))
      .split(',')
      .map(Number);
  } catch (error) {
    throw badPattern(
      `selection.must_include: ${patterns.map((one) => `"${safeText(one, 100)}"`).join(', ')} took too long on the messages here`,
      'An expression with a repetition inside a repetition, like (a+)+, can take for ever: write it without, or name plain words.',
      error,
    );
  }
}

function refuseUnreadable(pattern: string): void {
  try {
    RegExp(pattern, 'imu');
  } catch (error) {
    throw badPattern(
      `selection.must_include: "${safeText(pattern, 200)}" is no regular expression`,
      'Mend it in orchestra.yaml; JavaScript syntax, without slashes.',
      error,
    );
  }
}

function badPattern(message: string, hint: string, error: unknown): OrchestraError {
  return new OrchestraError('bad-pattern', message, {
    hint,
    exit: exitCode.config,
    details: { cause: safeText(messageOf(error), 300) },
  });
}

/** Marks the features with a commit whose message matched one of the user's own expressions as urgent. */
export function markMustInclude(candidates: readonly Candidate[]): Candidate[] {
  return candidates.map((candidate) => {
    if (candidate.urgent !== undefined) return candidate;
    for (const unit of candidate.group.units)
      for (const { matched } of unit.commits)
        if (matched !== undefined)
          return { ...candidate, urgent: `matches selection.must_include (${safeText(matched, 100)})` };
    return candidate;
  });
}
