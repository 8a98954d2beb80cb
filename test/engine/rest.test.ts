import { afterEach, describe, expect, it } from 'vitest';
import { openGit } from '../../providers/runtime/git.ts';
import type { Culprit, Strength } from '../../src/domain/culprit.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import type { Source } from '../../src/domain/event.ts';
import { historyRowOf } from '../../src/domain/history-row.ts';
import { chooseFeatures } from '../../src/engine/chosen-source.ts';
import type { Drafts } from '../../src/engine/drafts.ts';
import { createResting, type Rest, type RestRequest } from '../../src/engine/rest.ts';
import { aRollback, aSuccess } from '../harness/deployment.ts';
import { plan } from '../harness/plan.ts';
import { discoverIn, sourceOf } from '../harness/planning.ts';
import { lines, removeRepositories, repo, type Repository } from '../harness/repository.ts';

afterEach(removeRepositories);

/** Four changes wait: `ten` stands alone, `later` builds on `early`, `two` stands alone. */
const waiting = (): Repository =>
  repo()
    .commit('chore: start', { files: { 'a.txt': lines(20), 'b.txt': lines(20), 'c.txt': lines(20) } })
    .branch('dev')
    .commit('feat(ten): ten', { files: { 'a.txt': lines(20, { 10: 'ten' }) } })
    .commit('feat(early): early', { files: { 'b.txt': lines(20, { 5: 'early' }) } })
    .commit('feat(later): later', { files: { 'b.txt': lines(20, { 5: 'earlier' }) } })
    .commit('fix(two): two', { files: { 'c.txt': lines(20, { 2: 'two' }) } });

const failed = '20260131_142500';

async function idsOf(r: Repository): Promise<Record<string, string>> {
  const { features } = await discoverIn(r);
  return Object.fromEntries(features.map(({ id, title }) => [title.split(': ')[1] ?? '', id]));
}

/** A rollback of everything that waits, or of those titles. */
async function rolledBack(r: Repository, titles?: readonly string[]): Promise<Deployment> {
  const discovery = await discoverIn(r);
  const ids = await idsOf(r);
  const source = sourceOf(discovery, titles?.map((title) => ids[title] ?? '') ?? Object.values(ids));
  return {
    ...aRollback(failed),
    stable: { sha: discovery.base.sha, name: 'v1' },
    source: { ...source, head: { ref: 'dev', sha: r.git('rev-parse', 'dev') } } as Source,
  };
}

function blaming(d: Deployment, id: string | undefined, strength: Strength = 'strong'): Deployment {
  const culprit: Culprit = {
    kind: 'named',
    reason: 'Likely it',
    suspects: [{ id: id ?? '', title: 'it', strength, stacks: 3, of: 3, evidence: ['3 of 3 stacks'] }],
    errors: [],
    unread: [],
  };
  return { ...d, culprit };
}

/** Asks for the rest in that repository, with those records behind it, the newest first. */
async function restIn(
  r: Repository,
  records: readonly Deployment[],
  request: RestRequest = {},
): Promise<Rest> {
  const git = await openGit(r.dir);
  const stable = { sha: r.git('rev-parse', 'main'), name: 'v1' };
  const drafts: Pick<Drafts, 'discover' | 'draft'> = {
    discover: ({ head }) =>
      discoverIn(r, {
        ...(head === undefined ? {} : { head }),
        deployed: { ref: 'deployed', sha: stable.sha },
      }),
    async draft({ environment, what }, discovery) {
      if (what.kind !== 'select' || !discovery) throw new TypeError('a selection is drafted');
      const chosen = await chooseFeatures(git, discovery, what.wanted, { environment, stable });
      const { source, tree, risk } = chosen;
      return {
        kind: 'deploy',
        environment,
        stable,
        source,
        features: source.features,
        plan: plan(),
        ...(tree === undefined ? {} : { tree }),
        ...(risk ? { risk } : {}),
      };
    },
  };
  const memory = {
    history: async () => records.flatMap((d) => historyRowOf(d) ?? []),
    record: async (id: string) => records.find((d) => d.id === id),
  };
  const journals = { current: async () => ['20260301_000000'] };
  return createResting({ git, memory, journals }, drafts).rest({ environment: 'production', ...request });
}

/** What was prepared; fails where a person is asked first. */
function drafted(found: Rest): Extract<Rest, { kind: 'draft' }> {
  if (found.kind === 'ask') throw new Error('it asks whom to leave out');
  return found;
}

const titlesOf = (found: Rest) => drafted(found).draft.features.map(({ title }) => title.split(': ')[1]);

describe('N6 the rest of what was taken back', () => {
  it('is the same candidate without the suspect and what needs it, each with why, proved', async () => {
    const r = waiting();
    const ids = await idsOf(r);
    const found = drafted(await restIn(r, [blaming(await rolledBack(r), ids['early'])]));
    expect(titlesOf(found)).toEqual(['ten', 'two']);
    expect(found.draft.tree).toMatch(/^[0-9a-f]{40}$/u);
    expect(found.draft.restOf).toEqual({
      deployment: failed,
      without: [
        { id: ids['early'], title: 'feat(early): early', kind: 'suspect', why: '3 of 3 stacks' },
        {
          id: ids['later'],
          title: 'feat(later): later',
          kind: 'needs',
          why: `it needs ${ids['early']}: b.txt:5 was written there`,
        },
      ],
    });
    expect(found.notes).toEqual([]);
  });

  it('asks whom to leave out where nobody is named for sure, the most suspicious first, and guesses nothing', async () => {
    const r = waiting();
    const ids = await idsOf(r);
    const d = await rolledBack(r);
    const unknown = await restIn(r, [d]);
    expect(unknown).toMatchObject({
      kind: 'ask',
      of: { id: failed, culprit: 'Unknown: its traces were not read' },
    });
    const { status } = d;
    const stopped: Deployment = {
      ...d,
      status: status.kind === 'finished' ? { ...status, outcome: 'blocked' } : status,
      suites: [
        { suite: 'unit', kind: 'unit', status: 'failed', exitCode: 1, durationMs: 1, log: 'u.log', tail: [] },
      ],
    };
    expect(await restIn(r, [stopped])).toMatchObject({
      of: { culprit: 'Unknown: it was stopped before it left any traces' },
    });
    const weak = await restIn(r, [blaming(d, ids['two'], 'weak')]);
    expect(weak.kind === 'ask' && weak.suspected[0]).toMatchObject({
      id: ids['two'],
      evidence: { strength: 'weak', text: '3 of 3 stacks' },
    });
    const named = await restIn(r, [d], { without: [ids['ten'] ?? '', ids['later'] ?? ''] });
    expect(titlesOf(named)).toEqual(['early', 'two']);
    await expect(restIn(r, [d], { without: ['nobody'] })).rejects.toMatchObject({
      code: 'unknown-feature',
      exit: 2,
    });
  });

  it('leaves out more beside the suspect where a person says so', async () => {
    const r = waiting();
    const ids = await idsOf(r);
    const found = await restIn(r, [blaming(await rolledBack(r), ids['later'])], {
      without: [ids['two'] ?? ''],
    });
    expect(titlesOf(found)).toEqual(['ten', 'early']);
    expect(drafted(found).without.map(({ kind }) => kind)).toEqual(['suspect', 'asked']);
  });

  it('says it when nothing is left without the suspect', async () => {
    const r = waiting();
    const ids = await idsOf(r);
    const d = blaming(await rolledBack(r, ['early', 'later']), ids['early']);
    await expect(restIn(r, [d])).rejects.toMatchObject({
      code: 'nothing-left',
      exit: 2,
      message: `nothing of ${failed} is left without ${ids['early']} (${ids['later']}: it needs ${ids['early']}: b.txt:5 was written there)`,
    });
    const pulledIn = await rolledBack(r, ['early', 'later']);
    for (const feature of pulledIn.source.features) feature.pulledIn = feature.id === ids['early'];
    await expect(restIn(r, [blaming(pulledIn, ids['later'])])).rejects.toMatchObject({
      code: 'nothing-left',
      message: expect.stringContaining('was in it only because others needed it'),
    });
  });

  it('builds what was chosen then, and tells that the branch has moved on', async () => {
    const r = waiting();
    const ids = await idsOf(r);
    const d = blaming(await rolledBack(r), ids['early']);
    r.checkout('dev').commit('feat(new): new', { files: { 'd.txt': 'd\n' } });
    const found = drafted(await restIn(r, [d]));
    expect(titlesOf(found)).toEqual(['ten', 'two']);
    expect(found.draft.source).toMatchObject({
      head: { ref: 'dev', sha: d.source.kind === 'selection' && d.source.head.sha },
    });
    expect(found.notes).toEqual([
      expect.stringMatching(
        /^dev has moved on by 1 commit since: the rest is what was chosen then, at [0-9a-f]{7}\.$/u,
      ),
    ]);
  });

  it('leaves what shipped meanwhile as it serves, and says when all of it has', async () => {
    const r = waiting();
    const ids = await idsOf(r);
    const d = blaming(await rolledBack(r), ids['early']);
    const [ten, two] = ['dev~3', 'dev'].map((ref) => r.git('rev-parse', ref));
    r.checkout('main').git('cherry-pick', '-x', ten ?? '');
    const found = drafted(await restIn(r, [d]));
    expect(titlesOf(found)).toEqual(['two']);
    expect(found.notes).toContain('"feat(ten): ten" shipped meanwhile: it stays as it serves.');
    expect(found.notes.join('\n')).toContain('It builds on v1, which serves now and did not then.');
    r.git('cherry-pick', '-x', two ?? '');
    const rest = { ...aSuccess('20260201_100000'), restOf: { deployment: failed, without: [] } };
    await expect(restIn(r, [rest, d], { id: failed })).rejects.toMatchObject({
      code: 'rest-shipped',
      exit: 2,
      message: expect.stringContaining('with 20260201_100000'),
    });
  });

  it('tells that a must is left out, and what was there for its sake alone', async () => {
    const r = waiting();
    const ids = await idsOf(r);
    const d = await rolledBack(r);
    for (const feature of d.source.features) {
      if (feature.id === ids['later']) feature.bucket = 'must';
      feature.pulledIn = feature.id === ids['early'];
    }
    const found = drafted(await restIn(r, [blaming(d, ids['later'])]));
    expect(titlesOf(found)).toEqual(['ten', 'early', 'two']);
    expect(found.draft.features.map(({ pulledIn }) => pulledIn)).toEqual([false, true, false]);
    expect(found.notes).toEqual([
      '"feat(later): later" is a must: what it mends stays open while it is left out.',
      `${ids['early']} was in it only for what is left out, and ships as it was; leave it out too with --without ${ids['early']}.`,
    ]);
  });

  it('refuses, with the reason, where there is nothing to leave out', async () => {
    const r = waiting();
    const d = await rolledBack(r);
    const head = { sha: 'f'.repeat(40), ref: 'v9' };
    const version: Deployment = { ...d, source: { kind: 'version', ...head, features: [] } };
    const gone: Deployment = { ...d, source: { ...d.source, head } as Source };
    const outside: Deployment = {
      ...d,
      status: {
        kind: 'finished',
        outcome: 'failed',
        reason: 'the port was in use',
        at: d.updatedAt,
        durationMs: 1,
      },
      failure: { code: 'port-in-use', message: '', hint: '' },
    };
    const cases: [Deployment, RestRequest, string][] = [
      [aSuccess(failed), {}, 'no-rest'],
      [version, {}, 'no-rest'],
      [aRollback(failed), {}, 'no-rest'],
      [outside, {}, 'no-rest'],
      [gone, { without: [d.source.features[0]?.id ?? ''] }, 'candidate-gone'],
      [d, { id: '20260101_000000' }, 'unknown-deployment'],
      [d, { id: '20260301_000000' }, 'not-finished'],
      [d, { environment: 'elsewhere' }, 'unknown-deployment'],
    ];
    for (const [record, request, code] of cases)
      await expect(restIn(r, [record], request), code).rejects.toMatchObject({ code, exit: 2 });
  });

  it('of a rollback by a person it is the rest of what that took back', async () => {
    const r = waiting();
    const good: Deployment = { ...(await rolledBack(r)), ...pick(aSuccess(failed)) };
    const version = good.candidate.kind === 'none' ? undefined : good.candidate.version;
    const back: Deployment = { ...aSuccess('20260202_090000'), kind: 'rollback', stable: version ?? null };
    expect(await restIn(r, [back, good])).toMatchObject({
      kind: 'ask',
      of: { id: failed, culprit: 'Unknown: it went well at first, and was taken back later' },
    });
    const ids = await idsOf(r);
    const byItself = await restIn(r, [back, good], { id: failed, without: [ids['ten'] ?? ''] });
    expect(titlesOf(byItself)).toEqual(['early', 'later', 'two']);
    const found = drafted(await restIn(r, [back, good], { without: [ids['ten'] ?? ''] }));
    expect(titlesOf(found)).toEqual(['early', 'later', 'two']);
    expect(found.notes[0]).toBe(`20260202_090000 took ${failed} back, after it had gone well.`);
  });
});

/** What tells a success from a rollback of the same features. */
function pick({ status, candidate, restored, verified }: Deployment) {
  return { status, candidate, restored, verified };
}
