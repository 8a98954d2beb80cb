import { messageOf, OrchestraError } from '../src/domain/errors.ts';
import { safeText } from '../src/domain/safe-text.ts';

/** An error as a card shows it: what failed, and the next step. */
export interface Problem {
  code: string;
  message: string;
  hint: string;
}

/** Anything thrown, as an error card shows it: safe to draw, always with a next step. */
export function problemOf(error: unknown): Problem {
  if (error instanceof OrchestraError)
    return { code: error.code, message: safeText(error.message), hint: safeText(error.hint) };
  return {
    code: 'internal',
    message: safeText(messageOf(error)),
    hint: 'Press u to try again; ORCHESTRA_DEBUG=1 orchestrate status shows more.',
  };
}

/** Whether `error` only says that the work was called off. */
export function isAbort(error: unknown): boolean {
  return error instanceof Error && (error.name === 'AbortError' || error.name === 'CanceledError');
}
