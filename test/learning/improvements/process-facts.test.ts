import { describe, expect, it } from 'vitest';
import { deploymentOf, deploymentRecordSchema, recordOf } from '../../../src/domain/deployment-record.ts';
import type { Decision } from '../../../src/domain/verdict.ts';
import { processOf } from '../../../src/learning/improvements/process-facts.ts';
import { Fold, requested } from '../../harness/deployment-events.ts';
import { plan } from '../../harness/plan.ts';

const decision = (kind: Decision['kind'], rule: string): Decision => ({
  kind,
  verdict: { kind: 'passed', rule, reason: 'as it was', data: { requests: 400, errorRate: 0.25 } },
});

/** A rollout that paused in its first phase, went on, waited for a yes, and was promoted. */
function rollout(): Fold {
  const by = { name: 'Bo', face: 'cli' } as const;
  return new Fold(requested({ plan: plan({ approval: { byAnother: false, timeoutMs: 60_000 } }) })).add(
    { type: 'phase.started', phase: 0, name: 'canary 5 %', weight: 5 },
    { type: 'weight.set', effect: 'w', phase: 0, wanted: 5, actual: 5 },
    { type: 'phase.decided', phase: 0, decision: decision('pause', 'latency') },
    { type: 'deployment.paused', reason: 'slow' },
    { type: 'deployment.resumed', reason: 'Bo' },
    { type: 'approval.requested', phase: 1 },
    { type: 'deployment.paused', reason: 'approval' },
    { type: 'approval.given', phase: 1, by },
    { type: 'deployment.resumed', reason: 'Bo approved it' },
    { type: 'phase.decided', phase: 0, decision: decision('continue', 'person') },
    { type: 'phase.started', phase: 1, name: 'canary 100 %', weight: 100 },
    { type: 'weight.set', effect: 'w', phase: 1, wanted: 100, actual: 100 },
    { type: 'phase.decided', phase: 1, decision: decision('continue', 'none') },
    { type: 'deployment.concluding', outcome: 'succeeded', reason: 'every phase passed' },
    {
      type: 'deployment.finished',
      outcome: 'succeeded',
      reason: 'every phase passed',
      environment: 'production',
      version: null,
      durationMs: 20_000,
    },
  );
}

describe('what improvements are found from', () => {
  it('M4 keeps what held a phase up though it went on, and how long a yes was waited for; also from its record', () => {
    const { d } = rollout();
    const read = deploymentOf(deploymentRecordSchema.parse(JSON.parse(JSON.stringify(recordOf(d)))));
    for (const one of [d, read])
      expect(processOf(one)).toMatchObject({
        environment: 'production',
        says: 'success',
        approval: { by: 'Bo', waitedMs: 2000 },
        phases: [
          // It ended at a yes to what comes next, which is nobody's hurry.
          { weight: 5, passed: true, byHand: false, held: ['latency'] },
          { weight: 100, passed: true, held: [], requests: 400, errorRate: 0.25 },
        ],
      });
  });

  it('takes a phase of an older record that went on far too long for one that was held up', () => {
    const { d } = rollout();
    const [first] = d.phases;
    if (!first) throw new TypeError('a phase');
    delete first.held;
    first.decision = decision('continue', 'none');
    first.finishedAt = '2026-03-02T18:00:00.000Z';
    d.approval = undefined;
    expect(processOf(d)?.phases[0]?.held).toEqual(['unknown']);
  });

  it('says nothing of a deployment that is not over', () => {
    expect(processOf(new Fold().d)).toBeUndefined();
  });
});
