import type { ChangedFile } from './feature.ts';

/** One commit of a feature as its author wrote it; every text is safe to show. */
export interface CommitNote {
  sha: string;
  author: string;
  /** ISO 8601, as git gives it. */
  at: string;
  subject: string;
  /** Line by line, without the subject; at most `mostBodyLines`. */
  body: readonly string[];
  merge: boolean;
}

/** A line of a feature's diff as it is read, one row each; every text is safe to show, tabs are spaces. */
export type DiffRow =
  /** The commit whose changes follow: a merge's are those against its first parent. */
  | { kind: 'commit'; sha: string }
  | { kind: 'file'; path: string; from?: string; status: ChangedFile['status'] }
  /** Something about the file above: it is binary, its mode changes, it has no newline at its end. */
  | { kind: 'note'; text: string }
  | { kind: 'hunk'; text: string }
  | { kind: 'same'; old: number; new: number; text: string }
  | { kind: 'added'; new: number; text: string }
  | { kind: 'removed'; old: number; text: string }
  | Left;

/** What a diff leaves out, where it is too long to be shown whole. */
export interface Left {
  kind: 'left';
  /** Changed and context lines that are not shown. */
  lines: number;
  /** Files not one line of which is shown. */
  files: number;
  /** There is more than was counted. */
  more: boolean;
  /** The git commands that show all of it. */
  commands: readonly string[];
}
