import { describe, expect, it } from 'vitest';
import { adviceIn, kindsOf } from '../../src/domain/choices-advice.ts';
import { adviceSchema } from '../../src/domain/choices.ts';
import { feature } from '../harness/features.ts';

const changed = (path: string) => ({ path, status: 'modified' as const, additions: 1, deletions: 0 });
const ids = (...names: string[]) => new Set(names);

describe('what was advised, and whether it was taken', () => {
  it('M6 tells of each waiting change where it stood and whether it was chosen', () => {
    const features = [
      feature('a', { bucket: 'must' }),
      feature('b'),
      feature('c', { bucket: 'optional', type: 'chore' }),
      feature('d', { bucket: 'not_recommended' }),
    ];
    const advice = adviceIn(features, { way: 'picked', chosen: ids('a', 'c'), ships: ids('a', 'c') });
    expect(adviceSchema.parse(advice)).toEqual(advice);
    expect(advice.features.map(({ id, bucket, taken }) => [id, bucket, taken])).toEqual([
      ['a', 'must', true],
      ['b', 'recommended', false],
      ['c', 'optional', true],
      ['d', 'not_recommended', false],
    ]);
    // a was advised and chosen; b only advised, c only chosen; d neither.
    expect([advice.agreed, advice.of]).toEqual([1, 3]);
  });

  it('M6 what only came along, and what the base holds, was nobody’s choice', () => {
    const features = [
      feature('a'),
      feature('needed', { bucket: 'optional' }),
      feature('old', { onBase: true }),
    ];
    const advice = adviceIn(features, { way: 'picked', chosen: ids('a'), ships: ids('a', 'needed') });
    expect(advice.features.map(({ id }) => id)).toEqual(['a']);
  });

  it('M6 a change that choices moved is told by where it stood by itself', () => {
    const shifted = { kind: 'type', key: 'chore' } as const;
    const features = [
      feature('up', { bucket: 'recommended', shifted: { ...shifted, from: 'optional' } }),
      feature('down', { bucket: 'optional', shifted: { ...shifted, from: 'recommended' } }),
    ];
    const advice = adviceIn(features, { way: 'picked', chosen: ids('up'), ships: ids('up') });
    expect(advice.features.map(({ bucket, moved }) => [bucket, moved])).toEqual([
      ['optional', 'up'],
      ['recommended', 'down'],
    ]);
  });

  it('M6 stays small whatever waits, without looking at what was chosen', () => {
    const features = Array.from({ length: 10_000 }, (_, i) =>
      feature(`f${i}`, { bucket: i % 2 === 0 ? 'recommended' : 'optional' }),
    );
    const taken = new Set(features.slice(0, 100).map(({ id }) => id));
    const advice = adviceIn(features, { way: 'picked', chosen: taken, ships: taken });
    const none = adviceIn(features, { way: 'picked', chosen: ids(), ships: ids() });
    expect(advice.features.map(({ id }) => id)).toEqual(none.features.map(({ id }) => id));
    expect(advice.features).toHaveLength(120);
    expect(advice.features.at(-1)?.id).toBe('f9999');
    // The agreement counts them all: 5,000 recommended and 50 optional ones that were chosen.
    expect([advice.agreed, advice.of]).toEqual([50, 5050]);
    expect(JSON.stringify(advice).length).toBeLessThan(32_000);
  });
});

describe('the kinds of a change', () => {
  it('M6 its area is its scope, else the one folder of its files', () => {
    const area = (title: string, ...paths: string[]) =>
      kindsOf(feature('a', { title, files: paths.map(changed) })).area;
    expect(area('feat(Cart): words', 'src/x.ts')).toBe('cart');
    expect(area('feat: words', 'web/a.ts', 'web/b/c.ts', 'README.md')).toBe('web');
    expect(area('feat: words', 'web/a.ts', 'api/b.ts')).toBeUndefined();
    expect(area('feat: words', 'top.ts')).toBeUndefined();
    expect(area('feat: words', `${'x'.repeat(200)}/a.ts`)).toBeUndefined();
    expect(area('feat: words', '__proto__/a.ts')).toBe('__proto__');
  });
});
