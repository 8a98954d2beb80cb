import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openGit } from '../../providers/runtime/git.ts';
import { createCandidateBuilder } from '../../src/planning/candidate.ts';
import { pickWanted } from '../../src/planning/pick.ts';
import { proveSelection } from '../../src/planning/proof.ts';
import { discoverIn, featureOf, sourceOf, noLockfileTools } from '../harness/planning.ts';
import { lines, removeRepositories, repo, type Repository } from '../harness/repository.ts';

afterEach(removeRepositories);

const started = (): Repository =>
  repo()
    .commit('chore: start', { files: { 'a.txt': lines(40), 'b.txt': lines(40) } })
    .branch('dev');

/** #1 and #2 are apart, #3 rests on #1, #4 renames a file that #5 then changes where the base wrote it. */
const shop = (): Repository =>
  started()
    .pullRequest(1, 'feat: ten', [['wip', { files: { 'a.txt': lines(40, { 10: 'ten' }) } }]])
    .commit('feat: twenty (#2)', { files: { 'a.txt': lines(40, { 10: 'ten', 20: 'twenty' }) } })
    .commit('feat: ten again (#3)', {
      files: { 'a.txt': lines(40, { 10: 'TEN', 20: 'twenty' }) },
      author: 'Grace Hopper',
    })
    .commit('docs: words (#4)', { files: { 'README.md': 'words\n' } });

describe('proof', () => {
  it('N1 replays a selection on the base and gives the tree that holds exactly it', async () => {
    const r = shop();
    const git = await openGit(r.dir);
    const discovery = await discoverIn(r);
    const selection = await proveSelection(git, discovery, ['pr-2']);
    expect(selection).toMatchObject({
      selected: ['pr-2'],
      added: [],
      proof: { ok: true, rounds: 1, complement: { ok: true, conflicts: [] } },
    });
    expect(r.show(selection.proof?.tree ?? '', 'a.txt')).toBe(lines(40, { 20: 'twenty' }).trimEnd());
    const all = await proveSelection(git, discovery, pickWanted(discovery, 'all'));
    expect(all.proof?.tree).toBe(r.tree('dev'));
  });

  it('N1 grows a selection that conflicts by what touched the file last, and says why', async () => {
    const r = shop();
    const git = await openGit(r.dir);
    const discovery = await discoverIn(r);
    // Without its dependency, as if blame had not seen it, only the replay can tell.
    featureOf(discovery, 'pr-3').dependsOn = [];
    const selection = await proveSelection(git, discovery, ['pr-3']);
    expect(selection.selected).toContain('pr-1');
    expect(selection.proof).toMatchObject({ ok: true });
    expect(selection.proof?.rounds).toBeGreaterThan(1);
    expect(selection.added.find(({ id }) => id === 'pr-1')?.because).toEqual([
      'pr-3 needs pr-1: a.txt conflicts without it',
    ]);
  });

  it('N1 says which feature and file conflict when the base itself is in the way', async () => {
    const r = shop()
      .checkout('main')
      .commit('fix: on production', { files: { 'a.txt': lines(40, { 20: 'other' }) } });
    const selection = await proveSelection(await openGit(r.dir), await discoverIn(r), ['pr-2']);
    expect(selection.proof).toMatchObject({
      ok: false,
      complement: { ok: false, conflicts: [{ id: 'pr-2', path: 'a.txt' }] },
    });
  });

  it('N1 names in the complement the feature and file that would not come out as on the head', async () => {
    const r = started()
      .commit('feat: x (#1)', { files: { 'a.txt': lines(40, { 10: 'x' }) } })
      .commit('feat: back to plain (#2)', { files: { 'a.txt': lines(40), 'c.txt': 'c\n' } });
    const discovery = await discoverIn(r);
    // Shipped alone, #2 changes nothing in a.txt, and #1 after it undoes what #2 was for.
    featureOf(discovery, 'pr-2').dependsOn = [];
    const selection = await proveSelection(await openGit(r.dir), discovery, ['pr-2']);
    expect(selection).toMatchObject({
      selected: ['pr-2'],
      proof: { ok: true, complement: { ok: false, conflicts: [{ id: 'pr-2', path: 'a.txt' }] } },
    });
  });

  it('N1 ships the rest unit by unit, as it will be: what only comes out right as a whole is named', async () => {
    const r = started()
      .commit('feat: x (#1)', { files: { 'a.txt': lines(40, { 10: 'x' }) } })
      .commit('feat: not x (#2)', { files: { 'a.txt': lines(40) } })
      .commit('feat: y (#3)', { files: { 'a.txt': lines(40, { 10: 'y' }) } });
    const discovery = await discoverIn(r);
    featureOf(discovery, 'pr-3').dependsOn = [];
    const selection = await proveSelection(await openGit(r.dir), discovery, ['pr-3']);
    // #1 and #2 together change nothing, but #1 is the next that would ship.
    expect(selection.proof).toMatchObject({ ok: true, complement: { ok: false } });
    expect(selection.proof?.complement.conflicts).toContainEqual({ id: 'pr-1', path: 'a.txt' });
  });

  it('takes lockfiles and changelogs from the head where they conflict, and from nowhere else', async () => {
    const lock = (version: string) => `{\n  "lockfileVersion": 3,\n  "x": "${version}"\n}\n`;
    const r = repo()
      .commit('chore: start', { files: { 'package-lock.json': lock('1'), 'CHANGELOG.md': '# Changes\n' } })
      .branch('dev')
      .commit('feat: a (#1)', {
        files: { 'a.txt': 'a\n', 'package-lock.json': lock('2'), 'CHANGELOG.md': '# Changes\n- a\n' },
      })
      .commit('feat: b (#2)', {
        files: { 'b.txt': 'b\n', 'package-lock.json': lock('3'), 'CHANGELOG.md': '# Changes\n- b\n- a\n' },
      });
    const selection = await proveSelection(await openGit(r.dir), await discoverIn(r), ['pr-2']);
    expect(selection).toMatchObject({ selected: ['pr-2'], proof: { ok: true, complement: { ok: true } } });
    const tree = selection.proof?.tree ?? '';
    expect(r.show(tree, 'package-lock.json')).toBe(lock('3').trimEnd());
    expect(r.git('ls-tree', '--name-only', tree).split('\n')).toEqual([
      'CHANGELOG.md',
      'b.txt',
      'package-lock.json',
    ]);
  });
});

describe('candidate', () => {
  it('S3 builds a branch with exactly the selection, authors and dates kept, each commit naming its origins', async () => {
    const r = shop();
    const discovery = await discoverIn(r);
    const builder = createCandidateBuilder(await openGit(r.dir), noLockfileTools);
    const ids = ['pr-1', 'pr-3'];
    const proof = await proveSelection(await openGit(r.dir), discovery, ids);
    const built = await builder.build('20260101_120000', sourceOf(discovery, ids), null);
    expect(built).toMatchObject({ branch: 'release/20260101_120000', commits: 3, tree: proof.proof?.tree });
    expect(r.sha('release/20260101_120000')).toBe(built.sha);
    const shown = (...revisions: string[]) =>
      r.git('log', '--format=%an|%ae|%aI|%cn|%cI|%s', ...revisions).split('\n');
    const commits = ids.flatMap((id) => featureOf(discovery, id).commits);
    expect(shown(`main..${built.sha}`).sort()).toEqual(shown('--no-walk', ...commits).sort());
    expect(
      r
        .git(
          'log',
          '--format=%(trailers:key=Orchestra-Origin,valueonly,separator=%x2C)',
          `main..${built.sha}`,
        )
        .split('\n')
        .sort(),
    ).toEqual(commits.sort());
    expect(await builder.build('20260101_120000', sourceOf(discovery, ids), null)).toEqual(built);
    expect(
      await builder.build('20260101_130000', sourceOf(discovery, ids), discovery.base.sha),
    ).toMatchObject({ sha: built.sha, tree: built.tree });
    r.git('fsck', '--strict');
  });

  it('leaves the work tree, the index and every other ref byte for byte as they were', async () => {
    const r = shop().write({ 'a.txt': 'unsaved work\n', 'new.txt': 'untracked\n' });
    r.git('add', 'new.txt');
    const look = () => ({
      index: readFileSync(join(r.dir, '.git/index')).toString('base64'),
      head: readFileSync(join(r.dir, '.git/HEAD'), 'utf8'),
      refs: r
        .git('for-each-ref')
        .split('\n')
        .filter((line) => !line.includes('refs/heads/release/')),
      file: readFileSync(join(r.dir, 'a.txt'), 'utf8'),
    });
    const before = look();
    const discovery = await discoverIn(r);
    const git = await openGit(r.dir);
    await proveSelection(git, discovery, ['pr-3']);
    await createCandidateBuilder(git, noLockfileTools).build(
      '20260101_120000',
      sourceOf(discovery, ['pr-2']),
      null,
    );
    expect(look()).toEqual(before);
  });

  it('refuses with feature and path what does not apply, and a branch that is something else', async () => {
    const r = shop();
    const discovery = await discoverIn(r);
    const builder = createCandidateBuilder(await openGit(r.dir), noLockfileTools);
    await expect(builder.build('20260101_120000', sourceOf(discovery, ['pr-3']), null)).rejects.toMatchObject(
      {
        code: 'candidate-conflict',
        details: { feature: 'pr-3', paths: ['a.txt'] },
      },
    );
    r.git('branch', 'release/20260101_120000', 'main');
    await expect(builder.build('20260101_120000', sourceOf(discovery, ['pr-2']), null)).rejects.toMatchObject(
      { code: 'branch-exists' },
    );
    expect(r.sha('release/20260101_120000')).toBe(r.sha('main'));
  });

  it('knows on the next discovery what the deployed candidate holds, and ships the rest on top of it', async () => {
    const r = shop();
    const git = await openGit(r.dir);
    const builder = createCandidateBuilder(git, noLockfileTools);
    const first = await discoverIn(r);
    const built = await builder.build('20260101_120000', sourceOf(first, ['pr-1']), null);
    const second = await discoverIn(r, {
      deployed: { ref: 'refs/orchestra/deployed/production', sha: built.sha },
    });
    expect(second.base.sha).toBe(built.sha);
    expect(second.features.map(({ id, onBase }) => [id, onBase])).toEqual([
      ['pr-1', true],
      ['pr-2', undefined],
      ['pr-3', undefined],
      ['pr-4', undefined],
    ]);
    expect(pickWanted(second, 'recommended')).not.toContain('pr-1');
    const third = await proveSelection(git, second, ['pr-1', 'pr-3']);
    expect(third).toMatchObject({ selected: ['pr-3'], proof: { ok: true, complement: { ok: true } } });
    const next = await builder.build('20260102_120000', sourceOf(second, ['pr-1', 'pr-3']), built.sha);
    expect(next).toMatchObject({ tree: third.proof?.tree, commits: 1 });
    const everything = await proveSelection(git, second, pickWanted(second, 'all'));
    expect(everything.proof?.tree).toBe(r.tree('dev'));
    const last = await builder.build(
      '20260103_120000',
      sourceOf(second, pickWanted(second, 'all')),
      built.sha,
    );
    const nothing = await discoverIn(r, { deployed: { ref: 'production', sha: last.sha } });
    expect(nothing.features.every(({ onBase }) => onBase)).toBe(true);
    expect(nothing.notes[0]).toMatch(/Nothing waits: everything/u);
  });

  it('knows a change that was picked to production by hand', async () => {
    const r = shop().checkout('main');
    r.git('cherry-pick', r.git('rev-list', '-1', '--grep=(#2)', 'dev'));
    const discovery = await discoverIn(r);
    expect(discovery.features.filter(({ onBase }) => onBase).map(({ id }) => id)).toEqual(['pr-2']);
  });
});
