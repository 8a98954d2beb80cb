import { afterEach, describe, expect, it } from 'vitest';
import { discoverIn, sourceOf } from '../harness/planning.ts';
import { lines, removeRepositories, repo, type Repository } from '../harness/repository.ts';
import type { Discovery } from '../../src/domain/feature.ts';

afterEach(removeRepositories);

const started = (): Repository =>
  repo()
    .commit('chore: start', { files: { 'a.txt': lines(40), 'b.txt': lines(40) } })
    .branch('dev');

const waits = ({ features }: Discovery) => features.filter(({ onBase }) => !onBase).map(({ title }) => title);
const held = ({ features }: Discovery) => features.filter(({ onBase }) => onBase).map(({ title }) => title);

/** `cherry-pick` by hand, as `git` itself does it. */
const pick = (r: Repository, ...args: string[]) => {
  r.git('cherry-pick', ...args);
  return r;
};

describe('what the base already holds', () => {
  it('D2 knows a pick that git noted, though conflicts changed it, in either direction', async () => {
    const r = started().commit('fix: ten', { files: { 'a.txt': lines(40, { 10: 'ten' }) } });
    const ten = r.sha();
    r.checkout('main').commit(`fix: ten for production\n\n(cherry picked from commit ${ten})\n`, {
      files: { 'a.txt': lines(40, { 10: 'ten, otherwise' }) },
    });
    r.commit('fix: urgent', { files: { 'b.txt': lines(40, { 3: 'three' }) } });
    const urgent = r.sha();
    r.checkout('dev').commit(`fix: urgent, here too\n\n(cherry picked from commit ${urgent})\n`, {
      files: { 'b.txt': lines(40, { 3: 'three!' }) },
    });
    const discovery = await discoverIn(r);
    expect(held(discovery)).toEqual(['fix: ten', 'fix: urgent, here too']);
    expect(discovery.features.every(({ bucket }) => bucket !== 'recommended' && bucket !== 'must')).toBe(
      true,
    );
  });

  it('D2 knows a whole merge that was picked, and a squashed copy of one', async () => {
    const r = started()
      .pullRequest(1, 'Add one', [
        ['first', { files: { 'one.txt': '1\n' } }],
        ['second', { files: { 'one.txt': '1\n2\n' } }],
      ])
      .pullRequest(2, 'Add two', [
        ['first', { files: { 'two.txt': '1\n' } }],
        ['second', { files: { 'two.txt': '1\n2\n' } }],
      ])
      .commit('Add three', { files: { 'three.txt': '3\n' } })
      .checkout('main');
    pick(r, '-m', '1', 'dev~2').commit('Two, squashed', { files: { 'two.txt': '1\n2\n' } });
    const discovery = await discoverIn(r);
    expect(held(discovery)).toEqual(['Add one', 'Add two']);
    expect(waits(discovery)).toEqual(['Add three']);
  });

  it('D2 tells a copy from another change of the same files, and binary files by their content', async () => {
    const r = started()
      .commit('feat: ten', { files: { 'a.txt': lines(40, { 10: 'ten' }) } })
      .commit('feat: picture', { files: { 'p.png': Buffer.from([0, 1, 2]) } })
      .commit('feat: moved up', { files: { 'b.txt': lines(40, { 30: 'thirty' }) } })
      .checkout('main')
      .commit('feat: ten', { files: { 'a.txt': lines(40, { 10: 'eleven' }) } })
      .commit('feat: picture', { files: { 'p.png': Buffer.from([0, 1, 3]) } })
      .commit('feat: header', { files: { 'b.txt': `new\n${lines(40)}` } })
      .commit('feat: moved', { files: { 'b.txt': `new\n${lines(40, { 30: 'thirty' })}` } });
    const discovery = await discoverIn(r);
    expect(waits(discovery)).toEqual(['feat: ten', 'feat: picture']);
    expect(held(discovery)).toEqual(['feat: moved up']);
  });

  it('D2 lists what the base picked and took back as waiting, and as held when it was put back', async () => {
    const r = started().commit('feat: ten', { files: { 'a.txt': lines(40, { 10: 'ten' }) } });
    pick(r.checkout('main').commit('own', { files: { 'own.txt': '1\n' } }), 'dev');
    r.git('revert', '--no-edit', 'HEAD');
    expect(waits(await discoverIn(r))).toEqual(['feat: ten']);
    r.git('revert', '--no-edit', 'HEAD');
    expect(held(await discoverIn(r))).toEqual(['feat: ten']);
  });

  it('D2 leaves a revert of what the base holds a change of its own, whichever way the base got it', async () => {
    const r = started().commit('feat: ten', { files: { 'a.txt': lines(40, { 10: 'ten' }) } });
    pick(r.checkout('main').commit('own', { files: { 'own.txt': '1\n' } }), 'dev').checkout('dev');
    r.git('revert', '--no-edit', 'HEAD');
    const discovery = await discoverIn(r);
    expect(held(discovery)).toEqual(['feat: ten']);
    expect(waits(discovery)).toEqual(['Revert "feat: ten"']);
    expect(discovery.features[1]?.reason).not.toContain('revert wait together');
  });

  it('D2 ships what is done again after the base was merged back and its change reverted', async () => {
    const r = started()
      .checkout('main')
      .commit('feat: x', { files: { 'x.txt': '1\n' } });
    const x = r.sha();
    r.checkout('dev')
      .commit('feat: other', { files: { 'o.txt': '1\n' } })
      .merge('main', "Merge branch 'main' into dev");
    r.git('revert', '--no-edit', x);
    pick(r, x);
    const discovery = await discoverIn(r);
    expect(held(discovery)).toEqual(['Bring main into dev']);
    expect(waits(discovery)).toEqual(['feat: other', 'Revert "feat: x"', 'feat: x']);
  });

  it('D2 finds a copy on the base after the base was merged back', async () => {
    const r = started().commit('feat: ten', { files: { 'a.txt': lines(40, { 10: 'ten' }) } });
    pick(r.checkout('main').commit('own', { files: { 'own.txt': '1\n' } }), 'dev').checkout('dev');
    r.merge('main', "Merge branch 'main' into dev").commit('feat: next', { files: { 'n.txt': '1\n' } });
    const discovery = await discoverIn(r);
    expect(held(discovery)).toEqual(['feat: ten', 'Bring main into dev']);
    expect(waits(discovery)).toEqual(['feat: next']);
    expect(sourceOf(discovery, [discovery.features[2]?.id ?? '']).kind).toBe('selection');
  });

  it('D2 keeps a merge of the base whose conflicts were settled by hand, and criss-cross merges that were not', async () => {
    const r = started()
      .commit('feat: ten', { files: { 'a.txt': lines(40, { 10: 'ten' }) } })
      .checkout('main')
      .commit('fix: ten', { files: { 'a.txt': lines(40, { 10: 'TEN' }) } })
      .checkout('dev');
    expect(() => r.git('merge', '-q', 'main')).toThrow();
    r.commit("Merge branch 'main' into dev", { files: { 'a.txt': lines(40, { 10: 'ten and TEN' }) } });
    r.checkout('main').commit('fix: two', { files: { 'b.txt': lines(40, { 2: 'two' }) } });
    r.checkout('dev').commit('feat: thirty', { files: { 'b.txt': lines(40, { 30: 'thirty' }) } });
    r.branch('crossed').merge('main', "Merge branch 'main' into dev");
    const discovery = await discoverIn(r, { head: 'crossed' });
    expect(discovery.features.map(({ title, onBase }) => [title, onBase ?? false])).toEqual([
      ['feat: ten', false],
      ['Bring main into dev', false],
      ['feat: thirty', false],
      ['Bring main into dev', true],
    ]);
  });

  it('D2 reads a history with no common ancestor, several roots and an octopus', async () => {
    const r = repo().commit('root one', { files: { 'one.txt': '1\n' } });
    r.git('checkout', '-q', '--orphan', 'dev');
    r.git('rm', '-rfq', '.');
    r.commit('root two', { files: { 'two.txt': '2\n' } });
    for (const name of ['x', 'y', 'z'])
      r.branch(name, 'dev').commit(`feat: ${name}`, { files: { [`${name}.txt`]: '1\n' } });
    r.checkout('dev').commit('feat: w', { files: { 'w.txt': '1\n' } });
    r.git('merge', '-q', '-m', "Merge branches 'x', 'y' and 'z' into dev", 'x', 'y', 'z');
    r.git('merge', '-q', '--allow-unrelated-histories', '-m', "Merge branch 'main' into dev", 'main');
    const { features } = await discoverIn(r);
    expect(features.map(({ title, commits, onBase }) => [title, commits.length, onBase ?? false])).toEqual([
      ['root two', 1, false],
      ['feat: w', 1, false],
      ['x, y and z', 4, false],
      ['Bring main into dev', 1, true],
    ]);
  });
});
