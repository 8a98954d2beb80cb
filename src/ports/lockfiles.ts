/** A lockfile that does not fit its manifest any more, and how its own tool makes it again; all of it plain data. */
export interface StaleLockfile {
  path: string;
  /** Folder of the lockfile, with `/`; empty for the root. */
  folder: string;
  /** The program, as people call it. */
  tool: string;
  argv: readonly [string, ...string[]];
  env: Readonly<Record<string, string>>;
  /** What the tool writes and the candidate takes over, relative to `folder`. */
  writes: readonly string[];
  /** Files by which a commit could make the tool run programs of its own: away while it runs, in the root and every folder down to `folder`. */
  setAside: readonly string[];
  /** Of a file that is set aside, the lines that come back: they only say where packages are. */
  keeps: Readonly<Record<string, RegExp>>;
  /** Why it does not fit, in words that are safe to print. */
  reason: string;
}

/** A file that a tool wrote, as it is in the repository's objects. */
export interface WrittenFile {
  path: string;
  blob: string;
}

/** Runs package managers for the candidate, away from the user's files. */
export interface LockfileTools {
  /**
   * The lockfile as its tool makes it for the version `sha`, in a clean checkout. Throws code `lockfile` naming tool,
   * folder and output, when the tool is missing, fails, or takes too long.
   */
  regenerate(sha: string, stale: StaleLockfile, signal?: AbortSignal): Promise<WrittenFile[]>;
}
