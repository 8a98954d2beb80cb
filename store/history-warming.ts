import { searchText } from '../src/domain/history-filter.ts';
import { versionKey } from '../src/domain/history-order.ts';
import type { HistoryRow } from '../src/domain/memory.ts';

/** Rows that are prepared at once: a few milliseconds of work, which no key has to wait for. */
const slice = 250;
const pauseMs = 10;

/** Makes what searching and ordering need of each row, a slice at a time, so that the first key of either finds it made. */
export function warmHistory(rows: readonly HistoryRow[], signal: AbortSignal, from = 0): void {
  if (signal.aborted || from >= rows.length) return;
  for (const row of rows.slice(from, from + slice)) {
    searchText(row);
    versionKey(row);
  }
  setTimeout(() => warmHistory(rows, signal, from + slice), pauseMs).unref();
}
