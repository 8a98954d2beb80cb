import { describe, expect, it } from 'vitest';
import { decodePast, encodePast } from '../../../src/planning/past/past-code.ts';
import { Past, type MeasuredChange } from '../../../src/planning/past/past.ts';

const day = 86_400;
const start = 1_700_000_000;

const file = (path: string, additions: number, deletions = 0, oldPath = path) =>
  ({
    path,
    oldPath,
    status: oldPath === path ? 'modified' : 'renamed',
    additions,
    deletions,
  }) as const;
const change = (author: string, days: number, ...files: MeasuredChange['files']): MeasuredChange => ({
  author,
  at: start + days * day,
  fix: false,
  files,
});

/** ann made two files, ben changed one of them. */
function told(): Past {
  const past = new Past();
  past.take(change('ann', 0, file('src/a.ts', 100), file('lib/b.ts', 50)));
  past.take(change('ben', 10, file('src/a.ts', 10, 20)));
  return past;
}

describe('what is measured of a change', () => {
  it('N2 counts as the data that the models were made from: sums over files, the change itself among them', () => {
    const measured = told().measure(change('ann', 20, file('src/a.ts', 3, 1), file('lib/b.ts', 4)));
    expect(measured).toMatchObject({
      ns: 2,
      nd: 2,
      nf: 2,
      la: 7,
      ld: 1,
      lt: 140,
      ndev: 2,
      age: (10 + 20) / 2,
      // Two changes of the one, one of the other, and this one of both.
      nuc: 5,
      // Two files touched before, two now.
      exp: 4,
      sexp: 2,
    });
    expect(measured.rexp).toBeGreaterThan(3.8);
    expect(measured.rexp).toBeLessThanOrEqual(4);
    expect(measured.entropy).toBeCloseTo(1);
  });

  it('N2 a new author, a new file and a change without lines are measured, too', () => {
    expect(told().measure(change('eve', 20, file('docs/c.md', 0)))).toEqual({
      ns: 1,
      nd: 1,
      nf: 1,
      entropy: 0,
      la: 0,
      ld: 0,
      lt: 0,
      fix: false,
      ndev: 1,
      age: 0,
      nuc: 1,
      exp: 1,
      rexp: 1,
      sexp: 1,
    });
  });

  it('N2 a renamed file keeps its past', () => {
    const past = told();
    past.take(change('ben', 12, file('src/z.ts', 1, 0, 'src/a.ts')));
    expect(past.measure(change('ben', 13, file('src/z.ts', 1)))).toMatchObject({ lt: 91, nuc: 4, ndev: 2 });
    expect(past.files.has('src/a.ts')).toBe(false);
  });

  it('N2 files named like parts of an object are files like others', () => {
    const past = told();
    past.take(change('__proto__', 12, file('__proto__', 1), file('constructor', 2)));
    expect(past.measure(change('__proto__', 13, file('__proto__', 1)))).toMatchObject({ lt: 1, exp: 3 });
  });

  it('what is kept of it gives the same measures', () => {
    const again = decodePast(encodePast(told()));
    const next = change('ann', 20, file('src/a.ts', 3, 1), file('lib/b.ts', 4));
    expect(again.measure(next)).toEqual(told().measure(next));
    expect(again).toEqual(told());
  });
});
