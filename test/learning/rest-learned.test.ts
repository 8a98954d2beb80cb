import { describe, expect, it } from 'vitest';
import type { Deployment } from '../../src/domain/deployment.ts';
import type { ShippedFeature } from '../../src/domain/event.ts';
import { patternsSchema, type Patterns } from '../../src/domain/memory.ts';
import type { LeftOut } from '../../src/domain/rest-of.ts';
import { learnFrom } from '../../src/learning/learn.ts';
import { aRollback, aSuccess, sha, shipped } from '../harness/deployment.ts';

const nothing = patternsSchema.parse({ schema: 'orchestra/patterns@1' });
const features = ['a', 'b', 'c', 'd'].map((id, i) => shipped(id, { commits: [sha(String(i))] }));
const [failed, rest] = ['20260131_142500', '20260201_100000'];

/** The rest of the failure: all but `without`, gone well. */
function restOf(without: readonly string[], over: Partial<Deployment> = {}): Deployment {
  const shippedNow: ShippedFeature[] = features.filter(({ id }) => !without.includes(id));
  const left = features
    .filter(({ id }) => without.includes(id))
    .map(({ id, title }): LeftOut => ({ id, title, kind: 'asked', why: 'it was left out' }));
  return { ...aSuccess(rest, ...shippedNow), restOf: { deployment: failed, without: left }, ...over };
}

const learned = (...deployments: Deployment[]): Patterns =>
  deployments.reduce((patterns, deployment) => learnFrom(patterns, deployment).patterns, nothing);
const blames = ({ features: known }: Patterns) =>
  Object.fromEntries(known.map(({ id, deployments }) => [id, deployments[0]?.blame ?? -1]));

describe('N6 what the rest says of the failure before it', () => {
  it('its success moves the blame from those that shipped to the one that was left out', () => {
    const patterns = learned(aRollback(failed, ...features), restOf(['c']));
    const after = blames(patterns);
    expect(after['c']).toBeCloseTo(1 / 1.3);
    for (const id of ['a', 'b', 'd']) expect(after[id]).toBeCloseTo(0.1 / 1.3);
    expect(Object.values(after).reduce((total, one) => total + one, 0)).toBeCloseTo(1);
  });

  it('keeps what stood there before, and why it changed', () => {
    const { features: known } = learned(aRollback(failed, ...features), restOf(['c']));
    const entry = (id: string) => known.find((one) => one.id === id)?.deployments[0];
    expect(entry('c')).toMatchObject({
      evidence: `the other 3 shipped well without it in ${rest}`,
      since: [{ deployment: rest, before: 0.25, why: `the other 3 shipped well without it in ${rest}` }],
    });
    expect(entry('a')).toMatchObject({
      since: [{ before: 0.25, why: expect.stringContaining('shipped well') }],
    });
  });

  it('says it in a sentence, the same when it is learned again, and learning again changes nothing', () => {
    const before = learned(aRollback(failed, ...features));
    const once = learnFrom(before, restOf(['c']));
    expect(once.lessons[0]).toBe(
      `The rest of ${failed} went well without what was left out. Of that failure "feat: c" bears 77 % now (25 % before); 3 features that shipped now bear 23 % instead of 75 %.`,
    );
    expect(learnFrom(once.patterns, restOf(['c']))).toEqual(once);
    const forgotten = { ...once.patterns, learned: [] };
    expect(blames(learnFrom(forgotten, restOf(['c'])).patterns)).toEqual(blames(once.patterns));
  });

  it('a suspect that bore all of it still does, with more evidence', () => {
    const suspect = {
      id: 'c',
      title: 'feat: c',
      strength: 'strong',
      stacks: 3,
      of: 3,
      evidence: ['3 of 3'],
    } as const;
    const found = { kind: 'named', reason: 'Likely', suspects: [suspect], errors: [], unread: [] } as const;
    const back: Deployment = {
      ...aRollback(failed, ...features),
      culprit: { ...found, suspects: [{ ...suspect, evidence: ['3 of 3'] }], errors: [], unread: [] },
    };
    const { patterns, lessons } = learnFrom(learned(back), restOf(['c']));
    expect(blames(patterns)).toEqual({ a: 0, b: 0, c: 1, d: 0 });
    expect(patterns.features.find(({ id }) => id === 'c')?.deployments[0]?.evidence).toBe(
      `3 of 3; the other 3 shipped well without it in ${rest}`,
    );
    expect(lessons[0]).toContain('"feat: c" still bears 100 %');
  });

  it('a rest that failed too, or whose failure is not known, moves nothing', () => {
    const before = learned(aRollback(failed, ...features));
    const again = { ...aRollback(rest, ...features.slice(0, 2)), restOf: restOf(['c', 'd']).restOf };
    const failure = learnFrom(before, again).patterns.features.map(({ deployments }) =>
      deployments.find(({ deployment }) => deployment === failed),
    );
    for (const entry of failure) expect(entry).toMatchObject({ blame: 0.25 });
    expect(learnFrom(nothing, restOf(['c'])).lessons[0]).not.toContain('The rest of');
    const none = restOf([]);
    expect(blames(learnFrom(before, none).patterns)).toEqual({ a: 0.25, b: 0.25, c: 0.25, d: 0.25 });
  });
});
