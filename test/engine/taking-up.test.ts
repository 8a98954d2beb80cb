import { afterEach, describe, expect, it } from 'vitest';
import { openGit } from '../../providers/runtime/git.ts';
import { choiceIn, choiceOf } from '../../src/domain/choice.ts';
import { takeUp } from '../../src/engine/taking-up.ts';
import { discoverIn } from '../harness/planning.ts';
import { lines, removeRepositories, repo, type Repository } from '../harness/repository.ts';

afterEach(removeRepositories);

/** Two plain commits and a pull request wait on dev. */
const waiting = (): Repository =>
  repo()
    .commit('chore: start', { files: { 'a.txt': lines(20), 'b.txt': lines(20), 'c.txt': lines(20) } })
    .branch('dev')
    .commit('feat: ten', { files: { 'a.txt': lines(20, { 10: 'ten' }) } })
    .commit('fix: two', { files: { 'b.txt': lines(20, { 2: 'two' }) } })
    .commit('feat: squashed (#7)', { files: { 'c.txt': lines(20, { 7: 'seven' }) } });

const idOf = async (r: Repository, title: string) => {
  const found = (await discoverIn(r)).features.find((f) => f.title.includes(title));
  if (!found) throw new Error(`nothing waits that is called ${title}`);
  return found.id;
};

/** What was chosen by title, and then what `move` did to the branch. */
async function chosenThen(r: Repository, titles: readonly string[], move: () => void) {
  const ids = await Promise.all(titles.map((title) => idOf(r, title)));
  const choice = choiceIn(await discoverIn(r), 'custom', ids);
  move();
  const git = await openGit(r.dir);
  const discovery = await discoverIn(r);
  return { before: ids, discovery, ...(await takeUp(git, discovery, choice)) };
}

describe('a saved choice after the branch has moved', () => {
  it('S2 is as it was where nothing moved', async () => {
    const r = waiting();
    const after = await chosenThen(r, ['ten', 'squashed'], () => undefined);
    expect(after).toMatchObject({ fresh: [], told: [], changed: false });
    expect(after.choice.wanted).toEqual(after.before);
  });

  it('S2 shows new commits as new, and leaves them out of a custom choice', async () => {
    const r = waiting();
    const after = await chosenThen(r, ['ten'], () => void r.commit('feat: late', { files: { late: '1\n' } }));
    expect(after.fresh).toEqual([await idOf(r, 'late')]);
    expect(after.choice.wanted).toEqual(after.before);
    expect(after.told).toEqual([]);
  });

  it('S2 stays with the change when its commits are rebased', async () => {
    const r = waiting();
    const after = await chosenThen(r, ['ten', 'two'], () => {
      r.checkout('main').commit('chore: meanwhile', { files: { 'other.txt': 'x\n' } });
      r.checkout('dev').git('rebase', '-q', 'main');
    });
    expect(after.choice.wanted).toEqual([await idOf(r, 'ten'), await idOf(r, 'two')]);
    expect(after.choice.wanted).not.toEqual(after.before);
    expect(after.fresh).toEqual([]);
    expect(after.told).toHaveLength(2);
    expect(after.told[0]).toBe(
      `${after.before[0]} is ${after.choice.wanted[0]} now: the same change, rewritten.`,
    );
  });

  it('S2 stays with the change when its message is amended', async () => {
    const r = waiting();
    r.git('reset', '-q', '--hard', 'HEAD~1');
    const after = await chosenThen(
      r,
      ['two'],
      () => r.git('commit', '-q', '--amend', '-m', 'fix: both') && undefined,
    );
    expect(after.choice.wanted).toEqual([await idOf(r, 'both')]);
    expect(after.fresh).toEqual([]);
  });

  it('S2 stays with a pull request whose commits were all rewritten', async () => {
    const r = waiting();
    const after = await chosenThen(r, ['squashed'], () => {
      r.git('reset', '-q', '--hard', 'HEAD~1');
      r.commit('feat: squashed anew (#7)', { files: { 'c.txt': lines(20, { 7: 'SEVEN' }) } });
    });
    expect(after.choice.wanted).toEqual(['pr-7']);
    expect(after.told).toEqual(['pr-7 has 1 new commit since you chose it.']);
  });

  it('S2 knows a merged branch again when it was squashed', async () => {
    const r = waiting().pullRequest(9, 'feat: side', [['wip', { files: { 'd.txt': 'd\n' } }]]);
    const after = await chosenThen(r, ['side'], () => {
      r.git('reset', '-q', '--hard', 'HEAD~1');
      r.commit('feat: side by side', { files: { 'd.txt': 'd\n' } });
    });
    expect(after.choice.wanted).toEqual([await idOf(r, 'side by side')]);
  });

  it('S2 takes the parts of a feature that was split for known, the second time too', async () => {
    const r = waiting().pullRequest(9, 'feat: side', [
      ['feat: one', { files: { 'd.txt': 'd\n' } }],
      ['feat: other', { files: { 'e.txt': 'e\n' } }],
    ]);
    const after = await chosenThen(r, ['ten'], () => {
      r.git('rebase', '-q', '--force-rebase', 'main');
    });
    expect(after.fresh).toEqual([]);
    expect(after.changed).toBe(true);
    const again = await takeUp(await openGit(r.dir), after.discovery, after.choice);
    expect(again).toMatchObject({ fresh: [], told: [], changed: false });
  });

  it('S2 names once what is gone, and what is on the base', async () => {
    const r = waiting();
    const git = await openGit(r.dir);
    const shipped = await chosenThen(
      r,
      ['ten', 'two'],
      () => r.git('branch', '-f', 'main', 'dev~2') && undefined,
    );
    expect(shipped.told).toEqual([`${shipped.before[0]} is no longer waiting: it is on the base.`]);
    expect(shipped.choice.wanted).toEqual([shipped.before[1]]);
    expect(await takeUp(git, shipped.discovery, shipped.choice)).toMatchObject({ told: [], changed: false });
    const dropped = await chosenThen(r, ['two', 'squashed'], () => {
      r.git('reset', '-q', '--hard', 'HEAD~1');
    });
    expect(dropped.told).toEqual(['pr-7 is no longer waiting: its commits are not on dev.']);
  });

  it('S2 goes over to the recommendation when nothing that was chosen is left', async () => {
    const r = waiting();
    const after = await chosenThen(r, ['squashed'], () => {
      r.git('reset', '-q', '--hard', 'HEAD~1');
    });
    expect(after.choice).toMatchObject({ strategy: 'recommended', wanted: [] });
    expect(after.told.at(-1)).toContain('Nothing of what was chosen is left');
  });

  it('S2 keeps a strategy a strategy', async () => {
    const r = waiting();
    const choice = choiceIn(await discoverIn(r), 'recommended', [await idOf(r, 'ten')]);
    r.commit('feat: late', { files: { late: '1\n' } });
    const after = await takeUp(await openGit(r.dir), await discoverIn(r), choice);
    expect(after.choice.strategy).toBe('recommended');
    expect(after.fresh).toEqual([await idOf(r, 'late')]);
  });

  it('S2 leaves out what was taken back since, with what needs it, until the person takes it again', async () => {
    const r = waiting().commit('feat: more of ten (#8)', {
      files: { 'a.txt': lines(20, { 10: 'TEN' }) },
    });
    const discovery = await discoverIn(r);
    const ten = await idOf(r, 'feat: ten');
    const choice = choiceIn(discovery, 'custom', [ten, 'pr-7', 'pr-8']);
    const back = {
      ...discovery,
      features: discovery.features.map((f) =>
        f.id === ten
          ? { ...f, takenBackIn: '20261121_101500', reason: 'It was rolled back on 2026-11-21.' }
          : f,
      ),
    };
    const git = await openGit(r.dir);
    const after = await takeUp(git, back, choice);
    expect(after.choice.wanted).toEqual(['pr-7']);
    expect(after.told).toEqual([
      `${ten} is left out: it was rolled back on 2026-11-21. You can take it again.`,
      `pr-8 is left out too: it needs ${ten}.`,
    ]);
    const again = await takeUp(git, back, choiceIn(back, 'custom', [ten]));
    expect(again.choice.wanted).toEqual([ten]);
    expect(again.told).toEqual([]);
  });

  it('S2 reads a selection that was saved without the choice behind it', async () => {
    const r = waiting();
    const discovery = await discoverIn(r);
    const old = {
      schema: 'orchestra/selection@1' as const,
      selected: ['pr-7', 'pr-1', await idOf(r, 'two')],
      added: [{ id: await idOf(r, 'two'), because: ['needed'] }],
    };
    const after = await takeUp(await openGit(r.dir), discovery, choiceOf(old, discovery));
    expect(after).toMatchObject({
      fresh: [],
      told: ['pr-1 is no longer waiting: its commits are not on dev.'],
    });
    expect(after.choice).toMatchObject({ strategy: 'custom', wanted: ['pr-7'] });
  });

  it('S2 takes commits that git has thrown away for gone', async () => {
    const r = waiting();
    const after = await chosenThen(r, ['ten', 'two'], () => {
      r.checkout('main').commit('chore: meanwhile', { files: { 'other.txt': 'x\n' } });
      r.checkout('dev').git('rebase', '-q', 'main');
      r.git('reflog', 'expire', '--expire=now', '--all');
      r.git('gc', '-q', '--prune=now');
    });
    // The old commits are gone for good: nothing can tell that it is the same change.
    expect(after.told[0]).toContain('are no longer waiting: their commits are not on dev.');
  });
});
