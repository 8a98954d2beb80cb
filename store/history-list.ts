import { filterHistory } from '../src/domain/history-filter.ts';
import { type HistoryOrder, orderHistory } from '../src/domain/history-order.ts';
import { type HistoryQuery, type KnownNames, parseHistoryQuery } from '../src/domain/history-query.ts';
import type { HistoryRow } from '../src/domain/memory.ts';
import { remember } from './remember.ts';
import type { UiState } from './state.ts';

const nothing: readonly HistoryRow[] = [];

const knownNames = remember((rows: readonly HistoryRow[]): KnownNames => ({
  environments: [...new Set(rows.map(({ environment }) => environment))],
  strategies: [...new Set(rows.map(({ strategy }) => strategy))],
}));

const ordered = remember((rows: readonly HistoryRow[], order: HistoryOrder) => orderHistory(rows, order));

const queryOf = remember((rows: readonly HistoryRow[], text: string): HistoryQuery =>
  parseHistoryQuery(text, knownNames(rows)),
);

const narrowed = remember((rows: readonly HistoryRow[], query: HistoryQuery): readonly HistoryRow[] =>
  Object.keys(query.filter).length === 0 ? rows : filterHistory(rows, query.filter),
);

function allRows({ history }: UiState): readonly HistoryRow[] {
  return history.status === 'loaded' ? history.rows : nothing;
}

/** What was typed to narrow the history, as it is understood. */
export function historyQuery(state: UiState): HistoryQuery {
  const { filter } = state.session;
  return queryOf(allRows(state), filter?.view === 'history' ? filter.text : '');
}

/** Past deployments in the chosen order, narrowed by what was typed; each worked out once, not at every key. */
export function historyRows(state: UiState): readonly HistoryRow[] {
  return narrowed(ordered(allRows(state), state.session.historyOrder), historyQuery(state));
}

/** The deployment under the cursor of the history, or the one whose record stands open. */
export function currentRow(state: UiState): HistoryRow | undefined {
  const { detail, view, cursors } = state.session;
  if (detail?.kind === 'record') return detail.row;
  if (view !== 'history') return undefined;
  const rows = historyRows(state);
  return rows[Math.max(0, Math.min(cursors.history, rows.length - 1))];
}
