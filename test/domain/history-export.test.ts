import { describe, expect, it } from 'vitest';
import { historyRowOf } from '../../src/domain/history-row.ts';
import type { HistoryRow } from '../../src/domain/memory.ts';
import { exportHistory } from '../../src/domain/history-export.ts';
import { filterHistory } from '../../src/domain/history-filter.ts';
import { aRollback, aSuccess } from '../harness/deployment.ts';
import { skeletonOf, tagsOf } from '../harness/markup.ts';

function row(over: Partial<HistoryRow> = {}): HistoryRow {
  const made = historyRowOf(aSuccess());
  if (!made) throw new Error('not finished');
  return { ...made, ...over };
}

/** RFC 4180, as a spreadsheet reads it. */
function parseCsv(text: string): string[][] {
  return text
    .split('\r\n')
    .filter(Boolean)
    .map((line) =>
      [...line.matchAll(/"((?:[^"]|"")*)"(?:,|$)/g)].map(([, cell = '']) => cell.replaceAll('""', '"')),
    );
}

describe('exportHistory', () => {
  it('W2 gives the rows as JSON, CSV, Markdown and HTML', () => {
    const rows = [row(), row({ id: '20260201_000000', reason: 'he said "no", twice' })];
    expect(JSON.parse(exportHistory(rows, 'json'))).toEqual(rows);
    const [head, first, second] = parseCsv(exportHistory(rows, 'csv'));
    expect(head?.slice(0, 4)).toEqual(['Id', 'Environment', 'Kind', 'Outcome']);
    expect(first).toHaveLength(head?.length ?? 0);
    expect(second?.at(-1)).toBe('he said "no", twice');
    expect(exportHistory(rows, 'md')).toContain(
      '| 20260131_142500 | production | deploy | succeeded | bbbbbbb |',
    );
    expect(tagsOf(exportHistory(rows, 'html')).filter((tag) => tag.name === 'tr')).toHaveLength(3);
  });

  it.each(['=HYPERLINK("http://evil")', '+1', '-1', '@SUM(1)', '\t=1', '\r=1', ' =1', '＝1'])(
    'W2 a spreadsheet takes %j for text',
    (reason) => {
      const cell = parseCsv(exportHistory([row({ reason })], 'csv'))[1]?.at(-1);
      expect(cell?.startsWith("'")).toBe(true);
    },
  );

  it.each(['<script>alert(1)</script>', '"><img onerror=x>', '| a | [x](javascript:1)', 'a\n\n# b', '`x`'])(
    'W2 keeps %j text in Markdown and HTML',
    (reason) => {
      const [bad, good] = [[row({ reason })], [row({ reason: 'plain' })]];
      const names = (rows: HistoryRow[]) => tagsOf(exportHistory(rows, 'html')).map((tag) => tag.name);
      expect(names(bad)).toEqual(names(good));
      expect(skeletonOf(exportHistory(bad, 'md'))).toBe(skeletonOf(exportHistory(good, 'md')));
    },
  );

  it('gives a head and no rows for an empty history', () => {
    expect(exportHistory([], 'json')).toBe('[]\n');
    expect(parseCsv(exportHistory([], 'csv'))).toHaveLength(1);
  });
});

describe('filterHistory', () => {
  const taken = historyRowOf(aRollback('20260201_090000'));
  const rows = [
    { ...row(), ...taken, id: '20260201_090000', startedAt: '2026-02-01T09:00:00.000Z' },
    row({
      startedAt: '2026-01-31T23:59:59.999Z',
      features: [{ id: 'fast-search', title: 'feat(search): Fast' }],
    }),
    row({ id: '20260130_000000', startedAt: '2026-01-30T00:00:00.000Z', by: 'Grace' }),
  ];
  const ids = (filter: Parameters<typeof filterHistory>[1]) =>
    filterHistory(rows, filter).map(({ id }) => id);

  it('W2 searches every word in every column, letter case aside', () => {
    expect(ids({ search: 'GRACE succeeded' })).toEqual(['20260130_000000']);
    expect(ids({ search: 'grace rolled_back' })).toEqual([]);
    expect(ids({ search: '  ' })).toHaveLength(3);
  });

  it('W2 filters by status, by feature, and by day including its last millisecond', () => {
    expect(ids({ status: 'rolled_back' })).toEqual(['20260201_090000']);
    expect(ids({ feature: 'fast-search' })).toEqual(['20260131_142500']);
    expect(ids({ feature: 'FAST' })).toEqual(['20260131_142500']);
    expect(ids({ until: '2026-01-31' })).toEqual(['20260131_142500', '20260130_000000']);
    expect(ids({ since: '2026-01-31', until: '2026-01-31' })).toEqual(['20260131_142500']);
    expect(ids({ since: '2026-02-01T10:00:00+01:00' })).toEqual(['20260201_090000']);
  });

  it('lets nothing pass for a date that is none', () => {
    expect(ids({ since: 'yesterday' })).toEqual([]);
    expect(ids({ until: '2026-02-31' })).toEqual([]);
  });
});
