import { afterEach, describe, expect, it } from 'vitest';
import type { Bucket } from '../../src/domain/feature.ts';
import { settingsSchema } from '../../src/domain/settings.ts';
import type { ChangeMetrics } from '../../src/domain/risk/change-metrics.ts';
import { startChangeModel } from '../../src/domain/risk/change-model.ts';
import { learnFrom } from '../../src/learning/learn.ts';
import type { Candidate } from '../../src/planning/assemble.ts';
import { intervalOf, riskOf } from '../../src/planning/assessment/risk.ts';
import { closeSelection } from '../../src/planning/closure.ts';
import { pickWanted } from '../../src/planning/pick.ts';
import { aRollback, aSuccess, sha, shipped } from '../harness/deployment.ts';
import { discoverIn, emptyPatterns, featureOf } from '../harness/planning.ts';
import { lines, removeRepositories, repo, type Repository } from '../harness/repository.ts';

afterEach(removeRepositories);

const nobody = { commitsOf: new Map<string, number>(), fixesIn: new Map<string, number>() };

/** A change as discovery would hand it over. */
const candidate = (type: 'feature' | 'perf' | 'fix'): Candidate => ({
  feature: {
    id: 'pr-1',
    title: `${type}: a`,
    type,
    commits: ['a'.repeat(40)],
    authors: ['Ada'],
    files: [{ path: 'a.js', status: 'modified', additions: 5, deletions: 0 }],
    additions: 5,
    deletions: 0,
    dependsOn: [],
    flags: { breaking: false, testsTouched: true },
  },
  group: { units: [], key: 'pr-1', reverted: false },
  urgent: undefined,
  reverted: false,
  unread: false,
});

const started = (): Repository =>
  repo()
    .commit('chore: start', { files: { 'a.txt': lines(40) } })
    .branch('dev');

const settings = (selection: object) =>
  settingsSchema.parse({
    version: 1,
    project: 'shop',
    services: { web: { start: 'node .' } },
    environments: { production: { port: 8080 } },
    selection,
  });

describe('assessment', () => {
  it('S2 puts features into four buckets and says why', async () => {
    const r = started()
      .commit('fix(auth): refuse expired tokens\n\nCVE-2026-1234 (#1)', { files: { 'auth.js': '1\n' } })
      .commit('hotfix: prices (#2)', { files: { 'price.js': '1\n' } })
      .commit('feat: baskets (#3)', { files: { 'basket.js': '1\n', 'basket.test.js': '1\n' } })
      .commit('docs: words (#4)', { files: { 'README.md': '1\n' } })
      .commit('feat!: new routes (#5)', { files: { 'routes.js': "app.get('/a');\n" } })
      .commit('feat: drop old orders (#6)', { files: { 'migrations/1.sql': 'DROP TABLE old;\n' } });
    const discovery = await discoverIn(r);
    expect(discovery.features.map(({ bucket }) => bucket)).toEqual([
      'must',
      'must',
      'recommended',
      'optional',
      'not_recommended',
      'not_recommended',
    ]);
    expect(discovery.features[0]?.reason).toBe('It names CVE-2026-1234.');
    expect(discovery.features[3]?.reason).toMatch(/^Low priority \(docs\)/u);
    expect(discovery.features[5]?.reason).toMatch(/^It drops table old \(migrations\/1\.sql\)/u);
    for (const { risk } of discovery.features) {
      expect(risk.interval[0]).toBeLessThanOrEqual(risk.probability);
      expect(risk.interval[1]).toBeGreaterThanOrEqual(risk.probability);
      expect(risk.n).toBe(0);
    }
    expect(pickWanted(discovery, 'critical')).toHaveLength(2);
    expect(pickWanted(discovery, 'recommended')).toHaveLength(3);
  });

  it('D7 counts what tools wrote and what others keep for no size and no spread', async () => {
    const r = started().commit('feat: client (#1)', {
      files: {
        'src/a.js': '1\n',
        'package-lock.json': lines(900),
        'api/cart.pb.go': lines(900),
        ...Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`vendor/d${i}/f.js`, lines(60)])),
      },
    });
    const { risk } = featureOf(await discoverIn(r), 'pr-1');
    expect(risk.factors.map(({ name }) => name)).not.toContain('size');
    expect(risk.factors.map(({ name }) => name)).not.toContain('spread');
  });

  it('D7 explains a probability by factors that add up to it', async () => {
    const r = started().commit('feat: big (#1)', {
      files: Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`d${i}/f.js`, lines(60)])),
    });
    const { risk } = featureOf(await discoverIn(r), 'pr-1');
    const factor = (name: string) => risk.factors.find((one) => one.name === name);
    expect(factor('size')).toMatchObject({ text: '720 changed lines' });
    expect(factor('spread')?.effect).toBeLessThan(0);
    expect(factor('tests')).toMatchObject({ text: 'no test was touched' });
    expect(0.98 + risk.factors.reduce((sum, { effect }) => sum + effect, 0)).toBeCloseTo(risk.probability, 3);
  });

  it('N2 after ten deployments 70 % means 44–87 %, and before three the interval is no narrower', () => {
    const rounded = (interval: [number, number]) => interval.map((end) => Math.round(end * 100));
    expect(rounded(intervalOf(0.7, 10, 0))).toEqual([44, 87]);
    expect(intervalOf(0.7, 0, 0)).toEqual(intervalOf(0.7, 3, 0));
    expect(intervalOf(0.7, 10, 2)[0]).toBeLessThan(0.4);
    for (const p of [0, 1]) {
      const [low, high] = intervalOf(p, 1000, 0);
      expect(low).toBeLessThanOrEqual(p);
      expect(high).toBeGreaterThanOrEqual(p);
    }
  });

  it('N2 says that there is not enough history until ten deployments, and rests on that of git where it was read', async () => {
    const r = started().commit('feat: a (#1)', { files: { 'a.js': lines(300) } });
    const { risk } = featureOf(await discoverIn(r), 'pr-1');
    expect(risk.factors.at(-1)?.text).toBe(
      'not enough history: nothing was deployed here yet, so this rests on what holds in most repositories',
    );
    const patterns = emptyPatterns();
    patterns.deployments = { succeeded: 9, failed: 1 };
    const known = featureOf(await discoverIn(r, { patterns }), 'pr-1').risk;
    expect(known.n).toBe(10);
    expect(known.factors.map(({ name }) => name)).not.toContain('not-enough-history');
    expect(known.interval[1] - known.interval[0]).toBeLessThan(risk.interval[1] - risk.interval[0]);
  });

  it('N2 a change whose like needed fixes later is thought worse of, within bounds, and the factors still add up', () => {
    const metrics = (la: number, nuc: number): ChangeMetrics => ({
      ns: 1,
      nd: 1,
      nf: 1,
      entropy: 0,
      la,
      ld: 0,
      lt: 400,
      fix: false,
      ndev: 3,
      age: 30,
      nuc,
      exp: 50,
      rexp: 20,
      sexp: 20,
    });
    const change = candidate('feature');
    const told = (past?: ChangeMetrics) =>
      riskOf(change, emptyPatterns(), nobody, {
        past: past && { model: startChangeModel(), view: { metricsOf: () => past } },
      }).risk;
    const [small, large] = [told(metrics(1, 1)), told(metrics(5000, 400))];
    expect(large.probability).toBeLessThan(small.probability);
    expect(large.probability).toBeGreaterThan(0.9);
    for (const { probability, factors } of [small, large, told(metrics(1e308, 0))]) {
      const sum = factors.reduce((total, { effect }) => total + effect, 0.98);
      expect(Math.abs(sum - probability)).toBeLessThan(0.002);
    }
    expect(large.factors.find(({ name }) => name === 'change')?.text).toMatch(
      /^\d+ % \(\d+–\d+ %\) likely to be taken back or to need a fix later; \d+ % of all in other projects, from which alone this is known yet$/u,
    );
    expect(large.inputs?.['change']).toBeLessThan(0);
    expect(told().inputs).not.toHaveProperty('change');
  });

  it('S6 what deployments taught of a kind is told with its evidence, and only what they taught', () => {
    const patterns = Array.from({ length: 12 }, (_, i) => i).reduce(
      (known, i) =>
        learnFrom(
          known,
          (i % 3 === 0 ? aRollback : aSuccess)(
            `20260101_0000${10 + i}`,
            shipped(`p${i}`, { type: i % 3 === 0 ? 'perf' : 'fix', commits: [sha(i.toString(16))] }),
          ),
        ).patterns,
      emptyPatterns(),
    );
    const of = (type: 'perf' | 'fix') => riskOf(candidate(type), patterns, nobody).risk;
    const why = of('perf').factors.find(({ name }) => name === 'type');
    expect(why?.text).toBe('perf changes went well in 0 of 4 (0–40 %)');
    expect(why?.effect).toBeLessThan(-0.02);
    expect(of('perf').probability).toBeLessThan(of('fix').probability);
  });

  it('S6 ranks a feature that was rolled back lower, and says when and why', async () => {
    const r = started()
      .commit('feat: search (#1)', { files: { 'search.js': '1\n' } })
      .commit('feat: sort (#2)', { files: { 'sort.js': '1\n' } });
    const before = featureOf(await discoverIn(r), 'pr-1');
    const patterns = emptyPatterns();
    patterns.deployments = { succeeded: 1, failed: 1 };
    patterns.features.push({
      id: 'renamed-since',
      title: 'search',
      commits: before.commits,
      deployments: [
        {
          deployment: '20261120_101010',
          at: '2026-11-20T10:12:00Z',
          outcome: 'rolled_back',
          reason: 'error rate 6.1 %',
          blame: 1,
        },
      ],
    });
    const discovery = await discoverIn(r, { patterns });
    const after = featureOf(discovery, 'pr-1');
    expect(before.bucket).toBe('recommended');
    expect(after.bucket).toBe('not_recommended');
    expect(after.risk.probability).toBeLessThan(before.risk.probability - 0.2);
    expect(after.risk.n).toBe(2);
    expect(after.reason).toMatch(/rolled back on 2026-11-20 \(error rate 6\.1 %\)/u);
    expect(after.risk.factors[0]).toMatchObject({
      name: 'history',
      text: expect.stringContaining('2026-11-20'),
    });
    expect(featureOf(discovery, 'pr-2').bucket).toBe('recommended');
    expect(after.reason).toMatch(/^It was rolled back on/u);
    for (const one of patterns.features[0]?.deployments ?? [])
      Object.assign(one, { outcome: 'failed', blame: 0.1 });
    const aboard = featureOf(await discoverIn(r, { patterns }), 'pr-1');
    expect(aboard.reason).toContain(
      'It was aboard when 20261120_101010 failed on 2026-11-20 (error rate 6.1 %).',
    );
    for (const one of patterns.features[0]?.deployments ?? [])
      Object.assign(one, { outcome: 'rolled_back', blame: 1 });
    r.commit('fixup! feat: search (#1)', { files: { 'search.js': '2\n' } });
    const mended = featureOf(await discoverIn(r, { patterns }), 'pr-1');
    expect(mended).toMatchObject({
      bucket: 'optional',
      reason: expect.stringContaining('1 new commit since'),
    });
    expect(mended.risk.probability).toBeGreaterThan(after.risk.probability);
  });

  it('S6 one suite that failed for nine features puts none of them, nor anything else, off', async () => {
    const r = started();
    for (let i = 1; i <= 10; i++)
      r.commit(`feat: number ${i} (#${i})`, { files: { [`f${i}.js`]: lines(5) } });
    const before = await discoverIn(r);
    const patterns = emptyPatterns();
    patterns.features = before.features.slice(0, 9).map(({ id, title, commits }) => ({
      id,
      title,
      commits,
      deployments: [
        {
          deployment: '20261120_101010',
          at: '2026-11-20T10:12:00Z',
          outcome: 'blocked',
          reason: 'unit failed',
          blame: 1 / 9,
        },
      ],
    }));
    const after = await discoverIn(r, { patterns });
    expect(after.features.map(({ bucket }) => bucket)).toEqual(before.features.map(({ bucket }) => bucket));
  });

  it('D8 recommends the safest within the maximum, closures counted, of fifty and more', async () => {
    const r = started();
    for (let i = 1; i <= 52; i++)
      r.commit(`feat: number ${i} (#${i})`, { files: { [`f${i % 40}.js`]: lines(5 * i) } });
    for (const [max, request] of [
      [15, {}],
      [4, { settings: settings({ max_features_per_deployment: 4 }) }],
    ] as const) {
      const discovery = await discoverIn(r, request);
      const recommended = pickWanted(discovery, 'recommended');
      expect(closeSelection(discovery.features, recommended).selected.length).toBe(recommended.length);
      expect(recommended.length).toBeLessThanOrEqual(max);
      expect(recommended.length).toBeGreaterThanOrEqual(Math.min(max, 10));
      expect(
        discovery.features.filter(({ reason }) => reason.includes(`over the limit of ${max}`)).length,
      ).toBeGreaterThan(20);
    }
  });

  it('S2 never puts a feature into a better bucket than what it cannot ship without', async () => {
    const order: Bucket[] = ['must', 'recommended', 'optional', 'not_recommended'];
    const r = started()
      .commit('feat!: risky (#1)', { files: { 'routes.js': "app.get('/a');\n" } })
      .commit('feat: upon it (#2)', { files: { 'routes.js': "app.get('/a');\napp.get('/b');\n" } })
      .commit('fix: upon that\n\nPriority: P0', {
        files: { 'routes.js': "app.get('/a');\napp.get('/b');\n// c\n" },
      })
      .commit('docs: needed (#4)', { files: { 'docs/page.md': 'a\n' } })
      .commit('feat: with docs (#5)', { files: { 'docs/page.md': 'b\n', 'page.js': 'b\n' } });
    const { features } = await discoverIn(r);
    expect(features.map(({ bucket }) => bucket)).toEqual([
      'not_recommended',
      'not_recommended',
      'must',
      'recommended',
      'recommended',
    ]);
    expect(features[1]?.reason).toMatch(
      /^It cannot ship without pr-1 \(routes\.js:1 was written there\), which is not recommended: it breaks callers/u,
    );
    for (const feature of features) {
      if (feature.bucket === 'must') continue;
      for (const id of closeSelection(features, [feature.id]).selected) {
        const other = features.find((one) => one.id === id);
        expect(order.indexOf(feature.bucket)).toBeGreaterThanOrEqual(order.indexOf(other?.bucket ?? 'must'));
      }
    }
  });

  it('D9 calls a deployment with a schema change high risk and suggests canary', async () => {
    const plain = started().commit('feat: a (#1)', { files: { 'a.js': '1\n' } });
    expect((await discoverIn(plain)).deployment).toMatchObject({
      risk: 'low',
      suggestedStrategy: 'blue-green',
    });
    plain.commit('feat: table (#2)', {
      files: { 'migrations/1.sql': 'CREATE TABLE a (id int);\n', 'a.test.js': '1\n' },
    });
    const discovery = await discoverIn(plain);
    expect(featureOf(discovery, 'pr-2').bucket).toBe('recommended');
    expect(discovery.deployment).toMatchObject({ risk: 'high', suggestedStrategy: 'canary' });
  });

  it('S2 takes the musts of orchestra.yaml, and refuses an expression that does not parse', async () => {
    const r = started().commit('feat: a\n\nCustomer: ACME', { files: { 'a.js': '1\n' } });
    const { features } = await discoverIn(r, { settings: settings({ must_include: ['^customer: acme$'] }) });
    expect(features[0]).toMatchObject({ bucket: 'must', reason: expect.stringContaining('must_include') });
    await expect(discoverIn(r, { settings: settings({ must_include: ['('] }) })).rejects.toMatchObject({
      code: 'bad-pattern',
      exit: 78,
    });
  });

  it('names the nearest feature for an id that is none', async () => {
    const discovery = await discoverIn(started().commit('feat: a (#12)', { files: { 'a.js': '1\n' } }));
    expect(() => pickWanted(discovery, ['pr-13'])).toThrow(
      expect.objectContaining({ code: 'unknown-feature', exit: 2, hint: expect.stringContaining('"pr-12"') }),
    );
    expect(pickWanted(discovery, ['pr-12', 'pr-12'])).toEqual(['pr-12']);
  });
});
