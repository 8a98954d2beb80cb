import { setSession, type UiStore } from './create-store.ts';
import { analysisTabs, recordTabs } from './state.ts';

/** The element `by` places on, round and round. */
function turned<T>(all: readonly T[], at: T, by: 1 | -1): T {
  return all[(all.indexOf(at) + by + all.length) % all.length] ?? at;
}

/** Shows the next or the last tab of the open record, from its top. */
export function turnRecordTab(store: UiStore, by: 1 | -1): void {
  const { detail } = store.getState().session;
  if (detail?.kind !== 'record') return;
  setSession(store, {
    detail: { ...detail, tab: turned(recordTabs, detail.tab, by) },
    scroll: 0,
    scrollLimit: 0,
  });
}

/** Shows the next or the last tab of the analysis, from its top. */
export function turnAnalysisTab(store: UiStore, by: 1 | -1): void {
  const { analysisTab, cursors } = store.getState().session;
  setSession(store, {
    analysisTab: turned(analysisTabs, analysisTab, by),
    cursors: { ...cursors, analysis: 0 },
    scrollLimit: 0,
  });
}
