import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { HistoryRow } from '../../src/domain/memory.ts';
import { warmHistory } from '../../store/history-warming.ts';
import { pastDeployments } from '../harness/fake-orchestrator.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Rows that tell how many of them were looked at. */
function watched(count: number): { rows: HistoryRow[]; read: () => number } {
  const seen = new Set<HistoryRow>();
  const rows = pastDeployments(count).map(
    (row) =>
      new Proxy(row, {
        get(target, name, self) {
          if (name === 'reason') seen.add(row);
          return Reflect.get(target, name, self) as unknown;
        },
      }),
  );
  return { rows, read: () => seen.size };
}

describe('preparing the history for its keys', () => {
  it('goes a slice at a time, so that a key in between waits for one slice at most', () => {
    const { rows, read } = watched(1000);
    warmHistory(rows, new AbortController().signal);
    expect(read()).toBe(250);
    vi.runAllTimers();
    expect(read()).toBe(1000);
  });

  it('ends when the terminal is left', () => {
    const { rows, read } = watched(1000);
    const leaving = new AbortController();
    warmHistory(rows, leaving.signal);
    leaving.abort();
    vi.runAllTimers();
    expect(read()).toBe(250);
  });
});
