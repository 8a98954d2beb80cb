import { describe, expect, it } from 'vitest';
import { forgotten } from '../../src/domain/choices-memory.ts';
import { leaningLine, leaningsOf, leaningWords } from '../../src/domain/choices-leanings.ts';
import { factsOf } from '../../src/domain/deployment-facts.ts';
import { patternsSchema } from '../../src/domain/memory.ts';
import { learnFrom } from '../../src/learning/learn.ts';
import { chosenFrom, learnedFrom } from '../harness/choices.ts';
import { feature } from '../harness/features.ts';
import { emptyPatterns } from '../harness/planning.ts';

/** A day's waiting changes: a feature that is taken, and a chore that stands in `bucket`. */
const day = (n: number, bucket: 'recommended' | 'optional' = 'recommended') => [
  feature(`feature-${n}`, { files: [] }),
  feature(`chore-${n}`, { type: 'chore', title: `chore: ${n}`, bucket, files: [] }),
];
/** Chores are left out on these days, and taken on those. */
const leaving = (days: number, taken: readonly number[] = []) =>
  Array.from({ length: days }, (_, n) =>
    chosenFrom(n, day(n), { take: taken.includes(n) ? [`feature-${n}`, `chore-${n}`] : [`feature-${n}`] }),
  );
const taking = (days: number, badly: readonly number[] = []) =>
  Array.from({ length: days }, (_, n) =>
    chosenFrom(n, day(n, 'optional'), {
      take: [`feature-${n}`, `chore-${n}`],
      well: !badly.includes(n),
    }),
  );
const moving = (patterns: ReturnType<typeof emptyPatterns>) =>
  leaningsOf(patterns).filter(({ state }) => state === 'moves');

describe('M6 what people choose against the advice', () => {
  it('is said with how many and the 90 % interval', () => {
    const [only, ...rest] = moving(learnedFrom(leaving(8, [3])));
    expect(rest).toEqual([]);
    expect(only && leaningWords(only)).toBe('you left out 7 of 8 chore changes (59–97 %)');
  });

  it('says that it is not enough history before five changes in three deployments', () => {
    expect(moving(learnedFrom(leaving(4)))).toEqual([]);
    expect(moving(learnedFrom(leaving(5)))).toHaveLength(1);
    const many = Array.from({ length: 6 }, (_, i) =>
      feature(`chore-${i}`, { type: 'chore', title: 'chore: x', files: [] }),
    );
    const once = learnedFrom([chosenFrom(0, [...many, feature('a')], { take: ['a'] })]);
    expect(moving(once)).toEqual([]);
    expect(leaningsOf(once).map(leaningLine)).toContain(
      'you left out 6 of 6 chore changes (69–100 %): not enough history (5 changes in 3 deployments)',
    );
  });

  it('a change that waits for weeks counts once, as it was decided last', () => {
    const waits = (n: number) => [feature('old', { type: 'chore', title: 'chore: old' }), feature(`f${n}`)];
    const patterns = learnedFrom(
      Array.from({ length: 20 }, (_, n) => chosenFrom(n, waits(n), { take: [`f${n}`] })),
    );
    expect(moving(patterns)).toEqual([]);
    expect(leaningsOf(patterns).find(({ key }) => key === 'chore')).toMatchObject({ count: 1, n: 1 });
    const taken = learnFrom(patterns, chosenFrom(20, waits(20), { take: ['old'] })).patterns;
    expect(leaningsOf(taken).find(({ key }) => key === 'chore')).toBeUndefined();
  });

  it('what waits through three deployments and is left each time is a habit, not a whim', () => {
    const five = Array.from({ length: 5 }, (_, i) =>
      feature(`chore-${i}`, { type: 'chore', title: 'chore: x', files: [] }),
    );
    const days = [0, 1, 2].map((n) => chosenFrom(n, [...five, feature(`f${n}`)], { take: [`f${n}`] }));
    expect(moving(learnedFrom(days.slice(0, 2)))).toEqual([]);
    expect(moving(learnedFrom(days))).toMatchObject([{ key: 'chore', count: 5, n: 5 }]);
  });

  it('the plainest kind explains it: small changes are not blamed for what chores are', () => {
    expect(moving(learnedFrom(leaving(12))).map(({ kind, key }) => [kind, key])).toEqual([['type', 'chore']]);
  });

  it('a changed mind is followed within a few deployments', () => {
    const left = leaving(10);
    const after = (days: number) =>
      Array.from({ length: days }, (_, i) =>
        chosenFrom(10 + i, day(10 + i), { take: [`feature-${10 + i}`, `chore-${10 + i}`] }),
      );
    expect(moving(learnedFrom([...left, ...after(2)]))).toHaveLength(1);
    expect(moving(learnedFrom([...left, ...after(6)]))).toEqual([]);
  });

  it('is forgotten when fifty deployments went by without it', () => {
    const plain = Array.from({ length: 50 }, (_, i) =>
      chosenFrom(10 + i, [feature(`g${i}`)], { take: [`g${i}`] }),
    );
    const patterns = learnedFrom([...leaving(10), ...plain]);
    expect(moving(patterns)).toEqual([]);
    expect(patterns.chosen?.decisions.some(({ type }) => type === 'chore')).toBe(false);
  });

  it('who follows advice that was moved says nothing new, who goes against it does', () => {
    const moved = (n: number) => [
      feature(`feature-${n}`, { files: [] }),
      feature(`chore-${n}`, {
        type: 'chore',
        title: 'chore: x',
        files: [],
        bucket: 'optional',
        shifted: { from: 'recommended', kind: 'type', key: 'chore' },
      }),
    ];
    const before = learnedFrom(leaving(6));
    const follows = learnedFrom([chosenFrom(6, moved(6), { take: ['feature-6'] })], before);
    expect(moving(follows)).toMatchObject([{ count: 6, n: 6 }]);
    const against = learnedFrom(
      [6, 7, 8, 9].map((n) => chosenFrom(n, moved(n), { take: [`feature-${n}`, `chore-${n}`] })),
      before,
    );
    expect(leaningsOf(against).find(({ key }) => key === 'chore')).toMatchObject({ count: 6, n: 10 });
    expect(moving(against)).toEqual([]);
  });

  it('learning twice changes nothing, and an order of ends gives the same again', () => {
    const all = leaving(9, [2]);
    const once = learnedFrom(all);
    expect(all.reduce((patterns, one) => learnFrom(patterns, one).patterns, once)).toEqual(once);
    expect(JSON.stringify(learnedFrom(all))).toBe(JSON.stringify(once));
    expect(patternsSchema.parse(JSON.parse(JSON.stringify(once)))).toEqual(once);
  });

  it.each([
    ['only what is critical', { way: 'critical' as const }],
    ['everything', { way: 'all' as const }],
    ['an agent', { by: { name: 'bot', face: 'cli' as const, kind: 'agent' as const } }],
    ['a pipeline', { by: { name: 'ci', face: 'cli' as const, kind: 'ci' as const } }],
  ])('%s teaches nothing of single changes', (_, how) => {
    const all = Array.from({ length: 8 }, (__, n) =>
      chosenFrom(n, day(n), { take: [`feature-${n}`], ...how }),
    );
    expect(learnedFrom(all).chosen).toBeUndefined();
  });

  it('an emergency, and a merge that is followed, teach nothing', () => {
    const all = leaving(8);
    for (const one of all.slice(0, 4)) one.plan.emergency = 'it burns';
    for (const one of all.slice(4)) one.trigger = { kind: 'merge' };
    expect(learnedFrom(all).chosen).toBeUndefined();
  });

  it('N6 what ships as the rest of an earlier deployment was chosen then, and teaches nothing again', () => {
    const rest = leaving(8).map((one) => ({
      ...one,
      restOf: { deployment: '20260101_000000', without: [] },
    }));
    expect(learnedFrom(rest).chosen).toBeUndefined();
    expect(rest.map(factsOf).map((facts) => facts?.agreement)).toEqual(rest.map(() => undefined));
  });

  it('is learned from a deployment that failed for its set-up too: the choice was made all the same', () => {
    const all = leaving(6).map((one) => ({
      ...one,
      status: { kind: 'concluding' as const, outcome: 'blocked' as const, reason: 'a gate' },
    }));
    expect(moving(learnedFrom(all))).toHaveLength(1);
  });

  it('tells by bucket how many changes were taken, each once', () => {
    expect(learnedFrom(leaving(8, [3])).choices).toEqual({ recommended: { taken: 9, left: 7 } });
  });

  it('is gone once it was cleared, also for a deployment that had begun before', () => {
    const all = leaving(8);
    const cleared = { ...learnedFrom(all.slice(0, 6)), ...forgotten(all[7]?.requestedAt ?? '') };
    expect(leaningsOf(cleared)).toEqual([]);
    expect(cleared.choices).toEqual({});
    const late = all[6];
    const next = all[7];
    expect(late && learnFrom(cleared, late).patterns.chosen?.decisions).toEqual([]);
    expect(next && learnFrom(cleared, next).patterns.chosen?.decisions).toHaveLength(2);
  });
});

describe('M6 what is taken along against the advice', () => {
  it('moves its kind up once it is a habit that went well', () => {
    const [only] = moving(learnedFrom(taking(6)));
    expect(only && leaningWords(only)).toBe('you took 6 of 6 chore changes (69–100 %)');
    expect(only).toMatchObject({ direction: 'up', kind: 'type', key: 'chore' });
  });

  it('is taken back by a failure of its own, until the same was chosen anew', () => {
    const failed = learnedFrom(taking(7, [6]));
    expect(moving(failed)).toEqual([]);
    expect(leaningsOf(failed).map(leaningLine)).toContain(
      'you took 0 of 0 chore changes since chore-6 was taken along and failed in 20260107_100000: not enough history (5 changes in 3 deployments)',
    );
    expect(moving(learnedFrom(taking(12, [6])))).toMatchObject([
      { count: 5, n: 5, failed: { id: 'chore-6' } },
    ]);
  });

  it('a passenger of somebody else’s failure is not held to be at fault', () => {
    const all = taking(7);
    const last = chosenFrom(6, day(6, 'optional'), { take: ['chore-6', 'feature-6'], well: false });
    expect(moving(learnedFrom([...all.slice(0, 6), last]))).toMatchObject([{ count: 7, n: 7 }]);
  });
});

describe('M6 choices that were edited by hand', () => {
  const decision = {
    id: 'x',
    type: 'chore',
    size: 'small',
    flags: [],
    bucket: 'recommended',
    taken: false,
    deployment: 'd1',
    times: 1,
  } as const;
  const edited = (chosen: object) => patternsSchema.parse({ ...emptyPatterns(), chosen });

  it('a change that stands there a hundred times counts once', () => {
    const patterns = edited({
      deployments: ['d1', 'd2', 'd3'],
      decisions: Array.from({ length: 100 }, (_, i) => ({ ...decision, deployment: `d${(i % 3) + 1}` })),
    });
    expect(moving(patterns)).toEqual([]);
    expect(leaningsOf(patterns)[0]).toMatchObject({ count: 1, n: 1 });
  });

  it('names of prototypes are names', () => {
    const patterns = edited({
      deployments: ['d1', 'd2', 'd3'],
      decisions: Array.from({ length: 9 }, (_, i) => ({
        ...decision,
        id: i === 0 ? '__proto__' : `c${i}`,
        type: 'feature',
        area: i === 0 ? 'constructor' : '__proto__',
        flags: ['toString'],
        deployment: `d${(i % 3) + 1}`,
      })),
    });
    expect(moving(patterns)).toMatchObject([{ kind: 'type', key: 'feature', count: 9, n: 9 }]);
  });

  it('a million decisions are looked at no further than the newest', () => {
    const many = Array.from({ length: 200_000 }, (_, i) => ({ ...decision, id: `c${i}` }));
    expect(leaningsOf(edited({ deployments: ['d1'], decisions: many }))[0]).toMatchObject({ n: 20 });
  });

  it.each([
    ['a count that is no number', { decisions: [{ ...decision, times: Number.NaN }] }],
    ['a negative count', { decisions: [{ ...decision, times: -3 }] }],
    ['an endless count', { decisions: [{ ...decision, times: 1e308 }] }],
    ['a bucket that is none', { decisions: [{ ...decision, bucket: 'always' }] }],
    ['a time that is none', { since: 'yesterday' }],
  ])('%s is refused', (_, chosen) => {
    expect(() => edited(chosen)).toThrow();
  });
});
