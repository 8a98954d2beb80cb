import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from '../../src/domain/nearest.ts';

describe('nearest', () => {
  it.each([
    ['strategey', 'strategy'],
    ['Strategy', 'strategy'],
    ['stragety', 'strategy'],
    ['prot', 'port'],
    ['cannary', 'canary'],
  ])('takes %s for %s', (typed, meant) => {
    expect(nearest(typed, ['platform', 'port', 'host', 'strategy', 'canary'])).toBe(meant);
  });

  it('suggests nothing when no name is near', () => {
    expect(nearest('kubernetes', ['port', 'host', 'strategy'])).toBeUndefined();
    expect(nearest('', ['port'])).toBeUndefined();
  });

  it('counts a swap of two letters as one edit', () => {
    expect(editDistance('ab', 'ba')).toBe(1);
    expect(editDistance('', 'abc')).toBe(3);
    expect(editDistance('kitten', 'sitting')).toBe(3);
  });
});
