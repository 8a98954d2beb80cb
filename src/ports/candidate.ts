import type { Source } from '../domain/event.ts';

export interface BuiltCandidate {
  sha: string;
  tree: string;
  branch: string | null;
  /** On the branch, beyond its base. */
  commits: number;
  /** What a reader of the branch should know, safe to print. */
  notes: string[];
}

/** Turns what was chosen into a revision; never touches the user's work tree, index or other branches. */
export interface CandidateBuilder {
  /**
   * Builds `release/<id>` on `base` from exactly the source's features; for a version it only resolves it. Idempotent:
   * the same source on the same base gives the same tree. Throws code `candidate-conflict` naming feature and path.
   */
  build(id: string, source: Source, base: string | null): Promise<BuiltCandidate>;
}
