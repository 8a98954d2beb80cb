import type { DependencyReason } from '../domain/feature.ts';
import { Cuts } from './cuts.ts';
import type { FileDiff } from './diff.ts';
import { LineMap } from './line-map.ts';

interface FileState {
  lines: LineMap;
  cuts: Cuts;
  /** The waiting unit that made the file exist; −1 when the base has it. */
  createdBy: number;
}

/** What is needed of one file's diff. */
type ChangedLines = Pick<FileDiff, 'path' | 'oldPath' | 'status' | 'binary' | 'submodule' | 'hunks'>;

const base = -1;

/**
 * Who of the waiting units wrote which line, carried forward diff by diff along the first parents. That is what
 * `git blame --first-parent` would say of every replaced line, without a process per file: the diffs between base
 * and head are all there is to know about lines that waiting units own.
 */
export class Ownership {
  private readonly files = new Map<string, FileState>();

  /**
   * Takes in the next unit's diff of one file; gives the units it rests on: those that wrote the lines it replaces or
   * their neighbours (one line of context either side, as a three-way merge needs), or made the file.
   */
  apply(unit: number, diff: ChangedLines): Map<number, DependencyReason> {
    const needs = new Map<number, DependencyReason>();
    const before = this.files.get(diff.oldPath);
    if (diff.status === 'added') {
      const removed = this.files.get(diff.path);
      if (removed && removed.createdBy !== base)
        needs.set(removed.createdBy, { kind: 'order', path: diff.path });
      // The neighbour of its last line is no line: who made the file is told as that.
      const lines = diff.binary ? LineMap.of(unit) : LineMap.of(unit, diff.hunks[0]?.newCount ?? 0, base);
      this.files.set(diff.path, { lines, cuts: Cuts.none, createdBy: unit });
      needs.delete(unit);
      return needs;
    }
    const state = before ?? { lines: LineMap.of(base), cuts: Cuts.none, createdBy: base };
    // A binary file and a submodule have no lines to check a reason at.
    const lineless = diff.binary || diff.submodule === true;
    const need = (owner: number, kind: DependencyReason['kind'], line?: number) => {
      if (owner !== base && !needs.has(owner))
        needs.set(owner, { kind, path: diff.oldPath, ...(line !== undefined && !lineless && { line }) });
    };
    const whole = diff.status === 'deleted' || (diff.binary && diff.hunks.length === 0);
    let { lines, cuts } = state;
    if (whole) {
      state.lines.eachOwner((owner, line) => need(owner, 'line', line));
      lines = diff.status === 'deleted' ? LineMap.empty : LineMap.of(unit);
      cuts = Cuts.none;
    } else {
      for (const hunk of diff.hunks) state.lines.around(hunk, (owner, line) => need(owner, 'line', line));
      lines = state.lines.after(diff.hunks, unit, base);
      cuts = state.cuts.after(diff.hunks, unit, (owner, at) => need(owner, 'conflict', Math.max(1, at)));
    }
    need(state.createdBy, 'order');
    needs.delete(unit);
    if (diff.oldPath !== diff.path) this.files.delete(diff.oldPath);
    const made = diff.status === 'deleted' || diff.status === 'renamed';
    this.files.set(diff.path, { lines, cuts, createdBy: made ? unit : state.createdBy });
    return needs;
  }

  /** The waiting unit that made this path exist; undefined when the base has it or nothing is known of it. */
  creatorOf(path: string): number | undefined {
    const state = this.files.get(path);
    return state && state.createdBy !== base && !state.lines.isEmpty ? state.createdBy : undefined;
  }
}
