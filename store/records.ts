import type { ExportFormat } from '../src/domain/history-export.ts';
import { counted } from '../src/domain/counted.ts';
import { inSentences } from '../src/domain/in-sentences.ts';
import type { HistoryRow } from '../src/domain/memory.ts';
import { safeText } from '../src/domain/safe-text.ts';
import type { Orchestrator } from '../src/engine/orchestrator.ts';
import { setSession, type UiStore } from './create-store.ts';
import { historyRows } from './history-list.ts';
import { problemOf } from './problem.ts';
import { tell } from './say.ts';
import type { RecordState } from './state.ts';

/** What the keys ask about past deployments. */
export interface Records {
  /** Opens a past deployment: at once with what its row says, the rest when it is read. */
  openRecord(row: HistoryRow): Promise<void>;
  /** Opens two past deployments side by side. */
  compare(a: HistoryRow, b: HistoryRow): Promise<void>;
  /** Writes what is listed into a new file, and says where it is. */
  exportListed(format: ExportFormat): Promise<void>;
  /** Writes the analysis that is shown to a new file. */
  exportAnalysis(format: ExportFormat): Promise<void>;
}

/** Past deployments, read and compared; answers go into the store, failures become cards and lines. */
export function createRecords(store: UiStore, orchestrator: Orchestrator): Records {
  /** The record of `row` still stands open. */
  const isOpen = (row: HistoryRow) => {
    const { detail } = store.getState().session;
    return detail?.kind === 'record' && detail.row.id === row.id;
  };
  const put = (row: HistoryRow, record: RecordState) => {
    const { detail } = store.getState().session;
    if (isOpen(row) && detail?.kind === 'record') setSession(store, { detail: { ...detail, record } });
  };

  /** Writes a file, and says what is in it and where it is. */
  const written = async (what: string, write: () => Promise<string>): Promise<void> => {
    try {
      const text = `${what} written to ${safeText(await write())}`;
      // A path that the status line would cut off is no use to anybody.
      if (text.length < store.getState().session.size.columns - 8) tell(store, text);
      else
        setSession(store, {
          detail: { kind: 'text', title: 'Exported', lines: [text] },
          scroll: 0,
          scrollLimit: 0,
        });
    } catch (error) {
      tell(store, `Nothing was exported: ${inSentences(problemOf(error))}`, 'error');
    }
  };

  return {
    async openRecord(row) {
      const { detail } = store.getState().session;
      // Going from one to the next, one goes on reading what one read.
      const tab = detail?.kind === 'record' ? detail.tab : 'overview';
      setSession(store, {
        detail: { kind: 'record', row, tab, record: { status: 'reading' } },
        scroll: 0,
        scrollLimit: 0,
      });
      try {
        const [deployment, report] = await Promise.all([
          orchestrator.get(row.id),
          orchestrator.learningReport(row.id),
        ]);
        put(row, { status: 'read', deployment, report });
      } catch (error) {
        put(row, { status: 'failed', problem: problemOf(error) });
      }
    },

    async compare(a, b) {
      try {
        const [first, second] = await Promise.all([orchestrator.get(a.id), orchestrator.get(b.id)]);
        setSession(store, {
          detail: {
            kind: 'comparison',
            a: { row: a, deployment: first },
            b: { row: b, deployment: second },
          },
          marked: undefined,
          // It is about two rows, so it does not follow the cursor: the keys go into it.
          focus: 'drawer',
          scroll: 0,
          scrollLimit: 0,
        });
      } catch (error) {
        tell(store, `They cannot be compared: ${inSentences(problemOf(error))}`, 'error');
      }
    },

    exportListed(format) {
      const rows = historyRows(store.getState());
      return written(counted(rows.length, 'deployment'), () => orchestrator.exportHistory(rows, format));
    },

    async exportAnalysis(format) {
      const { analysis } = store.getState();
      if (analysis.status === 'read')
        await written('The analysis', () => orchestrator.exportAnalysis(analysis.analysis, format));
    },
  };
}
