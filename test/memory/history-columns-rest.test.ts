import { expect, it } from 'vitest';
import { deploymentOf, deploymentRecordSchema, recordOf } from '../../src/domain/deployment-record.ts';
import { historyRowOf } from '../../src/domain/history-row.ts';
import { columnsOf, rowsOf, rowColumnsSchema } from '../../src/memory/history/columns.ts';
import { deploymentGuide } from '../../src/planning/papers/deployment-guide.ts';
import { aSuccess } from '../harness/deployment.ts';

const restOf = {
  deployment: '20260131_142500',
  without: [
    { id: 'pr-1', title: 'Turbo | mode', kind: 'suspect' as const, why: '3 of 3 stacks' },
    { id: 'pr-2', title: 'Turbo twice', kind: 'needs' as const, why: 'it needs pr-1' },
  ],
};

it('N6 what a deployment is the rest of stays in its record, in the history, however its rows are kept, and in its papers', () => {
  const rest = { ...aSuccess('20260201_100000'), restOf };
  const record = deploymentOf(deploymentRecordSchema.parse(JSON.parse(JSON.stringify(recordOf(rest)))));
  expect(record.restOf).toEqual(restOf);
  const rows = [aSuccess('20260131_100000'), record].flatMap((d) => historyRowOf(d) ?? []);
  const columns = columnsOf(rows.map((row) => ({ row, place: 'history' as const })));
  const kept = rowsOf(rowColumnsSchema.parse(JSON.parse(JSON.stringify(columns))));
  expect(kept.map(({ row }) => row.restOf)).toEqual([undefined, '20260131_142500']);
  const guide = deploymentGuide(rest).text;
  expect(guide).toContain('20260131_142500, without "Turbo \\| mode" and "Turbo twice"');
  expect(guide).toContain('3 of 3 stacks');
});
