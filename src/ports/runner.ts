export interface RunOptions {
  cwd: string;
  /** The whole environment of the program; nothing is inherited beside it. */
  env: Record<string, string>;
  /** Ends the whole process group: SIGTERM, then SIGKILL after `killAfterMs`. */
  signal?: AbortSignal;
  timeoutMs?: number;
  killAfterMs?: number;
  /** Every chunk the program writes, stdout and stderr together, in order. */
  onOutput?: (chunk: Buffer) => void;
  /** Where it is given, stderr goes here, and `onOutput` gets stdout alone. */
  onErrorOutput?: (chunk: Buffer) => void;
}

export interface RunResult {
  exitCode: number | null;
  signal: string | null;
  timedOut: boolean;
  durationMs: number;
}

/** Programs of the user's project: suites, install and build commands. */
export interface Runner {
  /** Runs a command line the user wrote themselves, through `sh -c`, in a process group of its own. */
  shell(commandLine: string, options: RunOptions): Promise<RunResult>;
  /** Runs a program with arguments that no shell reads; exit code 127 when there is no such program. */
  program(argv: readonly [string, ...string[]], options: RunOptions): Promise<RunResult>;
}
