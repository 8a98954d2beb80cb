import type { Hunk } from './diff.ts';

/**
 * Which unit last wrote each line of a file: stretches of lines with one owner, as two arrays of numbers, because hot
 * files have thousands of them and every diff goes through them. Not changed once made.
 */
export class LineMap {
  private constructor(
    /** First line of each stretch, 1-based, ascending; a stretch ends where the next begins. */
    private readonly starts: readonly number[],
    private readonly owners: readonly number[],
  ) {}

  static readonly empty = new LineMap([], []);

  /** A file whose every line has one owner; with a `count` of lines, what lies past them is `unowned`. */
  static of(owner: number): LineMap;
  static of(owner: number, count: number, unowned: number): LineMap;
  static of(owner: number, count = Infinity, unowned = owner): LineMap {
    if (count === 0) return new LineMap([1], [unowned]);
    return count === Infinity ? new LineMap([1], [owner]) : new LineMap([1, count + 1], [owner, unowned]);
  }

  get isEmpty(): boolean {
    return this.starts.length === 0;
  }

  /** Every stretch's owner with its first line. */
  eachOwner(visit: (owner: number, line: number) => void): void {
    for (const [i, owner] of this.owners.entries()) visit(owner, this.starts[i] ?? 1);
  }

  /** Stretches there are: what the map takes to hold and to go through. */
  get size(): number {
    return this.starts.length;
  }

  /** Who owns a line; undefined before the first stretch. */
  ownerOf(line: number): number | undefined {
    return this.owners[this.holding(line)];
  }

  /** The map with other owners; neighbours that have the same one become one stretch. */
  renamed(to: (owner: number) => number): LineMap {
    const starts: number[] = [];
    const owners: number[] = [];
    for (const [i, start] of this.starts.entries()) {
      const owner = to(this.owners[i] ?? 0);
      if (owners.at(-1) === owner) continue;
      starts.push(start);
      owners.push(owner);
    }
    return new LineMap(starts, owners);
  }

  /** Its stretches as numbers, a first line and an owner each. */
  toNumbers(): number[] {
    return this.starts.flatMap((start, i) => [start, this.owners[i] ?? 0]);
  }

  /** What `toNumbers` gave. */
  static fromNumbers(numbers: readonly number[]): LineMap {
    const starts: number[] = [];
    const owners: number[] = [];
    for (let i = 0; i + 1 < numbers.length; i += 2) {
      starts.push(numbers[i] ?? 1);
      owners.push(numbers[i + 1] ?? 0);
    }
    return new LineMap(starts, owners);
  }

  /** Owners of the lines a hunk replaces and of one line either side, each with the first such line. */
  around(hunk: Hunk, visit: (owner: number, line: number) => void): void {
    // With a count of 0 git names the line before the insertion.
    const first = hunk.oldCount === 0 ? hunk.oldStart : hunk.oldStart - 1;
    const last = hunk.oldCount === 0 ? hunk.oldStart + 1 : hunk.oldStart + hunk.oldCount;
    for (let i = Math.max(0, this.holding(first)); i < this.starts.length; i++) {
      const start = this.starts[i] ?? 1;
      if (start > last) break;
      visit(this.owners[i] ?? 0, Math.max(1, start, first));
    }
  }

  /** The map after the hunks, whose new lines belong to `unit`. Hunks come in order and do not touch. */
  after(hunks: readonly Hunk[], unit: number, unowned: number): LineMap {
    const { starts, owners } = this;
    const newStarts: number[] = [];
    const newOwners: number[] = [];
    const push = (start: number, owner: number) => {
      if (newStarts.at(-1) === start) {
        newStarts.pop();
        newOwners.pop();
      }
      if (newOwners.at(-1) === owner) return;
      newStarts.push(start);
      newOwners.push(owner);
    };
    let i = 0;
    let shift = 0;
    let owner = unowned;
    for (const hunk of hunks) {
      const { first, next } = spanOf(hunk);
      for (; i < starts.length && (starts[i] ?? 0) < first; i++) {
        owner = owners[i] ?? unowned;
        push((starts[i] ?? 0) + shift, owner);
      }
      if (hunk.newCount > 0) push(first + shift, unit);
      for (; i < starts.length && (starts[i] ?? 0) <= next; i++) owner = owners[i] ?? unowned;
      shift += hunk.newCount - hunk.oldCount;
      push(next + shift, owner);
    }
    for (; i < starts.length; i++) push((starts[i] ?? 0) + shift, owners[i] ?? unowned);
    return new LineMap(newStarts, newOwners);
  }

  /** The stretch that holds a line, by index; −1 before the first. */
  private holding(line: number): number {
    let [low, high] = [0, this.starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.starts[middle] ?? 0) <= line) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** The first old line at or after which a hunk acts, and the line after the last it removes. */
export function spanOf(hunk: Hunk): { first: number; next: number } {
  // With a count of 0 git names the line before the insertion.
  const first = hunk.oldCount === 0 ? hunk.oldStart + 1 : hunk.oldStart;
  return { first, next: first + hunk.oldCount };
}
