import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { changedFile } from '../../src/planning/changed-file.ts';
import { nameGroups } from '../../src/planning/feature-id.ts';
import { titleOf } from '../../src/planning/feature-title.ts';
import { typeOf } from '../../src/planning/feature-type.ts';
import { groupUnits } from '../../src/planning/grouping.ts';
import { readMessage } from '../../src/planning/message.ts';
import { splitIntoUnits } from '../../src/planning/unit.ts';
import type { Commit } from '../../src/planning/commit.ts';
import { discoverIn } from '../harness/planning.ts';
import { lines, removeRepositories, repo } from '../harness/repository.ts';

afterEach(removeRepositories);

const day = 24 * 60 * 60 * 1000;
const shaOf = (i: number) => createHash('sha1').update(`${i}`).digest('hex');

/** A line of commits with these messages, a day apart, as units. */
function history(messages: readonly string[], at: (i: number) => number = (i) => i * day) {
  const commits = messages.map((text, i): Commit => {
    const parents = i === 0 ? [] : [shaOf(i - 1)];
    return {
      sha: shaOf(i),
      parents,
      author: 'A',
      email: 'a@example.com',
      at: at(i),
      message: readMessage(text, parents.length),
      tree: undefined,
      matched: undefined,
    };
  });
  return splitIntoUnits(commits, shaOf(messages.length - 1));
}

const groupsOf = (...args: Parameters<typeof history>) => groupUnits(history(...args), () => ['a.ts']);
const shapes = (messages: readonly string[]) =>
  groupsOf(messages).map(({ units, reverted }) => [units.map(({ index }) => index), reverted]);

describe('what belongs together', () => {
  it('D1 knows whether a change still stands after reverts of reverts', () => {
    const x = 'feat: basket';
    const undo = `Revert "${x}"`;
    expect(shapes([x, undo])).toEqual([[[0, 1], true]]);
    expect(shapes([x, undo, `Revert "${undo}"`])).toEqual([[[0, 1, 2], false]]);
    expect(shapes([x, undo, `Reapply "${x}"`])).toEqual([[[0, 1, 2], false]]);
    expect(shapes([x, undo, `Reapply "${x}"`, `Revert "Reapply "${x}""`])).toEqual([[[0, 1, 2, 3], true]]);
    expect(shapes([undo])).toEqual([[[0], false]]);
  });

  it('D1 takes no change for a revert because it was taken back, and put in again', () => {
    const messages = [
      'Add basket (#7)',
      'Revert "Add basket (#7)" (#8)',
      'Reapply "Add basket (#7)" (#9)',
      'Merge branch \'x\'\n\nRevert "Something before"',
    ];
    expect(groupsOf(messages).map((group) => typeOf(group, []))).toEqual(['feature', 'revert']);
  });

  it('D1 finds what a forge reverts by the number in the branch, by its sentence and by the bare title', () => {
    const merge = 'Merge pull request #7 from x/topic\n\nAdd basket';
    for (const revert of [
      'Merge pull request #9 from x/revert-7-topic\n\nRevert "Something renamed since"',
      'Revert "Renamed" (#9)\n\nReverts shop/web#7',
      "Revert \"Merge branch 'topic' into 'dev'\"\n\nThis reverts merge request !7",
      'Revert "Add basket" (#9)',
      `Take it out\n\nThis reverts commit ${shaOf(0)}, reversing changes\nmade to 1234567.`,
      `revert: that\n\nRefs: ${shaOf(0).slice(0, 10)}`,
    ])
      expect(shapes([merge, revert])).toEqual([[[0, 1], true]]);
    expect(shapes(['Add basket (#7)', 'Squash of much\n\n* a\n\nThis reverts commit 1234567.'])).toHaveLength(
      2,
    );
  });

  it('D1 keeps fixup!, squash! and amend! with what they mend, the nearest of that name', () => {
    expect(
      shapes(['wip', 'feat: basket, which is long', 'feat: other', 'amend! feat: basket, which']),
    ).toEqual([
      [[0], false],
      [[1, 3], false],
      [[2], false],
    ]);
    expect(shapes(['one', 'one', 'fixup! squash! one', `fixup! ${shaOf(0).slice(0, 12)}`])).toEqual([
      [[0, 3], false],
      [[1, 2], false],
    ]);
  });

  it('D2 joins plain commits of one scope within three days of the first, and branches of one name within two months', () => {
    const burst = groupsOf(Array.from({ length: 8 }, () => 'feat(cart): more'));
    expect(burst.map(({ units }) => units.length)).toEqual([4, 4]);
    expect(groupsOf(["Merge branch 'cart'", 'x', "Merge branch 'cart'"])).toHaveLength(2);
    expect(groupsOf(["Merge branch 'cart'", "Merge branch 'cart'"], (i) => i * 90 * day)).toHaveLength(2);
    for (const name of ['main', 'patch-1', '1.0-maintenance', 'release/2', 'fix'])
      expect(groupsOf([`Merge branch '${name}'`, `Merge branch '${name}'`])).toHaveLength(2);
  });

  it('D2 keeps ids when commits land on the head, and when the base moves past other features', () => {
    const subject = fc.constantFrom(
      'feat: a',
      'feat(cart): b',
      'fix(cart): c (#3)',
      'd (#4)',
      'ABC-1 e',
      'fixup! feat: a',
      'fixup! d (#4)',
      'Revert "feat: a" (#4)',
      'Revert "d (#4)"',
      'Revert "Revert "d (#4)""',
      "Merge branch 'topic'",
      'Merge pull request #3 from x/y\n\nfeat: a',
      '',
    );
    fc.assert(
      fc.property(fc.array(subject, { minLength: 2, maxLength: 25 }), fc.nat(), (messages, at) => {
        const ids = (units: ReturnType<typeof history>) => {
          const groups = groupUnits(units, () => ['a.ts']);
          return new Map(nameGroups(groups).map((id, i) => [groups[i]?.units[0]?.commit.sha, id]));
        };
        const all = history(messages);
        const before = ids(history(messages.slice(0, 1 + (at % messages.length))));
        const after = ids(all);
        for (const [sha, id] of before) expect(after.get(sha)).toBe(id);
        expect(new Set(after.values()).size).toBe(after.size);

        const first = groupUnits(all, () => ['a.ts'])[0];
        if (!first || first.units.some(({ index }, i) => index !== i)) return;
        const rest = all.slice(first.units.length).map((unit, index) => ({ ...unit, index }));
        for (const [sha, id] of ids(rest)) expect(after.get(sha)).toBe(id);
      }),
      { numRuns: 300 },
    );
  });
});

describe('what a feature is called', () => {
  it.each([
    ["Merge branch 'feature/ABC-12-saved_baskets' into dev", 'ABC-12 saved baskets'],
    ["Merge branch 'origin/main' into dev", 'Bring origin/main into dev'],
    [
      "Merge branch 'x' of github.com:a/b into dev\n\nOne line that is a title\n\nMore.",
      'One line that is a title',
    ],
    ["Merge branch 'saved-baskets'\n\nA paragraph that goes on\nand on.", 'Saved baskets'],
    ["Merge branch 'saved-baskets'\n\n# Conflicts:\n#\ta.txt", 'Saved baskets'],
    ['Merge tag v1.2.3', 'Bring in v1.2.3'],
    ['merge #12: faster pages', 'faster pages'],
  ])('D2 titles the merge %j', (text, title) => {
    const [unit] = history([text]);
    if (!unit) throw new Error('no unit');
    const commit = { ...unit.commit, parents: ['a', 'b'], message: readMessage(text, 2) };
    const group = {
      units: [{ ...unit, commit, message: commit.message, commits: [commit] }],
      key: undefined,
      reverted: false,
    };
    expect(titleOf(group)).toBe(title);
  });
});

describe('whose work a file is', () => {
  const mark = (path: string, text = '') => {
    const { generated, vendored } = changedFile({
      path,
      oldPath: path,
      status: 'added',
      additions: 1,
      deletions: 0,
      binary: false,
      hunks: [],
      added: [{ line: 1, text }],
      removed: [],
    });
    return { generated: generated ?? false, vendored: vendored ?? false };
  };

  it.each([
    ['vendor/x/a.go', 'vendored'],
    ['src/third_party/a.c', 'vendored'],
    ['node_modules/x/index.js', 'vendored'],
    ['deps/lua/lua.c', 'vendored'],
    ['public/app.min.js', 'generated'],
    ['api/user.pb.go', 'generated'],
    ['api/user_pb2.py', 'generated'],
    ['src/__snapshots__/a.test.ts.snap', 'generated'],
    ['package-lock.json', 'generated'],
  ])('D5 tells that %s is %s', (path, kind) => {
    expect(mark(path)).toEqual({ generated: kind === 'generated', vendored: kind === 'vendored' });
  });

  it.each([
    ['// Code generated by protoc-gen-go. DO NOT EDIT.', true],
    ['/* This file is automatically generated by redis */', true],
    ['# @generated', true],
    ['// Checks that generated ids are unique', false],
    ['const text = "DO NOT EDIT";', false],
  ])('D5 reads the notice %j', (text, generated) => {
    expect(mark('src/a.c', text).generated).toBe(generated);
  });

  it('D5 takes the move of a submodule for a build change', async () => {
    const r = repo()
      .commit('start', { files: { 'a.txt': lines(3) } })
      .branch('dev');
    r.git('update-index', '--add', '--cacheinfo', `160000,${r.sha()},lib`);
    r.git('commit', '-q', '-m', 'Newer lib');
    const { features } = await discoverIn(r);
    expect(features).toMatchObject([{ type: 'build', files: [{ path: 'lib', submodule: true }] }]);
  });
});
