import { describe, expect, it } from 'vitest';
import { openGit } from '../../providers/runtime/git.ts';
import { firstWritten, writtenTimes } from '../../src/engine/written.ts';
import { temporaryFolders } from '../harness/folder.ts';
import { gitIn } from '../harness/git-in.ts';

const folder = temporaryFolders();

describe('when commits were written', () => {
  it('M7 is read from git in one go; a commit that is not there has no time', async () => {
    const at = folder();
    const git = gitIn(at);
    git.run('init', '--quiet', '--initial-branch', 'main');
    git.write({ 'a.txt': 'a' });
    git.commit('first');
    const first = git.run('rev-parse', 'HEAD').trim();
    const seconds = Number(git.run('log', '-1', '--format=%at').trim());
    const times = await writtenTimes(await openGit(at), [first, 'f'.repeat(40)]);
    expect([...times]).toEqual([[first, new Date(seconds * 1000).toISOString()]]);
    expect(await writtenTimes(await openGit(at), [])).toEqual(new Map());
  });

  it('M7 of a feature is that of its earliest commit', () => {
    const times = new Map([
      ['a', '2026-02-01T00:00:00.000Z'],
      ['b', '2026-01-31T23:00:00.000Z'],
    ]);
    expect(firstWritten(['a', 'b', 'c'], times)).toBe('2026-01-31T23:00:00.000Z');
    expect(firstWritten(['c'], times)).toBeUndefined();
  });
});
