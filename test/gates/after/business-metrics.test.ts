import { describe, expect, it } from 'vitest';
import type { EventBody } from '../../../src/domain/event.ts';
import { businessMetrics } from '../../../src/gates/after/business-metrics.ts';
import { measure } from '../../harness/measure.ts';
import { at } from '../../harness/deployment-events.ts';
import { rolledOut } from '../../harness/rolled-out.ts';

const orders = measure({ name: 'orders' });
const read = (kind: 'passed' | 'failed' | 'inconclusive' | 'error'): EventBody => ({
  type: 'measure.read',
  phase: 0,
  reading: { measure: 'orders', at: at(1) },
  verdict: { kind, rule: 'measure:orders', reason: `orders: ${kind} it is`, data: {} },
});
const plan = { measures: [orders] };

describe('the gate of the measures', () => {
  it('G3 passes where every measure that decides has passed', () => {
    expect(businessMetrics.look(rolledOut({ plan, events: [read('passed')] }))).toEqual({
      status: 'passed',
      detail: 'orders: passed it is',
    });
  });

  it('G3 fails where one fails', () => {
    expect(businessMetrics.look(rolledOut({ plan, events: [read('failed')] }))).toMatchObject({
      status: 'failed',
      detail: 'orders: failed it is',
    });
  });

  it.each(['inconclusive', 'error'] as const)('passes nothing that is %s', (kind) => {
    expect(businessMetrics.look(rolledOut({ plan, events: [read(kind)] }))).toMatchObject({
      status: 'skipped',
      detail: `orders: ${kind} it is`,
    });
  });

  it('is skipped where it was never read, and where there is none that decides', () => {
    expect(businessMetrics.look(rolledOut({ plan }))).toEqual({
      status: 'skipped',
      detail: 'orders: it was not read',
    });
    expect(
      businessMetrics.look(
        rolledOut({ plan: { measures: [{ ...orders, dryRun: true }] }, events: [read('failed')] }),
      ),
    ).toMatchObject({ status: 'skipped' });
  });

  it('does not decide again what a person decided in the last phase', () => {
    const word: EventBody = {
      type: 'phase.decided',
      phase: 0,
      decision: {
        kind: 'continue',
        verdict: { kind: 'passed', rule: 'person', reason: 'Ana promoted it by hand', data: {} },
      },
    };
    expect(businessMetrics.look(rolledOut({ plan, events: [read('failed'), word] }))).toEqual({
      status: 'skipped',
      detail: 'Ana promoted it by hand: orders: failed it is',
    });
  });
});
