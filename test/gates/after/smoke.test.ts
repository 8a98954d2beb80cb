import { describe, expect, it } from 'vitest';
import type { EventBody } from '../../../src/domain/event.ts';
import { smoke } from '../../../src/gates/after/smoke.ts';
import { smoke as smokeTest } from '../../harness/action.ts';
import { rolledOut } from '../../harness/rolled-out.ts';

const asked = (status: 'passed' | 'failed', more: object = {}): EventBody => ({
  type: 'action.finished',
  effect: `x/production/act-after-rollout-smoke-home/1`,
  result: {
    kind: 'smoke',
    name: 'home',
    point: 'after-rollout',
    status,
    detail: 'GET /',
    durationMs: 3,
    ...more,
  },
});
const plan = { actions: [smokeTest()] };

describe('the gate of the smoke tests', () => {
  it('G3 passes where every smoke test passed with all traffic', () => {
    expect(smoke.look(rolledOut({ plan, events: [asked('passed')] }))).toEqual({
      status: 'passed',
      detail: '1 smoke test passed: home',
    });
  });

  it('G3 fails with what was expected and what came', () => {
    const events = [asked('failed', { expected: '200', actual: '500' })];
    expect(smoke.look(rolledOut({ plan, events }))).toMatchObject({
      status: 'failed',
      detail: 'smoke test home failed with all traffic: GET /: expected 200, got 500',
    });
  });

  it('is skipped where the environment names none', () => {
    expect(smoke.look(rolledOut())).toMatchObject({ status: 'skipped' });
  });

  it('never passes what did not run', () => {
    expect(smoke.look(rolledOut({ plan }))).toMatchObject({
      status: 'failed',
      detail: 'home did not run with all traffic',
    });
  });

  it('is skipped while a deployment is only planned', () => {
    const { subject, ...context } = rolledOut({ plan, events: [asked('passed')] });
    const { deployment: _, ...planned } = subject;
    expect(smoke.look({ ...context, subject: planned })).toMatchObject({ status: 'skipped' });
  });
});
