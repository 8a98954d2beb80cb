/** Exit codes of the command line; CONTRACT: 0 done … 143 signals. Part of the public surface: never change one. */
export const exitCode = {
  done: 0,
  failed: 1,
  usage: 2,
  rolledBack: 3,
  gateRefused: 4,
  locked: 5,
  waiting: 6,
  io: 74,
  config: 78,
  interrupted: 130,
  terminated: 143,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

/**
 * An error a person is meant to read: what failed (`message`, with the value), and what to do next (`hint`).
 * `code` is a stable word for programs; `exit` is the code the command line ends with.
 */
export class OrchestraError extends Error {
  override readonly name = 'OrchestraError';
  readonly code: string;
  readonly exit: ExitCode;
  readonly hint: string;
  readonly details: Record<string, unknown> | undefined;

  constructor(
    code: string,
    message: string,
    options: { hint: string; exit?: ExitCode; details?: Record<string, unknown>; cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.exit = options.exit ?? exitCode.failed;
    this.hint = options.hint;
    this.details = options.details;
  }
}

/** The one-line message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
