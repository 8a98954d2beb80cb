import { OrchestraError, messageOf } from '../domain/errors.ts';
import type { Failure } from '../domain/event.ts';
import { safeText } from '../domain/safe-text.ts';

/** What went wrong, safe to show: messages and logs can carry anything a program printed. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof OrchestraError)) {
    return { code: 'unexpected', message: safeText(messageOf(error), 500), hint: 'see the conductor’s log' };
  }
  const log = error.details?.['log'];
  return {
    code: error.code,
    message: safeText(error.message, 500),
    hint: safeText(error.hint, 500),
    ...(Array.isArray(log) ? { log: log.slice(-20).map((line) => safeText(String(line), 500)) } : {}),
  };
}
