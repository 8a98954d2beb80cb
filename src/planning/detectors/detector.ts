import type { Flags } from '../../domain/feature.ts';
import type { FileDiff } from '../diff.ts';

/** Which of a change's two states a text is of. */
export type Side = 'before' | 'after';

/** What a detector sees of one unit: its diff against the first parent, and whether its message says it breaks something. */
export interface ChangeView {
  files: readonly FileDiff[];
  breaking: boolean;
  /**
   * The whole file on one side, for a path some detector `wants`. Undefined where nobody can tell: it is too large,
   * binary, or missing from the objects. Only for a side that exists: an added file has no `before`.
   */
  text(file: FileDiff, side: Side): string | undefined;
}

/** Recognises one kind of change; pure, so that its answer can be kept by commit. Gives only the flags it is about. */
export interface Detector {
  name: string;
  /** Whether it reads the whole text of a file of this path; cheap, because it is asked for every path of a history. */
  wants?(path: string): boolean;
  /** Whether it reads the whole text of this file because of the lines that changed in it. */
  wantsFor?(file: FileDiff): boolean;
  detect(change: ChangeView): Partial<Flags> | Promise<Partial<Flags>>;
}

/** The file's name without its folders, in lower case. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).toLowerCase();
}
