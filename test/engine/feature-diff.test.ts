import { rmSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { openGit } from '../../providers/runtime/git.ts';
import type { DiffRow } from '../../src/domain/feature-diff.ts';
import { readCommitNotes } from '../../src/engine/commit-notes.ts';
import { readFeatureDiff } from '../../src/engine/feature-diff.ts';
import { mostRows, mostRowsOfFile } from '../../src/planning/diff-rows.ts';
import { Repository } from '../harness/repository.ts';

const made: Repository[] = [];
afterEach(() => {
  for (const r of made.splice(0)) rmSync(r.dir, { recursive: true, force: true });
});

function repo(): Repository {
  const r = new Repository();
  made.push(r);
  return r;
}

const at = (r: Repository, ref: string) => ({ ref, sha: r.git('rev-parse', ref) });

/** All rows of the diff of `commits` in `base..HEAD`. */
async function rowsOf(r: Repository, base: string, commits: readonly string[]): Promise<DiffRow[]> {
  const git = await openGit(r.dir);
  const range = { base: at(r, base), head: at(r, 'HEAD') };
  const rows: DiffRow[] = [];
  for await (const some of readFeatureDiff(git, { range, commits })) rows.push(...some);
  return rows;
}

const sha = (r: Repository, ref = 'HEAD') => r.git('rev-parse', ref);

/** A row in a few characters: `+2 text`, `-1 text`, ` 1:2 text`. */
function short(row: DiffRow): string {
  switch (row.kind) {
    case 'commit':
      return 'commit';
    case 'file':
      return `${row.status} ${row.from === undefined ? '' : `${row.from} → `}${row.path}`;
    case 'note':
      return `note ${row.text}`;
    case 'hunk':
      return row.text;
    case 'same':
      return ` ${row.old}:${row.new} ${row.text}`;
    case 'added':
      return `+${row.new} ${row.text}`;
    case 'removed':
      return `-${row.old} ${row.text}`;
    case 'left':
      return `left ${row.lines} lines, ${row.files} files`;
    default:
      return row satisfies never;
  }
}

/** No character that a terminal would act on. */
const acting = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/u;

describe('the diff of a feature', () => {
  it('S1 has hunks with line numbers on both sides, files and what happened to them', async () => {
    const r = repo().commit('first', { files: { 'a.ts': 'one\ntwo\nthree\n', 'gone.ts': 'x\n' } });
    r.git('tag', 'base');
    r.commit('feat: change', { files: { 'a.ts': 'one\n2\nthree\nfour\n', 'gone.ts': null, 'new.ts': 'n' } });
    expect((await rowsOf(r, 'base', [sha(r)])).map(short)).toEqual([
      'commit',
      'modified a.ts',
      '@@ -1,3 +1,4 @@',
      ' 1:1 one',
      '-2 two',
      '+2 2',
      ' 3:3 three',
      '+4 four',
      'deleted gone.ts',
      '@@ -1 +0,0 @@',
      '-1 x',
      'added new.ts',
      '@@ -0,0 +1 @@',
      '+1 n',
      'note no newline at the end',
    ]);
  });

  it('S1 shows a merge once, as what it brought to its first parent', async () => {
    const r = repo().commit('first', { files: { 'a.ts': '1\n' } });
    r.git('tag', 'base');
    r.git('checkout', '-q', '-b', 'side');
    r.commit('feat: one', { files: { 'side.ts': 'one\n' } });
    const one = sha(r);
    r.commit('feat: two', { files: { 'side.ts': 'one\ntwo\n' } });
    const two = sha(r);
    r.git('checkout', '-q', 'main');
    r.commit('feat: other', { files: { 'other.ts': 'o\n' } });
    r.git('merge', '-q', '--no-ff', '-m', 'Merge side', 'side');
    const rows = await rowsOf(r, 'base', [one, two, sha(r)]);
    expect(rows.filter((row) => row.kind === 'commit')).toEqual([{ kind: 'commit', sha: sha(r) }]);
    expect(rows.map(short)).toEqual(['commit', 'added side.ts', '@@ -0,0 +1,2 @@', '+1 one', '+2 two']);
  });

  it('S1 shows the commits of one feature one after the other, and those of others not', async () => {
    const r = repo().commit('first', { files: { 'a.ts': '1\n' } });
    r.git('tag', 'base');
    r.commit('feat(x): one', { files: { 'a.ts': '2\n' } });
    const one = sha(r);
    r.commit('feat(y): other', { files: { 'b.ts': 'b\n' } });
    r.commit('fix(x): two', { files: { 'a.ts': '3\n' } });
    const rows = await rowsOf(r, 'base', [one, sha(r)]);
    expect(rows.map(short).filter((line) => /^[+-]/u.test(line))).toEqual(['-1 1', '+1 2', '-1 2', '+1 3']);
    expect(rows.flatMap((row) => (row.kind === 'commit' ? [row.sha] : []))).toEqual([one, sha(r)]);
  });

  it('S1 says renames, modes and binary files', async () => {
    const text = Array.from({ length: 20 }, (_, i) => `line ${i}\n`).join('');
    const r = repo().commit('first', { files: { 'old.ts': text, 'run.sh': 'x\n' } });
    r.git('tag', 'base');
    r.write({ 'old.ts': null, 'new.ts': `${text}more\n`, 'pic.png': Buffer.from([0, 1, 2, 0, 255]) });
    r.git('update-index', '--chmod=+x', 'run.sh');
    r.git('config', 'core.fileMode', 'false');
    r.commit('feat: move');
    const rows = (await rowsOf(r, 'base', [sha(r)])).map(short);
    expect(rows).toContain('renamed old.ts → new.ts');
    expect(rows).toContainEqual(expect.stringMatching(/^note 9\d% the same$/));
    expect(rows).toContain('note binary: its content is not shown');
    expect(rows).toContain('note mode is now 100755');
  });

  it('S1 shows a root commit as all it adds', async () => {
    const r = repo().commit('start', { files: { 'base.ts': 'b\n' } });
    r.git('tag', 'base');
    r.git('checkout', '-q', '--orphan', 'other');
    r.commit('feat: root', { files: { 'base.ts': null, 'root.ts': 'r\n' } });
    expect((await rowsOf(r, 'base', [sha(r)])).map(short)).toContain('added root.ts');
  });

  it('S1 says it of a commit at which the clone is cut off, instead of showing all files as new', async () => {
    const origin = repo().commit('first', { files: { 'a.ts': '1\n' } });
    origin.commit('feat: second', { files: { 'b.ts': '2\n' } });
    const r = repo();
    r.git('fetch', '-q', '--depth=1', `file://${origin.dir}`, 'main');
    r.git('reset', '-q', '--hard', 'FETCH_HEAD');
    const git = await openGit(r.dir);
    const head = at(r, 'HEAD');
    const unrelated = r.git('commit-tree', '-m', 'x', r.git('hash-object', '-t', 'tree', '-w', '/dev/null'));
    const range = { base: { ref: 'x', sha: unrelated }, head };
    const rows: DiffRow[] = [];
    for await (const some of readFeatureDiff(git, { range, commits: [head.sha] })) rows.push(...some);
    expect(rows.map(short)).toEqual(['commit', expect.stringContaining('git fetch --unshallow')]);
  });

  it('cuts a diff of fifty thousand lines, and says how much is left out and what shows it', async () => {
    const lines = (n: number, word: string) => Array.from({ length: n }, (_, i) => `${word} ${i}\n`).join('');
    const r = repo().commit('first', { files: { 'a.txt': 'x\n' } });
    r.git('tag', 'base');
    const files = Object.fromEntries(
      Array.from({ length: 10 }, (_, i) => [`file-${i}.txt`, lines(5000, `f${i}`)]),
    );
    r.commit('feat: huge', { files });
    const rows = await rowsOf(r, 'base', [sha(r)]);
    expect(rows.length).toBe(mostRows + 1);
    const left = rows.at(-1);
    const shown = rows.filter((row) => row.kind === 'added').length;
    expect(left).toEqual({
      kind: 'left',
      lines: 50_000 - shown,
      files: 5,
      more: false,
      commands: [`git show --diff-merges=first-parent -p ${sha(r).slice(0, 12)}`],
    });
    expect(r.git('show', '--diff-merges=first-parent', '-p', sha(r)).length).toBeGreaterThan(400_000);
    const first = rows.findIndex((row) => row.kind === 'file' && row.path === 'file-1.txt');
    expect(first).toBeLessThanOrEqual(mostRowsOfFile + 1);
  });

  it('survives a line of two megabytes, and shows that it goes on', async () => {
    const r = repo().commit('first', { files: { 'a.txt': 'x\n' } });
    r.git('tag', 'base');
    r.commit('feat: wide', {
      files: { 'a.min.js': `${'é'.repeat(1_000_000)}\nnext\n`, 'b.txt': 'after\n' },
    });
    const rows = await rowsOf(r, 'base', [sha(r)]);
    const long = rows.find((row) => row.kind === 'added');
    expect(long).toMatchObject({ new: 1, text: `${'é'.repeat(999)}…` });
    expect(rows.map(short)).toEqual(expect.arrayContaining(['+2 next', '+1 after']));
  });

  it('makes names, lines and messages harmless, and takes none of them for structure', async () => {
    const r = repo().commit('first', { files: { 'a.txt': 'x\n' } });
    r.git('tag', 'base');
    const evil = 'a\nb\u001b]0;stolen\u0007\u202e.txt';
    const fake = `${'0'.repeat(40)}\0:100644 100644 aaaa bbbb M\0fake\0`;
    r.commit('feat: \u001b[2J evil\n\nbody \u009b31m\rover\n', {
      author: 'A\u001b]0;x\u0007da',
      files: {
        [evil]: `\u001b[31mred\u001b[0m\n@@ -1 +1 @@\ndiff --git a/x b/x\n\ttab\ta\r\n`,
        'nul.txt': `text\n`,
        'fake.txt': `${fake.replaceAll('\0', ' ')}\n-- \n+++ b/x\n`,
      },
    });
    const rows = await rowsOf(r, 'base', [sha(r)]);
    for (const row of rows) for (const value of Object.values(row)) expect(String(value)).not.toMatch(acting);
    expect(rows.filter((row) => row.kind === 'file')).toHaveLength(3);
    expect(rows.map(short)).toEqual(
      expect.arrayContaining(['+2 @@ -1 +1 @@', '+3 diff --git a/x b/x', '+4     tab a␍', '+3 +++ b/x']),
    );
    const [note] = await readCommitNotes(await openGit(r.dir), [sha(r)]);
    expect(JSON.stringify(note)).not.toMatch(acting);
    expect(note?.body).toEqual(['body \ufffd31m over']);
  });

  it('runs nothing that the repository or its configuration names', async () => {
    const r = repo().commit('first', { files: { 'a.txt': 'x\n', '.gitattributes': '*.txt diff=evil\n' } });
    r.git('tag', 'base');
    r.git('config', 'diff.evil.textconv', `touch ${r.dir}/ran; cat`);
    r.git('config', 'diff.evil.command', `touch ${r.dir}/ran`);
    r.git('config', 'diff.external', `touch ${r.dir}/ran`);
    r.git('config', 'color.ui', 'always');
    r.git('config', 'diff.algorithm', 'patience');
    r.commit('feat: change', { files: { 'a.txt': 'y\n' } });
    const rows = await rowsOf(r, 'base', [sha(r)]);
    expect(rows.map(short)).toEqual(['commit', 'modified a.txt', '@@ -1 +1 @@', '-1 x', '+1 y']);
    expect(() => r.git('cat-file', '-e', 'HEAD:ran')).toThrow();
    expect(r.git('status', '--porcelain')).not.toContain('ran');
  });

  it('ends git when it is called off', async () => {
    const r = repo().commit('first', { files: { 'a.txt': 'x\n' } });
    r.git('tag', 'base');
    r.commit('feat: y', { files: { 'a.txt': 'y\n' } });
    const stop = new AbortController();
    stop.abort();
    const git = await openGit(r.dir);
    const range = { base: at(r, 'base'), head: at(r, 'HEAD') };
    const read = readFeatureDiff(git, { range, commits: [sha(r)] }, stop.signal);
    await expect(read.next()).rejects.toThrow(/abort/iu);
  });
});

describe('the commits of a feature', () => {
  it('S1 are named with author, date, subject and body, merges told apart', async () => {
    const r = repo().commit('first', { files: { 'a.ts': '1\n' } });
    r.git('checkout', '-q', '-b', 'side');
    r.commit('feat: one\n\nWhy it is done.\n\nRefs: SHOP-1\n', { author: 'Ada', files: { 'b.ts': '1\n' } });
    const one = sha(r);
    r.git('checkout', '-q', 'main');
    r.git('merge', '-q', '--no-ff', '-m', 'Merge side', 'side');
    const notes = await readCommitNotes(await openGit(r.dir), [one, sha(r), 'f'.repeat(40)]);
    expect(notes).toEqual([
      {
        sha: one,
        author: 'Ada',
        at: expect.stringMatching(/^2026-01-01T12:0\d:00/),
        subject: 'feat: one',
        body: ['Why it is done.', '', 'Refs: SHOP-1'],
        merge: false,
      },
      expect.objectContaining({ sha: sha(r), subject: 'Merge side', body: [], merge: true }),
    ]);
  });
});
