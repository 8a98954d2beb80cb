import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openGit } from '../../providers/runtime/git.ts';
import { createCandidateBuilder } from '../../src/planning/candidate.ts';
import { proveSelection } from '../../src/planning/proof.ts';
import type { BuiltCandidate } from '../../src/ports/candidate.ts';
import { discoverIn, sourceOf, noLockfileTools } from '../harness/planning.ts';
import { lines, removeRepositories, repo, type Repository } from '../harness/repository.ts';

afterEach(removeRepositories);

const started = (): Repository =>
  repo()
    .commit('chore: start', { files: { 'a.txt': lines(40), 'b.txt': lines(40) } })
    .branch('dev');

/** #1 is apart; #2 has three commits on a branch that left the trunk before #1. */
const team = (): Repository => {
  const r = started().branch('topic/2', 'main');
  r.commit('feat: ten\n\nSigned-off-by: Ada <ada@example.com>\n', {
    files: { 'a.txt': lines(40, { 10: 'ten' }) },
    author: 'Ada Lovelace',
  });
  r.commit('fix: twenty', {
    files: { 'a.txt': lines(40, { 10: 'ten', 20: 'twenty' }) },
    author: 'Grace Hopper',
  });
  r.commit('docs: words', { files: { 'README.md': 'words\n' }, author: 'Ada Lovelace' });
  r.checkout('dev').commit('feat: thirty (#1)', { files: { 'b.txt': lines(40, { 30: 'thirty' }) } });
  return r.merge('topic/2', 'Merge pull request #2 from team/topic/2\n\nfeat: ten and twenty\n');
};

async function build(r: Repository, ids: readonly string[], id = '20260101_120000'): Promise<BuiltCandidate> {
  const discovery = await discoverIn(r);
  return createCandidateBuilder(await openGit(r.dir), noLockfileTools).build(
    id,
    sourceOf(discovery, ids),
    null,
  );
}

/** The origins that git itself reads on the candidate, each as often as it is named. */
const origins = (r: Repository, sha: string, base = 'main') =>
  r
    .git('log', '--format=%(trailers:key=Orchestra-Origin,valueonly)', `${base}..${sha}`)
    .split('\n')
    .filter(Boolean)
    .sort();

const waiting = (r: Repository, range: string) => r.git('rev-list', range).split('\n').sort();

describe('candidate', () => {
  it('S3 keeps every commit of a pull request: its author, dates and message, and the merge that brought it', async () => {
    const r = team();
    const built = await build(r, ['pr-2']);
    expect(built.commits).toBe(4);
    expect(r.git('log', '--first-parent', '--format=%s', `main..${built.sha}`)).toBe(
      'Merge pull request #2 from team/topic/2',
    );
    const shown = (...range: string[]) =>
      r.git('log', '--topo-order', '--format=%an|%ae|%aI|%cn|%cI|%s', ...range);
    expect(shown(`main..${built.sha}`)).toBe(`${shown('-1', 'dev')}\n${shown('main..topic/2')}`);
  });

  it('S3 names every waiting commit as the origin of exactly one commit', async () => {
    const r = team();
    const built = await build(r, ['pr-2', 'pr-1']);
    expect(origins(r, built.sha)).toEqual(waiting(r, 'main..dev'));
    expect(built.tree).toBe(r.tree('dev'));
    r.git('fsck', '--strict');
  });

  it('S3 gives each commit the tree it would have had, so that it can be looked at and taken back by itself', async () => {
    const r = team();
    const built = await build(r, ['pr-2']);
    const [merge, words, twenty, ten] = r.git('rev-list', '--topo-order', `main..${built.sha}`).split('\n');
    expect(r.show(ten ?? '', 'a.txt')).toBe(lines(40, { 10: 'ten' }).trimEnd());
    expect(r.show(twenty ?? '', 'a.txt')).toBe(lines(40, { 10: 'ten', 20: 'twenty' }).trimEnd());
    expect(r.tree(words)).toBe(r.tree(merge));
    expect(r.tree(merge)).toBe(built.tree);
  });

  it('S3 is the same commit for the same selection and base, on another day and in another place', async () => {
    const [r, other] = [team(), team()];
    const built = await build(r, ['pr-1', 'pr-2']);
    expect(await build(r, ['pr-2', 'pr-1'], '20260202_120000')).toMatchObject({ sha: built.sha });
    expect(await build(other, ['pr-1', 'pr-2'], '20260303_120000')).toMatchObject({ sha: built.sha });
  });

  it('S3 folds a commit that does not apply by itself into the next that does, with its author named', async () => {
    const r = started().branch('topic/2', 'main');
    r.commit('feat: mine', { files: { 'a.txt': lines(40, { 10: 'mine' }) }, author: 'Ada Lovelace' });
    r.commit('feat: as on the trunk, and more', {
      files: { 'a.txt': lines(40, { 10: 'trunk', 30: 'more' }) },
      author: 'Grace Hopper',
    });
    r.checkout('dev').commit('feat: trunk (#1)', { files: { 'a.txt': lines(40, { 10: 'trunk' }) } });
    r.merge('topic/2', 'Merge pull request #2 from team/topic/2\n\nfeat: more\n');
    const built = await build(r, ['pr-1', 'pr-2']);
    expect(built.tree).toBe(r.tree('dev'));
    expect(origins(r, built.sha)).toEqual(waiting(r, 'main..dev'));
    const body = r.git('log', '-1', '--format=%an%n%B', `${built.sha}^2`);
    expect(body).toContain('Grace Hopper\nfeat: as on the trunk, and more');
    expect(body).toContain('Co-authored-by: Ada Lovelace <ada.lovelace@example.com>');
    expect(body).toContain(`Orchestra-Origin: ${r.sha('topic/2^')}`);
  });

  it('S3 leaves to the merge what its people settled by hand', async () => {
    const r = started().branch('topic/2', 'main');
    r.commit('feat: mine', { files: { 'a.txt': lines(40, { 10: 'mine' }) }, author: 'Ada Lovelace' });
    r.checkout('dev').commit('feat: trunk (#1)', { files: { 'a.txt': lines(40, { 10: 'trunk' }) } });
    r.git('merge', '-q', '--no-ff', '--no-commit', '-s', 'ours', 'topic/2');
    r.write({ 'a.txt': lines(40, { 10: 'both' }) });
    r.git('add', '-A');
    r.git('commit', '-q', '-m', 'Merge pull request #2 from team/topic/2\n\nfeat: both');
    const built = await build(r, ['pr-1', 'pr-2']);
    expect(built.tree).toBe(r.tree('dev'));
    expect(origins(r, built.sha)).toEqual(waiting(r, 'main..dev'));
    expect(r.git('log', '-1', '--format=%B', built.sha)).toContain(
      'Co-authored-by: Ada Lovelace <ada.lovelace@example.com>',
    );
  });

  it('S3 takes apart merges in merges, octopus merges and branches that took the trunk in', async () => {
    const r = started().commit('feat: base of all (#1)', { files: { 'c.txt': 'c\n' } });
    r.branch('topic/inner', 'main').commit('feat: inner', { files: { 'inner.txt': '1\n' } });
    r.branch('topic/outer', 'main').commit('feat: outer', { files: { 'outer.txt': '1\n' } });
    r.merge('topic/inner').merge('dev', "Merge branch 'dev' into topic/outer");
    r.commit('feat: outer again', { files: { 'outer.txt': '2\n', 'c.txt': 'C\n' } });
    r.checkout('dev').merge('topic/outer', 'Merge pull request #2 from team/topic/outer\n\nfeat: outer\n');
    r.branch('left').commit('feat: left', { files: { 'left.txt': '1\n' } });
    r.branch('right', 'dev').commit('feat: right', { files: { 'right.txt': '1\n' } });
    r.checkout('dev').commit('chore: between (#3)', { files: { 'd.txt': 'd\n' } });
    r.git('merge', '-q', '-m', 'Merge pull request #4 from team/octopus\n\nfeat: many arms', 'left', 'right');
    const built = await build(r, ['pr-2', 'pr-4', 'pr-1']);
    expect(origins(r, built.sha)).toHaveLength(waiting(r, 'main..dev').length - 1);
    const subjects = r.git('log', '--no-merges', '--format=%s', `main..${built.sha}`).split('\n').sort();
    expect(subjects).toEqual([
      'feat: base of all (#1)',
      'feat: inner',
      'feat: left',
      'feat: outer',
      'feat: outer again',
      'feat: right',
    ]);
    expect(r.git('ls-tree', '--name-only', built.tree)).not.toContain('d.txt');
  });

  it('S3 ships the rest of the head on top of it and ends in the head’s own tree', async () => {
    const r = team();
    const first = await build(r, ['pr-2']);
    const git = await openGit(r.dir);
    const next = await discoverIn(r, { deployed: { ref: 'deployed', sha: first.sha } });
    expect(next.features.map(({ id, onBase }) => [id, onBase ?? false])).toEqual([
      ['pr-1', false],
      ['pr-2', true],
    ]);
    const { proof } = await proveSelection(git, next, ['pr-1']);
    expect(proof?.tree).toBe(r.tree('dev'));
  });

  it('keeps messages byte for byte: other encodings, no last newline, what only looks like trailers', async () => {
    const r = started();
    const raw = (message: Buffer) => {
      const head = r.git('cat-file', 'commit', 'HEAD').split('\n\n')[0] ?? '';
      const body = Buffer.concat([
        Buffer.from(head.replace(/^parent .*\n/mu, '').replace(/^(tree .*)$/mu, `$1\nparent ${r.sha()}`)),
        Buffer.from('\nencoding ISO-8859-1\n\n'),
        message,
      ]);
      const sha = r.gitWith({ input: body }, 'hash-object', '-t', 'commit', '-w', '--stdin');
      r.git('reset', '-q', '--hard', sha);
      return sha;
    };
    const messages = [
      Buffer.from('feat: déjà vu et voilà', 'utf8'),
      Buffer.from('feat: caf\xe9\n\n  indented code\n  and more\n', 'latin1'),
      Buffer.from('fix: x\n\nSigned-off-by: Ada <a@example.com>\n(cherry picked from commit 123)\n\n\n'),
    ];
    const shas = messages.map((message, i) => {
      r.commit(`carrier ${i}`, { files: { [`f${i}.txt`]: `${i}\n` } });
      return raw(message);
    });
    const discovery = await discoverIn(r);
    const built = await createCandidateBuilder(await openGit(r.dir), noLockfileTools).build(
      '20260101_120000',
      sourceOf(
        discovery,
        discovery.features.map(({ id }) => id),
      ),
      null,
    );
    expect(origins(r, built.sha)).toEqual(waiting(r, 'main..dev'));
    const git = await openGit(r.dir);
    const bodies: Buffer[] = [];
    for (const sha of r.git('rev-list', `main..${built.sha}`).split('\n'))
      bodies.push((await git.run(['cat-file', 'commit', sha])).stdout);
    for (const [i, message] of messages.entries()) {
      const own = bodies.find((body) => body.includes(`Orchestra-Origin: ${shas[i]}`));
      expect(own?.includes(Buffer.concat([Buffer.from('encoding ISO-8859-1\n\n'), message]))).toBe(true);
    }
  });

  it('is not told by a message that another commit has shipped', async () => {
    const r = started().commit('fix: hidden (#1)', { files: { 'a.txt': lines(40, { 3: 'three' }) } });
    const victim = r.sha();
    r.commit(`feat: liar (#2)\n\norchestra-origin: ${victim}\n`, { files: { 'liar.txt': '1\n' } });
    const built = await build(r, ['pr-2']);
    const next = await discoverIn(r, { deployed: { ref: 'deployed', sha: built.sha } });
    expect(next.features.find(({ id }) => id === 'pr-1')?.onBase ?? false).toBe(false);
  });

  it('touches nothing of the repository but objects and its own ref', async () => {
    const r = team().write({ 'a.txt': 'unsaved work\n', 'new.txt': 'untracked\n' });
    r.git('add', 'new.txt');
    const before = stateOf(r.dir);
    await build(r, ['pr-2']);
    const after = stateOf(r.dir);
    const changed = [...after].filter(([path, hash]) => before.get(path) !== hash).map(([path]) => path);
    expect(changed.filter((path) => !path.startsWith('.git/objects/')).sort()).toEqual([
      '.git/logs/refs/heads/release/20260101_120000',
      '.git/refs/heads/release/20260101_120000',
    ]);
    expect([...before.keys()].filter((path) => !after.has(path))).toEqual([]);
  });
});

/** Every file below a folder with the hash of its content. */
function stateOf(dir: string): Map<string, string> {
  const state = new Map<string, string>();
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (statSync(path).isFile())
      state.set(relative(dir, path), createHash('sha256').update(readFileSync(path)).digest('hex'));
  }
  return state;
}
