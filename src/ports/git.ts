/** What a git command gave: `stdout` as bytes, so that no file name is lost to decoding. */
export interface GitResult {
  stdout: Buffer;
  stderr: string;
  exitCode: number;
}

export interface GitOptions {
  input?: string | Buffer;
  env?: Record<string, string>;
  signal?: AbortSignal;
  /** Exit codes that are answers, not failures; default only 0. */
  accept?: readonly number[];
}

/** What is checked out, as far as planning cares. */
export interface Checkout {
  /** The current branch's short name, also when it is unborn; undefined on a detached head. */
  branch: string | undefined;
  /** The branch has no commit yet. */
  unborn: boolean;
  /** History was cut off when it was cloned. */
  shallow: boolean;
  bare: boolean;
  /** Tracked files that differ from the last commit; 0 in a bare repository; undefined where git cannot tell. */
  changedFiles: number | undefined;
}

/**
 * The one place that runs git, in one repository. Arguments are argv entries; a revision or branch from outside
 * goes through `ref` first, which refuses what git could take for an option.
 */
export interface Git {
  /** The root of the work tree (or bare repository) that was opened, absolute. */
  readonly root: string;
  /** The main work tree's root, absolute: the same for all work trees. The git directory where there is no main one. */
  readonly mainRoot: string;
  /** The common git directory, absolute: the same for all work trees of a repository. */
  readonly commonDir: string;
  /** Runs git and gives all of its output. Throws `OrchestraError` code `git` on another exit code. */
  run(args: readonly string[], options?: GitOptions): Promise<GitResult>;
  /** `run`, its stdout as text without the last newline. */
  text(args: readonly string[], options?: GitOptions): Promise<string>;
  /** Gives stdout in chunks as git writes it; throws like `run` at the end. */
  stream(args: readonly string[], options?: GitOptions): AsyncIterable<Buffer>;
  /** The full sha a revision names. Throws code `unknown-ref`, or `bad-ref` for what looks like an option (exit 2). */
  resolve(ref: string): Promise<string>;
  /** What is checked out here, asked anew at every call. */
  checkout(): Promise<Checkout>;
  /** Like `resolve`; undefined when there is no such revision. */
  tryResolve(ref: string): Promise<string | undefined>;
}
