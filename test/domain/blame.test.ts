import { describe, expect, it } from 'vitest';
import { blameOf } from '../../src/domain/blame.ts';
import type { Culprit, Strength, Suspect } from '../../src/domain/culprit.ts';

const features = ['a', 'b', 'c', 'd'].map((id) => ({ id, pulledIn: id === 'd' }));

function culprit(
  kind: Culprit['kind'],
  ...suspects: [id: string, Strength, stacks: number, of: number][]
): Culprit {
  return {
    kind,
    reason: '',
    suspects: suspects.map(([id, strength, stacks, of]): Suspect => {
      return { id, title: id, strength, stacks, of, evidence: [] };
    }),
    errors: [],
    unread: [],
  };
}

const shares = (found?: Culprit) => [...blameOf(features, false, found).values()];
const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0);

describe('N6 who bears how much of a failure', () => {
  it('a likely or probable suspect bears all of it, and no passenger any', () => {
    for (const strength of ['strong', 'medium'] as const)
      expect(shares(culprit('named', ['b', strength, 3, 3]))).toEqual([0, 1, 0, 0]);
  });

  it('without evidence those that were chosen share it, and what they pulled in bears nothing', () => {
    const equal = [1 / 3, 1 / 3, 1 / 3, 0];
    expect(shares()).toEqual(equal);
    expect(shares(culprit('unknown'))).toEqual(equal);
  });

  it('weak evidence makes its suspect bear more than any other, and the others share the rest', () => {
    const [a = 0, b = 0, c = 0, d = 0] = shares(culprit('named', ['b', 'weak', 0, 0]));
    expect(b).toBeCloseTo(0.3 + 0.7 / 3);
    expect(a).toBeCloseTo(0.7 / 3);
    expect([c, d]).toEqual([a, 0]);
  });

  it('several suspects bear by their part of the stacks, also one that was pulled in', () => {
    const found = shares(culprit('unknown', ['a', 'strong', 2, 5], ['d', 'strong', 1, 5]));
    const [a = 0, b = 0, c = 0, d = 0] = found;
    expect(a - b).toBeCloseTo(0.32);
    expect(d).toBeCloseTo(0.16);
    expect(b).toBe(c);
    expect(sum(found)).toBeCloseTo(1);
  });

  it('is a share whatever stands in the record', () => {
    const odd: [string, Strength, number, number][] = [
      ['a', 'strong', 1e308, 1],
      ['b', 'medium', -5, 0],
      ['nobody', 'strong', 9, 9],
      ['a', 'strong', 7, 7],
    ];
    const found = shares(culprit('unknown', ...odd));
    for (const share of found) expect(share).toBeGreaterThanOrEqual(0);
    expect(sum(found)).toBeLessThanOrEqual(1.000001);
    expect(blameOf([], false, culprit('unknown', ...odd))).toEqual(new Map());
  });

  it('a success blames nobody', () => {
    expect([...blameOf(features, true, culprit('named', ['b', 'strong', 3, 3])).values()]).toEqual([
      0, 0, 0, 0,
    ]);
  });
});
