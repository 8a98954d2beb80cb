import type { FileDiff } from './diff.ts';

/** Looks at a diff while it is read, line by line; nothing of it is kept for this. */
export interface DiffWatch {
  commit(sha: string): void;
  /** A file's section begins; a change of type has two. */
  file(file: FileDiff): void;
  /** A line of the section that is neither the hunks' nor their content: `old mode 100644`, `Binary files … differ`. */
  remark(line: string): void;
  /** `text` is git's header of the hunk, with the line of code it stands under. */
  hunk(text: string): void;
  /** `bytes` are the line's own, without its sign; `whole` is false where it goes on further. */
  line(
    kind: 'same' | 'added' | 'removed',
    at: { old: number; new: number },
    bytes: Buffer,
    whole: boolean,
  ): void;
}
