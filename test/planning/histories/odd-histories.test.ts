import { afterEach, describe, expect, it } from 'vitest';
import { openGit } from '../../../providers/runtime/git.ts';
import { proveSelection } from '../../../src/planning/proof.ts';
import { discoverIn } from '../../harness/planning.ts';
import { lines, removeRepositories, repo, type Repository } from '../../harness/repository.ts';

afterEach(removeRepositories);

const started = (): Repository =>
  repo()
    .commit('chore: start', { files: { 'a.txt': lines(40), 'b.txt': lines(40), 'lib/c.txt': lines(9) } })
    .branch('dev');

/** Proves every feature alone and all together; the latter must be the head where the base is behind it. */
async function proveAll(r: Repository, head = 'dev'): Promise<void> {
  const git = await openGit(r.dir);
  const discovery = await discoverIn(r, { base: 'main', head });
  const ids = discovery.features.map(({ id }) => id);
  expect(ids.length).toBeGreaterThan(0);
  for (const id of ids)
    expect((await proveSelection(git, discovery, [id])).proof).toMatchObject({ ok: true });
  const { proof } = await proveSelection(git, discovery, ids);
  expect(proof).toMatchObject({ ok: true, tree: r.tree(head), complement: { ok: true } });
}

describe('proof on odd histories', () => {
  it('takes an octopus merge', async () => {
    const r = started();
    for (const n of [1, 2, 3])
      r.branch(`topic-${n}`, 'main').commit(`feat: ${n}`, { files: { [`new-${n}.txt`]: `${n}\n` } });
    r.checkout('dev').commit('feat: straight', { files: { 'a.txt': lines(40, { 3: 'three' }) } });
    r.git('merge', '-q', '--no-ff', '-m', 'Merge three branches', 'topic-1', 'topic-2', 'topic-3');
    await proveAll(r.commit('feat: after', { files: { 'new-2.txt': 'two\n' } }));
  });

  it('takes merges that cross each other', async () => {
    const r = started().commit('feat: left', { files: { 'a.txt': lines(40, { 2: 'left' }) } });
    r.branch('right', 'main').commit('feat: right', { files: { 'b.txt': lines(40, { 2: 'right' }) } });
    r.checkout('dev').branch('kept');
    r.checkout('dev').merge('right', "Merge branch 'right'");
    r.checkout('right').merge('kept', "Merge branch 'kept'");
    r.checkout('dev').merge('right', "Merge branch 'right' again");
    await proveAll(r.commit('feat: on', { files: { 'a.txt': lines(40, { 2: 'LEFT' }) } }));
  });

  it('takes a second root that was merged in', async () => {
    const r = started();
    r.git('checkout', '-q', '--orphan', 'other');
    r.git('rm', '-rfq', '.');
    r.commit('feat: from elsewhere', { files: { 'other/x.txt': 'x\n' } }).checkout('dev');
    r.git('merge', '-q', '--no-ff', '--allow-unrelated-histories', '-m', "Merge branch 'other'", 'other');
    await proveAll(r.commit('feat: go on', { files: { 'other/x.txt': 'xx\n' } }));
  });

  it('says what conflicts where base and head share no history, and does not fall over', async () => {
    const r = started();
    r.git('checkout', '-q', '--orphan', 'dev2');
    r.git('rm', '-rfq', '.');
    r.commit('feat: a new start', { files: { 'a.txt': 'mine\n', 'n.txt': 'n\n' } });
    r.commit('feat: more', { files: { 'n.txt': 'nn\n' } });
    const git = await openGit(r.dir);
    const discovery = await discoverIn(r, { base: 'main', head: 'dev2' });
    for (const { id } of discovery.features) {
      const { proof } = await proveSelection(git, discovery, [id]);
      expect(proof?.ok).toBe(false);
      expect(proof?.complement.conflicts).toContainEqual({ id: expect.any(String), path: 'a.txt' });
    }
  });

  it('takes submodules that come, move on and go', async () => {
    const r = started();
    const link = (sha: string) =>
      r.git('update-index', '--add', '--cacheinfo', `160000,${sha},vendor/module`);
    const commit = (message: string) => r.gitWith({ input: message }, 'commit', '-q', '-F', '-');
    link('1'.repeat(40));
    commit('feat: a module');
    link('2'.repeat(40));
    commit('feat: the module moved on');
    r.git('update-index', '--force-remove', 'vendor/module');
    commit('feat: no module');
    await proveAll(r);
    // A submodule has no line to look at.
    const { features } = await discoverIn(r);
    expect(features[1]?.dependsOn).toMatchObject([{ because: [{ kind: 'line', path: 'vendor/module' }] }]);
    expect(features[1]?.dependsOn[0]?.because[0]?.line).toBeUndefined();
  });

  it('takes a file that becomes a folder, and a folder that becomes a file', async () => {
    const r = started()
      .commit('feat: change it', { files: { 'a.txt': lines(40, { 5: 'five' }) } })
      .commit('feat: no file', { files: { 'a.txt': null } })
      .commit('feat: a folder', { files: { 'a.txt/inside.txt': 'inside\n' } });
    r.git('rm', '-q', 'lib/c.txt');
    await proveAll(
      r
        .commit('feat: lib is a file', { files: { lib: 'a file\n' } })
        .commit('feat: inside again', { files: { 'a.txt/inside.txt': 'changed\n' } }),
    );
  });

  it('takes moves there and back, with changes on both sides of them', async () => {
    const r = started().commit('feat: five', { files: { 'a.txt': lines(40, { 5: 'five' }) } });
    r.git('mv', 'a.txt', 'moved.txt');
    r.commit('refactor: move').commit('feat: twenty', {
      files: { 'moved.txt': lines(40, { 5: 'five', 20: 'twenty' }) },
    });
    r.git('mv', 'moved.txt', 'a.txt');
    await proveAll(
      r.commit('refactor: move back').commit('feat: thirty', {
        files: { 'a.txt': lines(40, { 5: 'five', 20: 'twenty', 30: 'thirty' }) },
      }),
    );
  });

  it('takes modes, links, empty commits, binary files and names that are not UTF-8', async () => {
    const r = started().commit('chore: nothing').commit('chore: nothing again');
    r.git('update-index', '--chmod=+x', 'a.txt');
    r.gitWith({ input: 'chore: can run' }, 'commit', '-q', '-F', '-');
    r.git('reset', '-q', '--hard');
    r.commit('feat: runs', { files: { 'a.txt': lines(40, { 9: 'nine' }) } });
    for (const text of ['b.txt', 'lib/c.txt']) {
      const blob = r.gitWith({ input: text }, 'hash-object', '-w', '--stdin');
      const odd = r.gitWith({ input: `${text}\n` }, 'hash-object', '-w', '--stdin');
      const index = [
        Buffer.from(`120000 ${blob}\tlink\0`),
        Buffer.from(`100644 ${odd}\t`),
        Buffer.from([0x63, 0xe9, 0x2f]),
        Buffer.from('package-lock.json\0'),
        Buffer.from(`100644 ${odd}\t-x \u202e\n.txt\0`),
      ];
      r.gitWith({ input: Buffer.concat(index) }, 'update-index', '-z', '--add', '--index-info');
      r.gitWith({ input: `feat: ${text}` }, 'commit', '-q', '-F', '-');
    }
    r.git('reset', '-q', '--hard');
    r.commit('feat: bytes', { files: { 'x.bin': Buffer.from([0, 1, 2, 255]) } });
    await proveAll(r.commit('feat: other bytes', { files: { 'x.bin': Buffer.from([0, 9, 2, 255]) } }));
  });
});
