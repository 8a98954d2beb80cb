import type { DependencyReason } from '../domain/feature.ts';
import type { FileDiff, Hunk } from './diff.ts';

/** Lines from `start` (1-based) up to the next segment, last written by unit `owner`; −1 is the base. */
interface Segment {
  start: number;
  owner: number;
}

/** A place where unit `owner` removed lines and wrote none: just before line `at`. Blame cannot see it, a merge does. */
interface Cut {
  at: number;
  owner: number;
}

interface FileState {
  segments: Segment[];
  cuts: Cut[];
  /** The waiting unit that made the file exist; −1 when the base has it. */
  createdBy: number;
}

/** What is needed of one file's diff. */
type ChangedLines = Pick<FileDiff, 'path' | 'oldPath' | 'status' | 'binary' | 'hunks'>;

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
      this.files.set(diff.path, { segments: [{ start: 1, owner: unit }], cuts: [], createdBy: unit });
      needs.delete(unit);
      return needs;
    }
    const state = before ?? { segments: [{ start: 1, owner: base }], cuts: [], createdBy: base };
    const whole = diff.status === 'deleted' || (diff.binary && diff.hunks.length === 0);
    if (whole) {
      for (const { owner, start } of state.segments)
        if (owner !== base && !needs.has(owner))
          needs.set(owner, { kind: 'line', path: diff.oldPath, line: start });
    } else
      for (const hunk of diff.hunks)
        for (const [owner, line] of ownersAround(state.segments, hunk))
          if (owner !== base && !needs.has(owner))
            needs.set(owner, { kind: 'line', path: diff.oldPath, line });
    for (const hunk of whole ? [] : diff.hunks)
      for (const cut of state.cuts)
        if (touches(hunk, cut) && !needs.has(cut.owner))
          needs.set(cut.owner, { kind: 'conflict', path: diff.oldPath, line: Math.max(1, cut.at) });
    if (state.createdBy !== base && !needs.has(state.createdBy))
      needs.set(state.createdBy, { kind: 'order', path: diff.oldPath });
    needs.delete(unit);
    if (diff.oldPath !== diff.path) this.files.delete(diff.oldPath);
    if (diff.status === 'deleted') this.files.set(diff.path, { segments: [], cuts: [], createdBy: unit });
    else if (whole)
      this.files.set(diff.path, {
        segments: [{ start: 1, owner: unit }],
        cuts: [],
        createdBy: state.createdBy,
      });
    else
      this.files.set(diff.path, {
        segments: splice(state.segments, diff.hunks, unit),
        cuts: moveCuts(state.cuts, diff.hunks, unit),
        createdBy: diff.status === 'renamed' ? unit : state.createdBy,
      });
    return needs;
  }

  /** The waiting unit that made this path exist; undefined when the base has it or nothing is known of it. */
  creatorOf(path: string): number | undefined {
    const state = this.files.get(path);
    return state && state.createdBy !== base && state.segments.length > 0 ? state.createdBy : undefined;
  }
}

/** Owners of the lines a hunk replaces and of one line each side, each with the first such line. */
function ownersAround(segments: readonly Segment[], hunk: Hunk): [owner: number, line: number][] {
  // With a count of 0 git names the line before the insertion.
  const first = hunk.oldCount === 0 ? hunk.oldStart : hunk.oldStart - 1;
  const last = hunk.oldCount === 0 ? hunk.oldStart + 1 : hunk.oldStart + hunk.oldCount;
  const owners: [number, number][] = [];
  for (const [i, { start, owner }] of segments.entries()) {
    const end = (segments[i + 1]?.start ?? Infinity) - 1;
    if (start > last) break;
    if (end >= first) owners.push([owner, Math.max(1, start, first)]);
  }
  return owners;
}

/** The first old line at or after which a hunk acts, and the line after the last it removes. */
function spanOf(hunk: Hunk): { first: number; next: number } {
  // With a count of 0 git names the line before the insertion.
  const first = hunk.oldCount === 0 ? hunk.oldStart + 1 : hunk.oldStart;
  return { first, next: first + hunk.oldCount };
}

function touches(hunk: Hunk, cut: Cut): boolean {
  const { first, next } = spanOf(hunk);
  return first <= cut.at && cut.at <= next;
}

/** The cuts after the hunks: those a hunk touched are its own now, the others have moved. */
function moveCuts(cuts: readonly Cut[], hunks: readonly Hunk[], unit: number): Cut[] {
  const moved: Cut[] = [];
  for (const cut of cuts) {
    if (hunks.some((hunk) => touches(hunk, cut))) continue;
    const shift = hunks.reduce(
      (sum, hunk) => sum + (spanOf(hunk).next <= cut.at ? hunk.newCount - hunk.oldCount : 0),
      0,
    );
    moved.push({ at: cut.at + shift, owner: cut.owner });
  }
  let shift = 0;
  for (const hunk of hunks) {
    if (hunk.newCount === 0) moved.push({ at: spanOf(hunk).first + shift, owner: unit });
    shift += hunk.newCount - hunk.oldCount;
  }
  return moved;
}

/** The segments after the hunks, whose new lines belong to `unit`. Hunks come in order and do not touch. */
function splice(segments: readonly Segment[], hunks: readonly Hunk[], unit: number): Segment[] {
  const result: Segment[] = [];
  const push = (start: number, owner: number) => {
    const last = result.at(-1);
    if (last?.start === start) last.owner = owner;
    else result.push({ start, owner });
    const previous = result.at(-2);
    if (previous && previous.owner === owner) result.pop();
  };
  let i = 0;
  let shift = 0;
  let owner = base;
  for (const hunk of hunks) {
    const { first: oldFirst, next: oldNext } = spanOf(hunk);
    for (let at = segments[i]; at && at.start < oldFirst; at = segments[++i]) {
      push(at.start + shift, at.owner);
      owner = at.owner;
    }
    if (hunk.newCount > 0) push(oldFirst + shift, unit);
    for (let at = segments[i]; at && at.start <= oldNext; at = segments[++i]) owner = at.owner;
    shift += hunk.newCount - hunk.oldCount;
    push(oldNext + shift, owner);
  }
  for (let at = segments[i]; at; at = segments[++i]) push(at.start + shift, at.owner);
  return result;
}
