import type { Choice } from '../src/domain/choice.ts';
import type { Selection } from '../src/domain/feature.ts';
import type { Problem } from './problem.ts';

/** A feature and the file in it that is in the way. */
export interface Place {
  id: string;
  path: string;
}

export interface Need {
  id: string;
  because: readonly string[];
}

export type ProofState =
  | { kind: 'none' }
  | { kind: 'proving' }
  /** `needs` is what the proof added, each with why; `rest` is where what stays behind would not follow cleanly. */
  | { kind: 'proved'; tree: string; rounds: number; needs: readonly Need[]; rest: readonly Place[] }
  | { kind: 'refused'; conflicts: readonly Place[]; needs: readonly Need[] }
  | { kind: 'failed'; problem: Problem };

/** What is chosen to ship, and what is known of it. */
export interface SelectionState {
  strategy: Choice['strategy'];
  /** What the person chose; what it pulls in is in `closed`. */
  wanted: readonly string[];
  closed: Selection | undefined;
  /** What would have shipped before the person changed the choice last; undefined where nobody has. */
  before: Selection | undefined;
  /** What was wanted when features were last chosen one by one; undefined where they were not. */
  ownChoice: readonly string[] | undefined;
  proof: ProofState;
  /** What the last toggle brought along or dropped, or what became of the choice when the branch moved, and why. */
  told: readonly string[];
  /** How many more such sentences there would be. */
  untold: number;
  /** The choice as it is saved, from the last time the person chose; undefined where nobody has. */
  choice: Choice | undefined;
  /** Features that came after the choice was made. */
  fresh: ReadonlySet<string>;
}
