import { describe, expect, it } from 'vitest';
import { environmentOf, isPlaceKey } from '../../src/domain/place-key.ts';

describe('the key of a place', () => {
  it.each(['production', 'production.api', 'pre-prod.eu_1.api'])('%s is a folder’s name', (key) => {
    expect(isPlaceKey(key)).toBe(true);
  });

  it.each(['', '.', '..', 'a..b', '.a', 'a.', 'a.b.c.d', 'a/b', 'a.B', 'a\n', 'a.-b'])(
    '%j is none',
    (key) => {
      expect(isPlaceKey(key)).toBe(false);
    },
  );

  it('begins with its environment, whose name has no dot', () => {
    expect(['production', 'production.eu.api'].map(environmentOf)).toEqual(['production', 'production']);
  });
});
