import { describe, expect, it } from 'vitest';
import { errorRate } from '../../../src/gates/after/error-rate.ts';
import type { Counts } from '../../../src/domain/sample.ts';
import { rolledOut } from '../../harness/rolled-out.ts';

const counted = (requests: number, errors: number, more: Partial<Counts> = {}) => ({
  counts: { requests, status: [0, requests - errors, 0, 0, errors] as Counts['status'], ...more },
});

describe('the gate of the error rate', () => {
  it('G3 passes where no more than 0.1 % of the last phase failed', () => {
    expect(errorRate.look(rolledOut(counted(10_000, 10)))).toEqual({
      status: 'passed',
      detail: '10 of 10000 requests failed in the last phase (0.1 %), 0.1 % may',
    });
  });

  it('G3 fails where more failed than chance explains', () => {
    expect(errorRate.look(rolledOut(counted(10_000, 30)))).toMatchObject({
      status: 'failed',
      detail: '30 of 10000 requests failed in the last phase (0.3 %), 0.1 % may',
      fix: expect.stringContaining('gates.error_rate.maximum'),
    });
  });

  it('counts requests that got no answer', () => {
    const status: Counts['status'] = [0, 970, 0, 0, 0];
    expect(errorRate.look(rolledOut({ counts: { requests: 1000, status, failures: 30 } }))).toMatchObject({
      status: 'failed',
    });
  });

  it('is not decided by one unlucky request of a few', () => {
    expect(errorRate.look(rolledOut(counted(400, 1)))).toEqual({
      status: 'skipped',
      detail:
        '1 of 400 requests failed in the last phase (0.25 %), 0.1 % may; chance brings as many in 33 % of cases, more than the 1 % that decide',
    });
  });

  it('takes one client’s repeated failures for one', () => {
    expect(errorRate.look(rolledOut(counted(1000, 40, { failedClients: 1 })))).toEqual({
      status: 'skipped',
      detail: '40 of 1000 requests failed in the last phase (4 %), 0.1 % may; all of them were one client’s',
    });
    expect(errorRate.look(rolledOut(counted(1000, 40, { failedClients: 20 })))).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('of 20 clients'),
    });
  });

  it('is skipped with the number where too few requests came', () => {
    expect(errorRate.look(rolledOut(counted(49, 0)))).toEqual({
      status: 'skipped',
      detail: '49 requests reached the candidate in its last phase, 50 are needed to judge it',
    });
    expect(errorRate.look(rolledOut(counted(50, 0)))).toMatchObject({ status: 'passed' });
  });

  it('goes by the environment’s own limit', () => {
    const own = { settings: { error_rate: { maximum: 1 } } };
    expect(errorRate.look(rolledOut({ ...counted(10_000, 30), ...own }))).toMatchObject({ status: 'passed' });
    const none = { settings: { error_rate: { maximum: 0 } } };
    expect(errorRate.look(rolledOut({ ...counted(10_000, 1), ...none }))).toMatchObject({ status: 'failed' });
  });
});
