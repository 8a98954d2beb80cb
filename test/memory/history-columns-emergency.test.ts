import { expect, it } from 'vitest';
import { historyRowOf } from '../../src/domain/history-row.ts';
import { columnsOf, rowColumnsSchema, rowsOf } from '../../src/memory/history/columns.ts';
import { aSuccess } from '../harness/deployment.ts';

it('T6 an emergency is still one in the history, however its rows are kept', () => {
  const by = { name: 'Bo', face: 'cli' } as const;
  const rows = [
    aSuccess('20260131_142500'),
    { ...aSuccess('20260201_142500'), emergency: { by, why: 'the shop is down' } },
  ]
    .flatMap((d) => historyRowOf(d) ?? [])
    .map((row) => {
      const kept = { ...row };
      delete kept.facts;
      return { row: kept, place: 'history' as const };
    });
  const kept = rowColumnsSchema.parse(JSON.parse(JSON.stringify(columnsOf(rows))));
  expect(rowsOf(kept)).toEqual(rows);
  expect(rowsOf(kept)[1]?.row.emergency).toBe('the shop is down');
});
