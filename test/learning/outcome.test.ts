import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/domain/deployment.ts';
import type { ShippedFeature } from '../../src/domain/event.ts';
import { patternsSchema, type Patterns } from '../../src/domain/memory.ts';
import { sigmoid } from '../../src/domain/risk/online-logistic.ts';
import { outcomeLogit, startOutcomeModel } from '../../src/domain/risk/outcome-model.ts';
import { learnFrom } from '../../src/learning/learn.ts';
import { opinionAfter } from '../../src/planning/assessment/opinion.ts';
import { aDeployment, aRollback, aSuccess, sha, shipped } from '../harness/deployment.ts';

const nothing = patternsSchema.parse({ schema: 'orchestra/patterns@1' });
const after = (...deployments: Deployment[]): Patterns =>
  deployments.reduce((patterns, d) => learnFrom(patterns, d, opinionAfter).patterns, nothing);

const chance = ({ outcome }: Patterns, inputs: Record<string, number>) =>
  sigmoid(outcomeLogit(outcome ?? startOutcomeModel(), inputs));

const judged = (probability: number, inputs: Record<string, number>): ShippedFeature['risk'] => ({
  level: 'low',
  probability,
  interval: [0.5, 1],
  n: 0,
  factors: [],
  inputs,
});
const perf = shipped('perf', { type: 'perf', commits: [sha('1')], risk: judged(0.98, { 'type-perf': 1 }) });
const fix = shipped('fix', { type: 'fix', commits: [sha('2')], risk: judged(0.98, { 'type-fix': 1 }) });

const traced = (d: Deployment, { id, title }: ShippedFeature): Deployment => ({
  ...d,
  culprit: {
    kind: 'named',
    reason: 'Likely',
    suspects: [{ id, title, strength: 'strong', stacks: 3, of: 3, evidence: ['3 of 3 stacks'] }],
    errors: [],
    unread: [],
  },
});

describe('what features teach by how their deployment went', () => {
  it('N6 the kind of the one that the errors were traced to is thought worse of, that of its passengers is not', () => {
    const d = traced(aRollback('20260131_142500', perf, fix), perf);
    const usual = chance(nothing, {});
    const patterns = after(d);
    expect(chance(patterns, { 'type-perf': 1 })).toBeLessThan(usual - 0.02);
    expect(chance(patterns, { 'type-fix': 1 })).toBeGreaterThan(chance(patterns, { 'type-perf': 1 }));
    const untraced = after(aRollback('20260131_142500', perf, fix));
    expect(chance(patterns, { 'type-fix': 1 })).toBeGreaterThan(chance(untraced, { 'type-fix': 1 }));
  });

  it('N6 of those that share a failure the more doubtful one bears more', () => {
    const doubtful = shipped('doubtful', {
      ...fix,
      id: 'doubtful',
      risk: judged(0.8, { 'type-fix': 1, expected: -2.5 }),
    });
    const patterns = after(aRollback('20260131_142500', perf, doubtful));
    expect(chance(patterns, { 'type-fix': 1 })).toBeLessThan(chance(patterns, { 'type-perf': 1 }));
  });

  it('S6 a failure is one failure, however many ship: nine passengers do not make nine of it', () => {
    const many = Array.from({ length: 9 }, (_, i) =>
      shipped(`p${i}`, { ...perf, id: `p${i}`, commits: [sha(String(i))] }),
    );
    const together = after(aRollback('20260131_142500', ...many));
    const alone = after(aRollback('20260131_142500', perf));
    expect(chance(together, { 'type-perf': 1 })).toBeGreaterThan(chance(alone, { 'type-perf': 1 }));
  });

  it('what a suite stopped counts half, and says nothing of how deployments fare', () => {
    const stopped = aDeployment('20260131_142500')
      .built()
      .features(perf)
      .suite('unit', 'failed')
      .finished('blocked', 'suite unit failed')
      .build();
    const patterns = after(stopped);
    const usual = chance(nothing, {});
    const half = usual - chance(patterns, { 'type-perf': 1 });
    const whole = usual - chance(after(aRollback('20260131_142500', perf)), { 'type-perf': 1 });
    expect(half).toBeGreaterThan(0);
    expect(half).toBeLessThan(0.6 * whole);
    expect(patterns.together).toBeUndefined();
  });

  it('D7 a whole deployment is recalibrated by how deployments went', () => {
    const three = Array.from({ length: 3 }, (_, i) => aRollback(`2026013${i}_142500`, perf, fix));
    expect(after(...three).together?.logistic.n).toBe(3);
    expect(after(aDeployment().finished('blocked', 'no approval').build()).together).toBeUndefined();
  });

  it('learns from journals of before inputs were kept by what the features are and what was shown', () => {
    const old = shipped('old', { type: 'perf', flags: { breaking: false, testsTouched: false } });
    const patterns = after(aRollback('20260131_142500', old));
    expect(chance(patterns, { 'type-perf': 1, 'no-tests': 1 })).toBeLessThan(
      chance(patterns, { 'type-fix': 1 }),
    );
  });

  it('a deployment that nothing is counted of leaves the models as they are', () => {
    const before = after(aSuccess('20260101_000000', perf));
    const { patterns } = learnFrom(before, aDeployment().finished('blocked', 'no approval').build());
    expect(patterns.outcome).toEqual(before.outcome);
    expect(patterns.together).toEqual(before.together);
  });

  it('S6 learning a deployment again, even after others, changes no byte and says the same of its features', () => {
    const first = aRollback('20260131_142500', perf, fix);
    const once = learnFrom(nothing, first, opinionAfter);
    const later = learnFrom(once.patterns, aSuccess('20260201_142500', fix), opinionAfter).patterns;
    const again = learnFrom(later, first, opinionAfter);
    expect(JSON.stringify(again.patterns)).toBe(JSON.stringify(later));
    const features = (text: string) => (JSON.parse(text) as { features: unknown[] }).features;
    expect(features(again.report.text)).toEqual(features(once.report.text));
  });

  it('M1 clock jumps, hostile texts and inputs leave models that can be read again', () => {
    const hostile = shipped('x', {
      title: '__proto__',
      risk: {
        ...judged(0, {}),
        inputs: JSON.parse(
          '{"__proto__": 1, "constructor": 5, "lines": 1e308, "type-__proto__": 1}',
        ) as Record<string, number>,
      },
    });
    const jumps = ['1970-01-01T00:00:00.000Z', '2099-12-31T23:59:59.000Z', 'no time at all'].map(
      (requestedAt, i) => ({
        ...(i % 2 === 0 ? aRollback : aSuccess)(`2026010${i}_000000`, hostile, fix),
        requestedAt,
      }),
    );
    const patterns = after(...jumps);
    const text = JSON.stringify(patterns);
    expect(patternsSchema.parse(JSON.parse(text))).toEqual(JSON.parse(text));
    expect(chance(patterns, { 'type-fix': 1 })).toBeGreaterThan(0);
  });

  it('M1 a model that somebody changed by hand is left out, and the rest is read', () => {
    const patterns = after(aSuccess('20260101_000000', perf));
    const changed = JSON.parse(JSON.stringify(patterns)) as Record<string, unknown>;
    for (const outcome of [
      'better',
      { inputs: ['any'], logistic: { mean: [1], covariance: [1], n: 1 } },
      { ...patterns.outcome, logistic: { mean: null } },
    ]) {
      const read = patternsSchema.parse({ ...changed, outcome });
      expect(read.outcome).toBeUndefined();
      expect(read.deployments).toEqual(patterns.deployments);
    }
  });

  it('stays bounded however many deployments there were', () => {
    let patterns = nothing;
    for (let i = 0; i < 600; i += 1)
      patterns = learnFrom(
        patterns,
        (i % 5 === 0 ? aRollback : aSuccess)(`20260101_${String(i).padStart(6, '0')}`, perf, fix),
      ).patterns;
    expect(patterns.learned).toHaveLength(500);
    expect(JSON.stringify(patterns.outcome).length).toBeLessThan(16_000);
    expect(JSON.stringify(patterns.together).length).toBeLessThan(1000);
  });
});
