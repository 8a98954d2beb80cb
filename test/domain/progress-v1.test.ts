import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { down, progressV1Schema, up, type ProgressV1 } from '../../src/domain/progress-v1.ts';
import { progressOf, progressSchema } from '../../src/domain/progress.ts';
import { aDeployment } from '../harness/deployment.ts';
import { lookAt } from '../harness/look.ts';

const text = fc.string({ maxLength: 30 });
const percent = fc.double({ min: 0, max: 100, noNaN: true });
const optional = { requiredKeys: ['status' as const] };

/** Documents of version 1 as a simpler tool would have written them, with words and keys of its own. */
const v1Documents: fc.Arbitrary<ProgressV1> = fc
  .tuple(
    fc.constantFrom({ schema: 'orchestra/progress@1' as const }, { version: 1 as const }),
    fc.record(
      {
        deployment: text,
        environment: text,
        stage: fc.oneof(text, fc.constantFrom('testing', 'Production')),
        status: fc.oneof(text, fc.constantFrom('running', 'done', 'FAILED')),
        percent,
        progress: percent,
        startedAt: fc.oneof(
          text,
          fc.date({ noInvalidDate: true }).map((d) => d.toISOString()),
        ),
        agent: text,
        tasks: fc.array(
          fc.record(
            { id: text, name: text, status: text, percent, note: fc.jsonValue() },
            { requiredKeys: [] },
          ),
          { maxLength: 4 },
        ),
        ownKey: fc.jsonValue(),
      },
      optional,
    ),
  )
  .map(([version, rest]) => ({ ...version, ...rest }));

describe('M9 progress.json of version 1', () => {
  it('goes up to a valid version 2 and down again without losing anything', () => {
    fc.assert(
      fc.property(v1Documents, (document) => {
        const v1 = progressV1Schema.parse(JSON.parse(JSON.stringify(document)));
        const v2 = progressSchema.parse(JSON.parse(JSON.stringify(up(v1))));
        expect(down(v2)).toEqual(v1);
        expect(up(down(v2))).toEqual(v2);
      }),
      { numRuns: 2000 },
    );
  });

  it('becomes tasks with status and progress', () => {
    const v2 = up({
      version: 1,
      deployment: 'd1',
      environment: 'production',
      status: 'running',
      startedAt: '2026-01-02T03:04:05Z',
      agent: 'Ada',
      tasks: [
        { name: 'testing', status: 'done' },
        { name: 'Production', status: 'in_progress', percent: 40 },
        { name: 'tidy', status: 'odd' },
      ],
    });
    expect(v2.tasks.map(({ stage, status, progress }) => [stage, status, progress])).toEqual([
      ['testing', 'completed', 100],
      ['production', 'in_progress', 40],
      ['production', 'pending', 0],
    ]);
    expect(v2).toMatchObject({ state: 'running', updatedAt: '2026-01-02T03:04:05.000Z' });
    expect(v2.activeAgents).toEqual([{ name: 'Ada', kind: 'person', deployment: 'd1', role: 'requested' }]);
  });

  it('is told of a version 2 that was never one', () => {
    const now = new Date('2026-01-31T14:25:10.000Z');
    const v2 = progressOf([lookAt(aDeployment().built().passed('staging').build(), now)], now);
    const v1 = progressV1Schema.parse(down(v2));
    expect(v1).toMatchObject({ deployment: '20260131_142500', stage: 'testing', status: 'running' });
  });

  it('says which version it is, or is none', () => {
    expect(progressV1Schema.safeParse({ status: 'running' }).success).toBe(false);
    expect(progressV1Schema.safeParse({ version: 2, status: 'running' }).success).toBe(false);
  });
});
