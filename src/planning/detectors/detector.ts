import type { Flags } from '../../domain/feature.ts';
import type { FileDiff } from '../diff.ts';

/** What a detector sees of one unit: its diff against the first parent, and whether its message says it breaks something. */
export interface ChangeView {
  files: readonly FileDiff[];
  breaking: boolean;
}

/** Recognises one kind of change; pure. Gives only the flags it is about. */
export interface Detector {
  name: string;
  detect(change: ChangeView): Partial<Flags>;
}

/** The file's name without its folders, in lower case. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).toLowerCase();
}
