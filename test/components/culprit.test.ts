import { describe, expect, it } from 'vitest';
import { culpritLines } from '../../components/culprit-text.ts';
import type { Culprit } from '../../src/domain/culprit.ts';
import { aRollback } from '../harness/deployment.ts';

const culprit: Culprit = {
  kind: 'named',
  reason: 'Likely "feat: cart": 3 of 4 stacks',
  suspects: [
    {
      id: 'cart',
      title: 'feat: cart',
      strength: 'strong',
      stacks: 3,
      of: 4,
      evidence: ['3 of 4 stacks', 'GET /cart'],
    },
    { id: 'x', title: 'feat: \u001b[2Jx', strength: 'weak', stacks: 0, of: 4, evidence: [] },
  ],
  errors: [],
  routes: [{ route: 'GET /cart', failed: 3, slow: 1, stableFailed: 0, stableSlow: 0 }],
  unread: [],
};
const shown = (change: Culprit | undefined, width = 100) =>
  culpritLines({ ...aRollback(), culprit: change }, width).map((line) =>
    line.map(({ text }) => text).join(''),
  );

describe('N6 the likely culprit on the screen', () => {
  it('stands with its evidence, the failing routes and who else was looked at', () => {
    expect(shown(culprit).slice(1)).toEqual([
      'Likely "feat: cart": 3 of 4 stacks',
      'GET /cart',
      'GET /cart: 3 failed, 1 slow (stable 0, 0)',
      'weak: feat: \ufffd[2Jx, no evidence',
    ]);
  });

  it('says that it is unknown, and nothing before it was looked into', () => {
    const unknown: Culprit = {
      kind: 'unknown',
      reason: 'Unknown: its log has no stack',
      suspects: [],
      errors: [],
      unread: [],
    };
    expect(shown(unknown).slice(1)).toEqual(['Unknown: its log has no stack']);
    expect(shown(undefined)).toEqual([]);
  });

  it('keeps to a narrow screen', () => {
    for (const line of shown({ ...culprit, reason: 'x'.repeat(300) }, 40).slice(1))
      expect(line.length).toBeLessThanOrEqual(40);
  });
});
