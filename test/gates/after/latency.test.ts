import { describe, expect, it } from 'vitest';
import { latency } from '../../../src/gates/after/latency.ts';
import { bucketOf } from '../../../src/domain/sample.ts';
import { rolledOut } from '../../harness/rolled-out.ts';

/** So many quick answers, and so many that took `ms`. */
const answers = (quick: number, slow: number, ms: number) => ({
  counts: {
    requests: quick + slow,
    latency: { [bucketOf(20)]: quick, [bucketOf(ms)]: slow },
  },
});

describe('the gate of the latency', () => {
  it('G3 passes where p95 is under 500 ms', () => {
    expect(latency.look(rolledOut(answers(960, 40, 900)))).toMatchObject({
      status: 'passed',
      detail: expect.stringMatching(
        /^p95 of 1000 answers in the last phase is 2\d ms, 500 ms is the limit$/u,
      ),
    });
  });

  it('G3 fails where more than a twentieth is slower, beyond chance', () => {
    expect(latency.look(rolledOut(answers(900, 100, 900)))).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('; 100 were slower'),
      fix: expect.stringContaining('gates.latency.p95'),
    });
  });

  it('says what may be chance, and decides nothing by it', () => {
    expect(latency.look(rolledOut(answers(94, 6, 900)))).toMatchObject({
      status: 'skipped',
      detail: expect.stringContaining('chance brings as many in 38 % of cases'),
    });
  });

  it('counts answers of the bucket that the limit falls into as within it', () => {
    expect(latency.look(rolledOut(answers(0, 1000, 499)))).toMatchObject({ status: 'passed' });
    expect(latency.look(rolledOut(answers(0, 1000, 600)))).toMatchObject({ status: 'failed' });
  });

  it('goes by the environment’s own limit, longer or shorter', () => {
    const slower = answers(0, 1000, 900);
    expect(latency.look(rolledOut({ ...slower, settings: { latency: { p95: '2s' } } }))).toMatchObject({
      status: 'passed',
    });
    expect(
      latency.look(rolledOut({ ...answers(0, 1000, 100), settings: { latency: { p95: '50ms' } } })),
    ).toMatchObject({ status: 'failed' });
  });

  it('is skipped with the number where too few answers were timed', () => {
    expect(latency.look(rolledOut(answers(10, 0, 900)))).toEqual({
      status: 'skipped',
      detail: '10 answers were timed in the last phase, 50 are needed to judge them',
    });
  });
});
