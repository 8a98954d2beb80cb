import { describe, expect, it } from 'vitest';
import { phase } from '../harness/plan.ts';
import { reachWords, trafficWords } from '../../src/domain/share-words.ts';
import { progressOf } from '../../src/domain/progress.ts';
import { Fold, at, requested } from '../harness/deployment-events.ts';
import { plan } from '../harness/plan.ts';

const cohort = { kind: 'header', name: 'X-Beta', value: 'yes' } as const;
const phases = [phase(1, { name: 'A/B', cohort }), phase(100, { name: 'all traffic' })];

const rolledOut = (...shares: number[]) =>
  new Fold(requested({ plan: plan({ phases }) })).add(
    { type: 'stage.started', stage: 'production' },
    ...shares.flatMap((weight, i) => [
      { type: 'phase.started' as const, phase: i, name: 'p', weight },
      { type: 'weight.set' as const, effect: 'w', phase: i, wanted: weight, actual: weight },
    ]),
  );

describe('the candidate’s share in words', () => {
  it('names the requests that a header sends to it, where no share is set', () => {
    expect(reachWords(1, 0, phases)).toBe('requests with X-Beta: yes');
    expect(reachWords(100, 1, phases)).toBe('100 %');
    expect(reachWords(0, 0, phases)).toBe('0 %');
    expect(trafficWords(rolledOut(1).d)).toBe('requests with X-Beta: yes');
  });

  it('is the one before while the next phase still moves traffic', () => {
    const moving = rolledOut(1).add({ type: 'phase.started', phase: 1, name: 'all traffic', weight: 100 });
    expect(trafficWords(moving.d)).toBe('requests with X-Beta: yes');
    expect(trafficWords(rolledOut(1, 100).d)).toBe('100 % of traffic');
  });

  it('N4 is not said on the way back before the router has said it, as its dead man’s switch may have been faster', () => {
    const back = rolledOut(1, 100).add({ type: 'rollback.started', trigger: 'dead-man', reason: 'silence' });
    expect(trafficWords(back.d)).toBeUndefined();
    const detail = () =>
      progressOf([{ deployment: back.d, attention: undefined, here: [] }], new Date(at(60))).tasks.find(
        (t) => t.stage === 'production',
      );
    expect(detail()?.detail).toBe('all traffic');
    back.add({ type: 'restored', effect: 'r', detail: 'stable serves' });
    expect(trafficWords(back.d)).toBe('0 % of traffic');
  });
});
