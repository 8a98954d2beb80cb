import { describe, expect, it } from 'vitest';
import { failed, passed, skipped, warning } from '../../../src/domain/check.ts';
import { OrchestraError } from '../../../src/domain/errors.ts';
import { runChecks } from '../../../src/engine/doctor/doctor.ts';

const check = (id: string, run: Parameters<typeof runChecks>[0][number]['run']) => ({ id, title: id, run });

describe('the checks', () => {
  it('W4 tell of each other though one throws and one never ends', async () => {
    const results = await runChecks(
      [
        check('a.well', async () => passed('well')),
        check('b.throws', async () => {
          throw new OrchestraError('x', 'the disk is gone', { hint: 'Bring it back.' });
        }),
        check('c.hangs', () => new Promise(() => undefined)),
      ],
      20,
    );
    expect(results.map(({ id, status }) => `${id} ${status}`)).toEqual([
      'a.well passed',
      'b.throws failed',
      'c.hangs failed',
    ]);
    expect(results[1]).toMatchObject({
      detail: 'it could not be looked at: the disk is gone',
      fix: 'Bring it back.',
    });
    expect(results[2]?.detail).toContain('longer than');
  });

  it('W4 have the worst status of what they found, its words, and how to mend it; safe to show', async () => {
    const [result, none] = await runChecks([
      check('a', async () => [
        passed('well'),
        warning('so so', 'wait'),
        failed('b\u001b[31mad\n', 'mend it'),
        skipped('not'),
      ]),
      check('b', async () => []),
    ]);
    expect(result).toMatchObject({ status: 'failed', detail: 'b\ufffd[31mad ', fix: 'wait; mend it' });
    expect(none).toMatchObject({ status: 'skipped', fix: null });
  });

  it('name a few of many', async () => {
    const [result] = await runChecks([
      check('a', async () => Array.from({ length: 50 }, (_, i) => failed(`n${i}`))),
    ]);
    expect(result?.detail).toBe('n0; n1; n2; n3; n4; and 45 more');
    expect(result?.findings).toHaveLength(50);
  });
});
