import { describe, expect, it } from 'vitest';
import { eventText } from '../../components/deployment-text.ts';
import { phaseProgress } from '../../components/production/ladder.ts';
import { measureLines } from '../../components/production/measures.ts';
import { takeReading } from '../../src/domain/measure-state.ts';
import type { Verdict } from '../../src/domain/verdict.ts';
import { executionReport } from '../../src/planning/papers/execution-report.ts';
import { rollbackTriggers, successCriteria } from '../../src/planning/papers/facts.ts';
import { aDeployment } from '../harness/deployment.ts';
import { measure } from '../harness/measure.ts';

const at = '2026-01-31T14:27:00.000Z';
const failed: Verdict = {
  kind: 'failed',
  rule: 'measure:orders',
  reason: 'orders: 80 against its baseline 100, −20 %, more than 10 % down',
  data: { candidate: 80, baseline: 100, change: -20 },
};
const reading = { measure: 'orders', at, candidate: { kind: 'value', value: 80, at } } as const;

const deployment = aDeployment()
  .built()
  .passed('testing')
  .phases(1)
  .with((d) => {
    const business = measure({ compare: 'baseline', max: undefined, maxDrop: 10, business: true });
    d.plan.measures = [business, measure({ name: 'trial', dryRun: true })];
    d.measures = takeReading([], 0, reading, failed);
  })
  .build();

const text = (lines: ReturnType<typeof measureLines>) =>
  lines.map((line) => line.map((span) => span.text).join(''));

describe('measures, as people see them', () => {
  it('W1 stand in the Production pane with their newest verdict, within its width', () => {
    const [orders = '', trial = ''] = text(measureLines(deployment, 80));
    expect(orders).toMatch(/^orders +business +failed: 80 against its baseline 100/);
    expect(trial).toMatch(/^trial +dry run +not read yet/);
    for (const line of text(measureLines(deployment, 50))) expect(line.length).toBeLessThanOrEqual(50);
  });

  it('W1 what a phase waits for after its time is named', () => {
    const waiting = structuredClone(deployment);
    const [first] = waiting.phases;
    if (first) waiting.phases = [{ ...first, weightAt: at, finishedAt: undefined, decision: undefined }];
    const { said } = phaseProgress(waiting, 0, Date.parse(at) + 61_000);
    expect(said.text).toBe('waits for orders');
  });

  it('C7 stand in the report with what was compared', () => {
    const report = executionReport(deployment).text;
    expect(report).toContain('## Measures');
    expect(report).toMatch(/\| `orders` \| before \| yes \| failed \| .*80 against its baseline 100/);
    expect(report).toMatch(/\| `trial` \| its bounds \| no \(dry run\) \| – \| not read \|/);
    expect(executionReport(aDeployment().build()).text).not.toContain('## Measures');
  });

  it('S3 stand among the triggers and criteria of the guide, but for those on trial', () => {
    expect(rollbackTriggers(deployment).at(-1)).toBe(
      'orders more than 10 % down from before the rollout: a pause at first, taken back when it lasts 5 s',
    );
    expect(successCriteria(deployment).at(-1)).toBe('orders is at most 10 % down from before the rollout');
  });

  it('are told in the log with how they stand out', () => {
    const event = { seq: 9, deployment: 'd', at, type: 'measure.read', phase: 0, reading } as const;
    expect(eventText({ ...event, verdict: failed })).toMatchObject({ tone: 'bad' });
    expect(eventText({ ...event, verdict: failed, dryRun: true })).toMatchObject({
      tone: 'quiet',
      text: expect.stringMatching(/^failed \(dry run\): orders/),
    });
    const baseline = { ...reading, baseline: true, stable: reading.candidate } as const;
    expect(eventText({ ...event, reading: baseline }).text).toBe('baseline of orders: 80');
  });
});
