import type { Hunk } from './diff.ts';
import { spanOf } from './line-map.ts';

/**
 * The places of a file where a unit removed lines and wrote none: just before a line. Blame cannot see them, a merge
 * does. Two arrays of numbers, as in `LineMap`; not changed once made.
 */
export class Cuts {
  private constructor(
    /** The line each is just before, ascending. */
    private readonly places: readonly number[],
    private readonly owners: readonly number[],
  ) {}

  static readonly none = new Cuts([], []);

  /** The cuts after hunks: those a hunk touches are given to `touched` and are its own from then on, the others move. */
  after(hunks: readonly Hunk[], unit: number, touched: (owner: number, line: number) => void): Cuts {
    const places: number[] = [];
    const owners: number[] = [];
    let [shift, h] = [0, 0];
    const pass = (hunk: Hunk) => {
      if (hunk.newCount === 0) {
        places.push(spanOf(hunk).first + shift);
        owners.push(unit);
      }
      shift += hunk.newCount - hunk.oldCount;
      h += 1;
    };
    for (let i = 0; i < this.places.length; i++) {
      const at = this.places[i] ?? 0;
      for (let hunk = hunks[h]; hunk && spanOf(hunk).next < at; hunk = hunks[h]) pass(hunk);
      const hunk = hunks[h];
      if (hunk && spanOf(hunk).first <= at) touched(this.owners[i] ?? 0, at);
      else {
        places.push(at + shift);
        owners.push(this.owners[i] ?? 0);
      }
    }
    for (let hunk = hunks[h]; hunk; hunk = hunks[h]) pass(hunk);
    return places.length === 0 ? Cuts.none : new Cuts(places, owners);
  }
}
