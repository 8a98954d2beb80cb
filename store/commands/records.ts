import type { ExportFormat } from '../../src/domain/history-export.ts';
import { type HistoryOrder, historyOrders } from '../../src/domain/history-order.ts';
import { setSession, type UiStore } from '../create-store.ts';
import { currentRow, historyRows } from '../history-list.ts';
import { openPicker } from '../picker.ts';
import { turnAnalysisTab } from '../record-tabs.ts';
import { tell } from '../say.ts';
import type { UiState } from '../state.ts';
import type { UiCommand } from './command.ts';

const orderHints: Readonly<Record<HistoryOrder, string>> = {
  newest: 'begun last',
  oldest: 'begun first',
  longest: 'that took longest',
  shortest: 'that were over soonest',
  outcome: 'what went worst first',
  environment: 'by environment, newest first in each',
  version: 'by the version that was tried',
};

const formatHints: Readonly<Record<ExportFormat, string>> = {
  json: 'as it is kept, for programs',
  csv: 'for a spreadsheet',
  md: 'for a wiki or a ticket',
  html: 'a page for a browser',
};

const formats = ['json', 'csv', 'md', 'html'] as const satisfies readonly ExportFormat[];

const inAnalysis = ({ session }: UiState) => session.view === 'analysis';

const whyNotRead = ({ link, history }: UiState) =>
  !link || history.status === 'loading'
    ? 'the history is still being read'
    : history.status === 'failed'
      ? 'the history cannot be read'
      : undefined;

const whyNoRows = (state: UiState) =>
  whyNotRead(state) ?? (historyRows(state).length > 0 ? undefined : 'nothing is listed');

function pickOrder(store: UiStore, { session }: UiState): void {
  openPicker(store, {
    title: 'Order',
    at: historyOrders.indexOf(session.historyOrder),
    options: historyOrders.map((order) => ({
      label: order,
      hint: orderHints[order],
      run: (to) =>
        setSession(to, { historyOrder: order, cursors: { ...to.getState().session.cursors, history: 0 } }),
    })),
  });
}

function pickFormat(store: UiStore, state: UiState): void {
  const whole = inAnalysis(state);
  openPicker(store, {
    title: `Export the ${whole ? 'analysis' : `${historyRows(state).length} listed`} to a new file`,
    options: formats.map((format) => ({
      label: format,
      hint: formatHints[format],
      run: (to) => {
        const { link } = to.getState();
        void (whole ? link?.exportAnalysis(format) : link?.exportListed(format));
      },
    })),
  });
}

/** The row that was marked, as far as it is still in the history. */
function markedRow({ session, history }: UiState) {
  return history.status === 'loaded' ? history.rows.find(({ id }) => id === session.marked) : undefined;
}

function markOrCompare(store: UiStore, state: UiState): void {
  const row = currentRow(state);
  const marked = markedRow(state);
  if (!row) return;
  if (!marked) {
    setSession(store, { marked: row.id });
    tell(store, `${row.id} is marked: go to another one and press v to compare them.`);
  } else if (marked.id === row.id) {
    setSession(store, { marked: undefined });
    tell(store, `${row.id} is marked no more.`);
  } else void state.link?.compare(marked, row);
}

function pickEnvironment(store: UiStore, { session, history }: UiState): void {
  const rows = history.status === 'loaded' ? history.rows : [];
  const choices = [undefined, ...[...new Set(rows.map(({ environment }) => environment))].sort()];
  openPicker(store, {
    title: 'Analyse',
    at: Math.max(0, choices.indexOf(session.analysisOf)),
    options: choices.map((name) => ({
      label: name ?? 'all environments',
      hint: `${rows.filter(({ environment }) => name === undefined || environment === name).length} deployments`,
      run: (to) =>
        setSession(to, {
          analysisOf: name,
          cursors: { ...to.getState().session.cursors, analysis: 0 },
        }),
    })),
  });
}

/** Past deployments: their order, comparing two, exporting them, and what they say together. */
export const records: readonly UiCommand[] = [
  {
    id: 'order-history',
    keys: ['o'],
    shown: 'o',
    label: ({ session }) => `sorted: ${session.historyOrder}`,
    views: ['history'],
    footer: 5,
    whyNot: whyNoRows,
    run: pickOrder,
  },
  {
    id: 'compare',
    keys: ['v'],
    shown: 'v',
    label: (state) => {
      const marked = markedRow(state);
      if (!marked) return 'mark to compare';
      return currentRow(state)?.id === marked.id ? 'unmark' : 'compare with the marked';
    },
    views: ['history'],
    footer: 5,
    whyNot: whyNoRows,
    run: markOrCompare,
  },
  {
    id: 'export',
    keys: ['X'],
    shown: 'X',
    label: (state) => (inAnalysis(state) ? 'export this' : 'export these rows'),
    views: ['history', 'analysis'],
    footer: 6,
    whyNot: (state) =>
      !inAnalysis(state)
        ? whyNoRows(state)
        : state.analysis.status === 'read'
          ? undefined
          : 'it is not there yet',
    run: pickFormat,
  },
  {
    id: 'next-analysis',
    keys: [']'],
    shown: ']',
    label: 'next tab',
    views: ['analysis'],
    footer: 2,
    run: (store) => turnAnalysisTab(store, 1),
  },
  {
    id: 'previous-analysis',
    keys: ['['],
    shown: '[',
    label: 'previous tab',
    views: ['analysis'],
    footer: 3,
    run: (store) => turnAnalysisTab(store, -1),
  },
  {
    id: 'analyse-environment',
    keys: ['o'],
    shown: 'o',
    label: ({ session }) => `environment: ${session.analysisOf ?? 'all'}`,
    views: ['analysis'],
    footer: 4,
    whyNot: whyNotRead,
    run: pickEnvironment,
  },
  {
    id: 'improve',
    keys: ['i'],
    shown: 'i',
    label: 'improve',
    views: ['analysis'],
    footer: 1,
    run: (_, { link }) => link?.askImprovement(),
  },
];
