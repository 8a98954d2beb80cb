import { describe, expect, it } from 'vitest';
import { cutStretches } from '../../src/planning/stretches.ts';
import { TouchedPaths } from '../../src/planning/touched-paths.ts';
import type { Waiting } from '../../src/planning/waiting.ts';

/** Steps of which only the files matter. */
const waitingOn = (paths: string[][], basePaths: string[] = [], moving: number[] = []): Waiting => ({
  units: [],
  steps: paths.map((own, i) => ({
    sha: `c${i}`,
    tree: `t${i}`,
    parent: `c${i - 1}`,
    parentTree: `t${i - 1}`,
    paths: own,
    moves: moving.includes(i),
  })),
  baseTree: 't-1',
  headTree: `t${paths.length - 1}`,
  basePaths,
});

const cut = (waiting: Waiting, chosen: number[]) =>
  cutStretches(
    waiting,
    (index) => chosen.includes(index),
    (index) => !chosen.includes(index),
  );

describe('stretches of a replay', () => {
  it('are as long as neighbours go whose files nothing missing touched', () => {
    const waiting = waitingOn([['a'], ['b'], ['c'], ['d'], ['e']]);
    expect(cut(waiting, [0, 1, 3, 4])).toEqual({
      chosen: [
        { from: 0, to: 1 },
        { from: 3, to: 4 },
      ],
      rest: [{ from: 2, to: 2 }],
    });
  });

  it('leave a step alone that shares a file with what is missing; a move takes its other files along', () => {
    const paths = [['a'], ['a', 'moved'], ['b'], ['moved'], ['c'], ['d']];
    expect(cut(waitingOn(paths), [1, 2, 3, 4, 5]).chosen).toEqual([
      { from: 1, to: 1 },
      { from: 2, to: 5 },
    ]);
    expect(cut(waitingOn(paths, [], [1]), [1, 2, 3, 4, 5]).chosen).toEqual([
      { from: 1, to: 1 },
      { from: 2, to: 2 },
      { from: 3, to: 3 },
      { from: 4, to: 5 },
    ]);
  });

  it('replay the rest one by one where a chosen step that came later has been there already', () => {
    const waiting = waitingOn([['a'], ['a'], ['b'], ['a']]);
    expect(cut(waiting, [3]).rest).toEqual([
      { from: 0, to: 0 },
      { from: 1, to: 1 },
      { from: 2, to: 2 },
    ]);
    expect(cut(waitingOn([['a'], ['b'], ['x']]), [2]).rest).toEqual([{ from: 0, to: 1 }]);
  });

  it('know that a file is in the way of a folder of that name, and the other way round', () => {
    const touched = new TouchedPaths();
    touched.add(['lib/deep/a.ts'], 3);
    expect(touched.meeting(['lib/deep'], 2)).toEqual(['lib/deep']);
    expect(touched.meeting(['x', 'lib/deep/a.ts/inside'], 2)).toEqual(['lib/deep/a.ts/inside']);
    expect(touched.meeting(['lib/deep/a.ts'], 3)).toEqual([]);
    expect(touched.meeting(['lib/deep/b.ts', 'lib/de'], -1)).toEqual([]);
  });

  it('are single steps where the base went on by itself over the same files, or shares no history', () => {
    expect(cut(waitingOn([['a'], ['b']], ['b']), [0, 1]).chosen).toEqual([
      { from: 0, to: 0 },
      { from: 1, to: 1 },
    ]);
    expect(cut({ ...waitingOn([['a'], ['b']]), basePaths: undefined }, [0, 1]).chosen).toHaveLength(2);
  });
});
