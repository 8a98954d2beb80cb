import { describe, expect, it } from 'vitest';
import { learningReportSchema } from '../../src/domain/learning-report.ts';
import { patternsSchema, type Patterns } from '../../src/domain/memory.ts';
import { learnFrom } from '../../src/learning/learn.ts';
import { opinionAfter } from '../../src/planning/assessment/opinion.ts';
import type { Deployment } from '../../src/domain/deployment.ts';
import { aDeployment, aRollback, aSuccess, sha, shipped } from '../harness/deployment.ts';

const nothing = patternsSchema.parse({ schema: 'orchestra/patterns@1' });
const after = (...deployments: Deployment[]): Patterns =>
  deployments.reduce((patterns, deployment) => learnFrom(patterns, deployment).patterns, nothing);
const fix = shipped('b', { type: 'fix', commits: [sha('f')], additions: 400 });

describe('learnFrom', () => {
  it('M2 S6 counts a deployment once in every row that applies to it', () => {
    const patterns = after(
      aSuccess('20260131_142500', shipped('a'), shipped('c', { commits: [sha('1')] }), fix),
    );
    expect(patterns).toMatchObject({
      deployments: { succeeded: 1, failed: 0 },
      byType: { feature: { succeeded: 1, failed: 0 }, fix: { succeeded: 1, failed: 0 } },
      bySize: { small: { succeeded: 1 }, large: { succeeded: 1 } },
      byBatch: { '2-5': { succeeded: 1, failed: 0 } },
      byHour: { '14': { succeeded: 1, failed: 0 } },
      byFlag: {},
    });
  });

  it('S6 learning twice changes nothing, and says the same', () => {
    for (const deployment of [aSuccess(), aRollback(), aDeployment().finished('halted').build()]) {
      const once = learnFrom(after(aSuccess('20260101_000000'), aRollback('20260102_000000')), deployment);
      const twice = learnFrom(once.patterns, deployment);
      expect(twice).toEqual(once);
    }
  });

  it('N6 the whole blame goes to what was chosen alone, not to what it pulled in', () => {
    const { patterns, lessons } = learnFrom(
      nothing,
      aRollback(
        '20260131_142500',
        shipped('turbo'),
        shipped('base', { commits: [sha('1')], pulledIn: true }),
      ),
    );
    expect(patterns.features.map(({ id, deployments }) => [id, deployments[0]?.blame])).toEqual([
      ['turbo', 1],
      ['base', 0],
    ]);
    expect(lessons[0]).toBe(
      '"feat: turbo" was chosen alone, with 1 it needs: this failure is counted as its own (error rate 12.5 % is over 5 %).',
    );
  });

  it('N6 features chosen together share the blame, and a success blames nobody', () => {
    const two = [shipped('a'), fix];
    expect(after(aRollback('20260131_142500', ...two)).features.map((f) => f.deployments[0]?.blame)).toEqual([
      0.5, 0.5,
    ]);
    expect(after(aSuccess('20260131_142500', ...two)).features.map((f) => f.deployments[0]?.blame)).toEqual([
      0, 0,
    ]);
  });

  it('N6 the whole blame goes to the one that the errors were traced to, with what traced it', () => {
    const deployment = aRollback('20260131_142500', shipped('a'), fix, shipped('base', { pulledIn: true }));
    const suspect = { id: fix.id, title: fix.title, stacks: 3, of: 3, evidence: ['3 of 3 stacks'] };
    const found = { kind: 'named' as const, reason: 'Likely', errors: [], unread: [] };
    const learned = (strength: 'strong' | 'medium' | 'weak', kind: 'named' | 'unknown' = 'named') =>
      learnFrom(nothing, {
        ...deployment,
        culprit: { ...found, kind, suspects: [{ ...suspect, strength }] },
      });
    for (const strength of ['strong', 'medium'] as const) {
      const { patterns, lessons, report } = learned(strength);
      expect(patterns.features.map(({ deployments: [one] }) => [one?.blame, one?.evidence])).toEqual([
        [0, undefined],
        [1, '3 of 3 stacks'],
        [0, undefined],
      ]);
      expect(lessons[0]).toBe(`This failure is counted as "${fix.title}"'s alone: 3 of 3 stacks.`);
      expect(learningReportSchema.parse(JSON.parse(report.text)).features.map(({ blame }) => blame)).toEqual([
        0, 1, 0,
      ]);
    }
    for (const [{ patterns, lessons }, share] of [
      [learned('weak'), 0.65],
      [learned('strong', 'unknown'), 0.9],
    ] as const) {
      const [a, suspected, pulledIn] = patterns.features.map(({ deployments: [one] }) => one?.blame);
      expect(suspected).toBeCloseTo(share);
      expect(a).toBeCloseTo(1 - share);
      expect(pulledIn).toBe(0);
      expect(lessons[0]).toContain(`"${fix.title}" bears ${Math.round(share * 100)} % of it`);
    }
  });

  it('knows a feature again by its commits when its id has changed', () => {
    const patterns = after(
      aRollback('20260131_142500', shipped('old-name')),
      aSuccess('20260201_142500', shipped('new-name', { commits: [sha('9'), sha('c')] })),
    );
    expect(patterns.features).toHaveLength(1);
    expect(patterns.features[0]).toMatchObject({
      id: 'new-name',
      deployments: [{ outcome: 'rolled_back' }, { outcome: 'succeeded' }],
    });
  });

  it('M3 every claim carries n and the 90 % interval, before and after', () => {
    const eight = Array.from({ length: 8 }, (_, i) =>
      i < 7 ? aSuccess(`2026010${i + 1}_000000`) : aRollback(`2026010${i + 1}_000000`),
    );
    const { lessons } = learnFrom(after(...eight), aRollback());
    expect(lessons).toContain(
      'All deployments: 7 of 9 succeeded (50–92 %, n=9); before: 7 of 8 (59–97 %, n=8).',
    );
    for (const lesson of lessons.slice(1)) expect(lesson).toMatch(/\d+–\d+ %, n=\d+/);
  });

  it('M5 a failed suite is a lesson and stays with what it tested, not with how production fares', () => {
    const deployment = aDeployment()
      .built()
      .features(shipped('a', { flags: { breaking: false, testsTouched: false } }))
      .suite('unit', 'failed')
      .finished('blocked', 'suite unit failed')
      .build();
    const { patterns, lessons } = learnFrom(nothing, deployment);
    expect(patterns.deployments).toEqual({ succeeded: 0, failed: 0 });
    expect(patterns.byFlag).toEqual({});
    expect(patterns.features[0]?.deployments[0]).toMatchObject({ outcome: 'blocked', blame: 1 });
    expect(lessons).toContain(
      'The unit suite "unit" failed before any user was reached; 1 of the 1 features had touched no test.',
    );
  });

  it.each([
    ['halted', aDeployment().finished('halted', 'stable is unhealthy').build()],
    ['blocked before any test', aDeployment().finished('blocked', 'no approval').build()],
    [
      'failed because the port was in use',
      aDeployment()
        .with((d) => {
          d.failure = { code: 'port-in-use', message: '', hint: '' };
        })
        .finished('failed')
        .build(),
    ],
    [
      'a rollback of its own',
      aDeployment()
        .with((d) => {
          d.kind = 'rollback';
        })
        .finished('succeeded')
        .build(),
    ],
  ])('blames no change for a deployment that was %s', (_, deployment) => {
    const { patterns, lessons, report } = learnFrom(nothing, deployment);
    expect(patterns).toEqual({ ...nothing, learned: [deployment.id] });
    expect(lessons[0]).toMatch(/^Nothing was counted: /);
    expect(JSON.parse(report.text)).toMatchObject({ counted: false, features: [] });
  });

  it('counts a candidate that never became healthy as a failure of its changes', () => {
    const deployment = aDeployment()
      .with((d) => {
        d.failure = { code: 'never-healthy', message: '', hint: '' };
      })
      .finished('failed')
      .build();
    expect(after(deployment).deployments).toEqual({ succeeded: 0, failed: 1 });
  });

  it('M1 writes a report that its schema reads, whatever the titles hold', () => {
    const { report } = learnFrom(
      nothing,
      aRollback('20260131_142500', shipped('a', { title: '"}\n\u001b[31m' })),
    );
    expect(report.name).toBe('learning_report.json');
    const parsed = learningReportSchema.parse(JSON.parse(report.text));
    expect(parsed.patterns.find((row) => row.group === 'type')).toMatchObject({
      key: 'feature',
      before: { n: 0, interval: [0, 1] },
      after: { n: 1, succeeded: 0 },
    });
  });

  it('refuses a deployment that still runs', () => {
    expect(() => learnFrom(nothing, aDeployment().build())).toThrow('nothing to learn yet');
  });

  it('S6 the report tells what is thought of each feature before and after, the same when it is learned again', () => {
    const fix2 = shipped('b', { type: 'fix', commits: [sha('f')] });
    const deployment = aRollback('20260131_142500', shipped('a', { commits: [sha('1')] }), fix2);
    const first = learnFrom(nothing, deployment, opinionAfter);
    const { features } = learningReportSchema.parse(JSON.parse(first.report.text));
    for (const { before, after: now } of features) {
      expect(before).toEqual({ probability: 0.93, bucket: 'recommended' });
      expect(now?.probability).toBeLessThan(0.7);
      expect(now?.bucket).toBe('not_recommended');
    }
    expect(learnFrom(first.patterns, deployment, opinionAfter)).toEqual(first);
  });

  it('S6 a must stays one, and a success makes nobody think worse of it', () => {
    const security = shipped('a', { bucket: 'must' });
    const opinion = (deployment: Deployment) =>
      learningReportSchema.parse(JSON.parse(learnFrom(nothing, deployment, opinionAfter).report.text))
        .features[0];
    expect(opinion(aRollback('20260131_142500', security))?.after?.bucket).toBe('must');
    const well = opinion(aSuccess('20260131_142500', shipped('a')));
    expect(well?.after?.probability).toBeGreaterThan(0.93);
    expect(well?.after?.bucket).toBe('recommended');
    const doubtful = shipped('a', {
      risk: { level: 'high', probability: 0.84, interval: [0.7, 0.9], n: 3, factors: [] },
    });
    const better = opinion(aSuccess('20260131_142500', doubtful))?.after;
    expect(better?.probability).toBeGreaterThan(0.85);
    expect(better?.bucket).toBe('recommended');
  });
});
