import type { ChangedFile } from '../domain/feature.ts';

/** Lines `oldStart … oldStart+oldCount-1` became `newStart … newStart+newCount-1`; a count of 0 is between lines. */
export interface Hunk {
  oldStart: number;
  oldCount: number;
  newStart: number;
  newCount: number;
}

/** One file of a diff against the first parent. Paths are decoded as UTF-8; a name that is not is kept with U+FFFD. */
export interface FileDiff {
  path: string;
  /** The path on the parent's side; differs from `path` for a rename. */
  oldPath: string;
  status: ChangedFile['status'];
  /** Full object names of the contents, or of the commit of a submodule; undefined on a side where it is absent. */
  oldBlob?: string | undefined;
  newBlob?: string | undefined;
  additions: number;
  deletions: number;
  /** No line diff exists: git calls it binary, it is a lockfile, or its content is not in the object store. */
  binary: boolean;
  /** It is another repository's commit. */
  submodule?: boolean;
  hunks: Hunk[];
  /** Added and removed lines, without their sign; cut at `keptLines` each. Empty where nobody reads such lines. */
  added: { line: number; text: string }[];
  removed: { line: number; text: string }[];
}

export interface CommitDiff {
  sha: string;
  files: FileDiff[];
  /**
   * Files whose content the object store lacks (a partial clone): nothing is known of their lines. 1 without any file,
   * where not even the files are known.
   */
  unknown: number;
  /** Told by git's quick diff, because its careful one took too long: another day it may come out otherwise. */
  hasty?: boolean;
}

/** Lines of one file's diff whose text is kept; hunks are always kept whole. */
export const keptLines = 2000;
/** Bytes kept of one line. */
export const keptWidth = 400;
