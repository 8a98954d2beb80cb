import type { Regenerated, Source } from '../domain/event.ts';

export interface BuiltCandidate {
  sha: string;
  /** What the proof promised: the same for the same source and base. Lockfiles made again come on top of it. */
  tree: string;
  branch: string | null;
  /** Of `sha`: `tree`, or that with the lockfiles made again. */
  builtTree: string;
  /** On the branch, beyond its base. */
  commits: number;
  /** What a reader of the branch should know, safe to print. */
  notes: string[];
  /** Lockfiles that `sha` has from their tools; empty where `sha` is the proved tree itself. */
  regenerated: Regenerated[];
}

/** Turns what was chosen into a revision; never touches the user's work tree, index or other branches. */
export interface CandidateBuilder {
  /**
   * Builds `release/<id>` on `base` from exactly the source's features; for a version it only resolves it. Idempotent:
   * the same source on the same base gives the same tree. Throws code `candidate-conflict` naming feature and path, or `lockfile` (4)
   * when a lockfile would have to be made again and cannot be.
   */
  build(id: string, source: Source, base: string | null, signal?: AbortSignal): Promise<BuiltCandidate>;
}
