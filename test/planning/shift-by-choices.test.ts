import { afterEach, describe, expect, it } from 'vitest';
import type { Bucket, Feature } from '../../src/domain/feature.ts';
import { preferencesSchema, type Patterns } from '../../src/domain/memory.ts';
import { Needs } from '../../src/planning/assessment/needs.ts';
import { shiftByChoices } from '../../src/planning/assessment/shift-by-choices.ts';
import { chosenFrom, learnedFrom } from '../harness/choices.ts';
import { feature } from '../harness/features.ts';
import { discoverIn, emptyPatterns } from '../harness/planning.ts';
import { removeRepositories, repo } from '../harness/repository.ts';

afterEach(removeRepositories);

const chore = (id: string, bucket: Bucket, part: Partial<Feature> = {}) =>
  feature(id, { type: 'chore', title: `chore: ${id}`, files: [], bucket, reason: 'Safe.', ...part });

/** Patterns of a team that, on eight days, did so with a chore that stood in `bucket`. */
const habit = (bucket: 'recommended' | 'optional', taken: boolean, badly = false): Patterns =>
  learnedFrom(
    Array.from({ length: 8 }, (_, n) =>
      chosenFrom(n, [feature(`f${n}`, { files: [] }), chore(`c${n}`, bucket)], {
        take: taken ? [`f${n}`, `c${n}`] : [`f${n}`],
        well: !(badly && n === 7),
      }),
    ),
  );
const leavesChores = habit('recommended', false);
const takesChores = habit('optional', true);

const shifted = (patterns: Patterns, features: Feature[], stays: readonly string[] = []) => {
  const copies = structuredClone(features);
  shiftByChoices(patterns)(copies, new Needs(copies), (id) => stays.includes(id))();
  return copies;
};
const buckets = (features: readonly Feature[]) => features.map(({ bucket }) => bucket);
const needs = (id: string) => [{ id, because: [{ kind: 'line' as const }] }];

describe('M6 advice that follows what people chose', () => {
  it('moves what is left out to optional, and says why with its numbers', () => {
    const [one] = shifted(leavesChores, [chore('a', 'recommended')]);
    expect(one).toMatchObject({
      bucket: 'optional',
      reason: 'Moved to optional: you left out 8 of 8 chore changes (75–100 %). Safe.',
      shifted: { from: 'recommended', kind: 'type', key: 'chore' },
    });
  });

  it('moves what is taken along to recommended', () => {
    const [one] = shifted(takesChores, [chore('a', 'optional')]);
    expect(one?.reason).toBe('Moved to recommended: you took 8 of 8 chore changes (75–100 %). Safe.');
  });

  it('changes no probability', () => {
    const before = [chore('a', 'optional'), chore('b', 'recommended')];
    for (const patterns of [takesChores, leavesChores])
      expect(shifted(patterns, before).map(({ risk }) => risk)).toEqual(before.map(({ risk }) => risk));
  });

  it('never moves into must, out of it, or anything that is not recommended', () => {
    const all = [chore('a', 'must'), chore('b', 'not_recommended'), chore('c', 'optional', { onBase: true })];
    for (const patterns of [takesChores, leavesChores]) expect(shifted(patterns, all)).toEqual(all);
  });

  it.each([
    ['a schema change', { schema: { kind: 'sql', destructive: true, paths: [] } }],
    ['a breaking change', { breaking: true }],
    ['a breaking API', { api: { breaking: true, paths: [] } }],
  ])('never moves up %s', (_, flags) => {
    const one = chore('a', 'optional', { flags: { breaking: false, testsTouched: true, ...flags } });
    expect(shifted(takesChores, [one])).toEqual([one]);
  });

  it('never moves what was taken back, or what stands back for its past', () => {
    const back = chore('a', 'optional', { takenBackIn: '20260101_000000' });
    expect(shifted(takesChores, [back])).toEqual([back]);
    const stays = chore('a', 'optional');
    expect(shifted(takesChores, [stays], ['a'])).toEqual([stays]);
  });

  it('moves nothing up past what it cannot ship without', () => {
    const all = [
      chore('base', 'not_recommended'),
      chore('on-it', 'optional', { dependsOn: needs('base') }),
      chore('first', 'optional'),
      chore('second', 'optional', { dependsOn: needs('first') }),
    ];
    expect(buckets(shifted(takesChores, all))).toEqual([
      'not_recommended',
      'optional',
      'recommended',
      'recommended',
    ]);
  });

  it('moves nothing down that a recommended change needs', () => {
    const all = [
      chore('base', 'recommended'),
      feature('on-it', { files: [], dependsOn: needs('base') }),
      chore('first', 'recommended'),
      chore('second', 'recommended', { dependsOn: needs('first') }),
    ];
    expect(buckets(shifted(leavesChores, all))).toEqual([
      'recommended',
      'recommended',
      'optional',
      'optional',
    ]);
  });

  it('is taken back when what was taken along failed', () => {
    const one = chore('a', 'optional');
    expect(shifted(habit('optional', true, true), [one])).toEqual([one]);
  });

  it('moves nothing where nobody chose, or too few did', () => {
    const all = [chore('a', 'optional'), chore('b', 'recommended')];
    expect(shifted(emptyPatterns(), all)).toEqual(all);
  });
});

describe('M6 advice of a whole discovery', () => {
  const waiting = () =>
    repo()
      .commit('chore: start', { files: { 'a.txt': '1\n' } })
      .branch('dev')
      .commit('feat: baskets (#1)', { files: { 'basket.js': '1\n', 'basket.test.js': '1\n' } })
      .commit('chore: tidy (#2)', { files: { 'tidy.js': '1\n', 'tidy.test.js': '1\n' } })
      .commit('chore: sweep (#3)', { files: { 'sweep.js': '1\n', 'sweep.test.js': '1\n' } });

  it('is moved by choices of before, and by nothing once they are cleared', async () => {
    const before = await discoverIn(waiting());
    expect(buckets(before.features)).toEqual(['recommended', 'optional', 'optional']);
    const after = await discoverIn(waiting(), {
      patterns: { ...emptyPatterns(), chosen: takesChores.chosen },
    });
    expect(buckets(after.features)).toEqual(['recommended', 'recommended', 'recommended']);
    expect(after.features.map(({ risk }) => risk)).toEqual(before.features.map(({ risk }) => risk));
    expect(after.features[1]?.reason).toMatch(
      /^Moved to recommended: you took 8 of 8 chore changes \(75–100 %\)\. Low priority \(chore\)/u,
    );
  });

  it('D8 keeps within the limit: what does not fit stands where it stood, for its own reason', async () => {
    const preferences = preferencesSchema.parse({
      schema: 'orchestra/config@2',
      user_preferences: { max_features_per_deployment: 2 },
    });
    const { features } = await discoverIn(waiting(), {
      patterns: { ...emptyPatterns(), chosen: takesChores.chosen },
      preferences,
    });
    expect(buckets(features).filter((bucket) => bucket === 'recommended')).toHaveLength(2);
    const left = features.find(({ bucket }) => bucket === 'optional');
    expect(left?.reason).not.toMatch(/^Moved/u);
    expect(left?.shifted).toBeUndefined();
  });
});
