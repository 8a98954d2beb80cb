import { afterEach, describe, expect, it } from 'vitest';
import { openGit } from '../../../providers/runtime/git.ts';
import { readPastChanges, type PastChange } from '../../../src/planning/past/past-changes.ts';
import { lines, removeRepositories, repo, type Repository } from '../../harness/repository.ts';

afterEach(removeRepositories);

const on = (day: number) => new Date(Date.UTC(2025, 0, 1 + day)).toISOString();

async function pastOf(r: Repository): Promise<(PastChange & { subject: string })[]> {
  const changes = await readPastChanges(await openGit(r.dir), r.sha(), { shards: 1 });
  return changes.map((change) => ({ ...change, subject: r.git('log', '-1', '--format=%s', change.sha) }));
}

const bad = (changes: readonly (PastChange & { subject: string })[]) =>
  changes.filter(({ defective }) => defective).map(({ subject, by }) => `${subject}: ${by}`);

/** A program of forty lines, a change of line 10, and quiet months after `last`. */
const started = () =>
  repo().commit('chore: start', {
    files: { 'src/a.js': lines(40), 'src/b.js': lines(40), 'README.md': lines(9) },
    date: on(0),
  });
const ended = (r: Repository) =>
  r.commit('docs: later', { files: { 'README.md': lines(9, { 1: 'x' }) }, date: on(300) });

describe('what became of the changes of a history', () => {
  it('N2 a change whose line a later fix replaces was defective; its neighbours and older lines were not', async () => {
    const r = started()
      .commit('feat: ten', { files: { 'src/a.js': lines(40, { 10: 'const ten = 9;' }) }, date: on(1) })
      .commit('feat: twenty', {
        files: { 'src/a.js': lines(40, { 10: 'const ten = 9;', 20: 'const b = 20;' }) },
        date: on(2),
      })
      .commit('fix: ten is ten', {
        files: { 'src/a.js': lines(40, { 10: 'const ten = 10;', 20: 'const b = 20;' }) },
        date: on(9),
      });
    const past = await pastOf(ended(r));
    expect(bad(past)).toEqual(['feat: ten: fix']);
    expect(past.map(({ subject, defective }) => [subject, defective])).toEqual([
      ['feat: ten', true],
      ['feat: twenty', false],
      ['fix: ten is ten', false],
      ['docs: later', undefined],
    ]);
  });

  it('N2 a change that was reverted was defective, by sha, by words and by pull request', async () => {
    const r = started().commit('feat: one', {
      files: { 'src/a.js': lines(40, { 1: 'one()' }) },
      date: on(1),
    });
    r.commit(`Revert "feat: one"\n\nThis reverts commit ${r.sha()}.\n`, {
      files: { 'src/a.js': lines(40) },
      date: on(2),
    });
    r.commit('feat: two', { files: { 'src/a.js': lines(40, { 2: 'two()' }) }, date: on(3) }).commit(
      'Revert "feat: two"',
      { files: { 'src/a.js': lines(40) }, date: on(4) },
    );
    expect(bad(await pastOf(ended(r)))).toEqual(['feat: one: revert', 'feat: two: revert']);
  });

  it('N2 a fix of comments, blanks, tests or prose puts nothing wrong that ran', async () => {
    const words = (first: string, second: string) => lines(40, { 10: first, 11: second });
    const r = started()
      .commit('feat: words', { files: { 'src/a.js': words('// ten', '') }, date: on(1) })
      .commit('fix: words', { files: { 'src/a.js': words('// eleven', '  ') }, date: on(2) })
      .commit('feat: readme', { files: { 'README.md': lines(9, { 3: 'wrong' }) }, date: on(3) })
      .commit('fix: readme says it', { files: { 'README.md': lines(9, { 3: 'right' }) }, date: on(4) })
      .commit('feat: spec', { files: { 'test/a.test.js': lines(9, { 3: 'expect(1)' }) }, date: on(5) })
      .commit('fix: what the test expects', {
        files: { 'test/a.test.js': lines(9, { 3: 'expect(2)' }) },
        date: on(6),
      });
    expect(bad(await pastOf(ended(r)))).toEqual([]);
  });

  it('N2 lines older than a year are nobody’s fault any more', async () => {
    const r = started()
      .commit('feat: ten', { files: { 'src/a.js': lines(40, { 10: 'const ten = 9;' }) }, date: on(1) })
      .commit('fix: ten is ten', {
        files: { 'src/a.js': lines(40, { 10: 'const ten = 10;' }) },
        date: on(400),
      });
    expect(bad(await pastOf(r))).toEqual([]);
  });

  it('N2 a merge counts as the change it brings, by who wrote it; a merge of trunks is none', async () => {
    const r = started().pullRequest(7, 'feat: seven', [
      ['wip', { files: { 'src/a.js': lines(40, { 7: 'seven()' }) }, author: 'Ann', date: on(1) }],
      ['more', { files: { 'src/b.js': lines(40, { 7: 'seven()' }) }, author: 'Ann', date: on(1) }],
    ]);
    r.branch('dev', 'main~1').commit('feat: aside', {
      files: { 'src/b.js': lines(40, { 30: 'aside()' }) },
      date: on(2),
    });
    r.merge('main', "Merge branch 'main' into dev");
    const past = await pastOf(r);
    expect(past.map(({ subject }) => subject)).toEqual(['feat: aside']);
    r.checkout('main');
    const [merged] = await pastOf(r);
    expect(merged?.metrics).toMatchObject({ nf: 2, la: 2, ld: 2, exp: 2 });
  });

  it('N2 lockfiles, vendored and generated files are not what people changed', async () => {
    const r = started()
      .commit('build: bump', {
        files: { 'package-lock.json': lines(900), 'vendor/x.js': lines(50) },
        date: on(1),
      })
      .commit('feat: one', {
        files: { 'src/a.js': lines(40, { 1: 'one()' }), 'package-lock.json': lines(800) },
        date: on(2),
      });
    const past = await pastOf(r);
    expect(past.map(({ subject, metrics }) => [subject, metrics.nf, metrics.la])).toEqual([
      ['feat: one', 1, 1],
    ]);
  });

  it('N2 several roots, names that look like output and clocks that are wrong are read to the end', async () => {
    const r = started()
      .commit('feat: odd\u0001name', { files: { 'src/@@ -1 +1 @@\n.js': 'a\nb\n' }, date: on(1) })
      .commit('feat: 1970', { files: { 'src/a.js': lines(40, { 4: 'x' }) }, date: '1970-01-02T00:00:00Z' })
      .commit('feat: 2099', { files: { 'src/a.js': lines(40, { 5: 'x' }) }, date: '2099-01-02T00:00:00Z' })
      .commit('feat: now', { files: { 'src/a.js': lines(40, { 6: 'x' }) }, date: on(3) });
    r.git('checkout', '-q', '--orphan', 'other');
    r.commit('chore: another root', { files: { 'other.txt': 'x' }, date: on(4) });
    r.checkout('main');
    r.git('merge', '-q', '--allow-unrelated-histories', '-m', "Merge branch 'topic/other'", 'other');
    const past = await pastOf(r);
    expect(past).toHaveLength(5);
    for (const { metrics, at } of past) {
      expect(Object.values(metrics).every((value) => Number.isFinite(Number(value)))).toBe(true);
      expect(at).toBeGreaterThanOrEqual(Date.parse(on(0)) / 1000);
      expect(at).toBeLessThanOrEqual(Date.parse('2026-02-01') / 1000);
    }
  });

  it('N2 a shallow clone is read as far as it goes', async () => {
    const r = started();
    for (let i = 1; i < 6; i += 1)
      r.commit(`feat: ${i}`, { files: { 'src/a.js': lines(40, { [i]: `x${i}` }) }, date: on(i) });
    const shallow = repo({ bare: true });
    shallow.git('fetch', '-q', '--depth=3', `file://${r.dir}`, 'main:main');
    const past = await readPastChanges(await openGit(shallow.dir), shallow.sha('main'));
    // The first one there is shows all files as new: nothing is measured of it.
    expect(past).toHaveLength(2);
  });
});
