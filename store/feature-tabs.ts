import type { ChangedFile, Feature } from '../src/domain/feature.ts';
import { safeText } from '../src/domain/safe-text.ts';
import { setSession, type UiStore } from './create-store.ts';
import { focusOf } from './focus.ts';
import { rowsOf } from './diff-place.ts';
import { tell } from './say.ts';
import { type FeatureReading, featureTabs, type FeatureTab, type Session, type UiState } from './state.ts';

/** The feature that stands open; undefined where none does, or where it no longer waits. */
export function openFeature({ session, discovery }: UiState): Feature | undefined {
  const { detail } = session;
  if (detail?.kind !== 'feature' || discovery.status !== 'loaded') return undefined;
  return discovery.discovery.features.find((f) => f.id === detail.id);
}

/** The file under the cursor of the open feature's files. */
export function currentFile(state: UiState): ChangedFile | undefined {
  return openFeature(state)?.files[state.reading?.file ?? 0];
}

function setReading(store: UiStore, part: Partial<FeatureReading>): void {
  store.setState(({ reading }) => (reading ? { reading: { ...reading, ...part } } : {}));
}

/** Shows a tab of the open feature from its top. */
export function showTab(store: UiStore, tab: FeatureTab): void {
  setSession(store, { tab, scroll: 0, scrollLimit: 0, page: undefined });
}

/** The tab `by` places on, round and round. */
export function turnTab(store: UiStore, by: 1 | -1): void {
  const at = featureTabs.indexOf(store.getState().session.tab);
  showTab(store, featureTabs[(at + by + featureTabs.length) % featureTabs.length] ?? 'overview');
}

/** The tab of the open feature that has the keys; undefined where something else has them. */
function tabWithKeys(session: Session): FeatureTab | undefined {
  const { detail, tab, help } = session;
  return detail?.kind === 'feature' && !help && focusOf(session) === 'drawer' ? tab : undefined;
}

/** Whether the arrows go through a feature's files. */
export function walksFiles(session: Session): boolean {
  return tabWithKeys(session) === 'files';
}

/** Whether the diff of a feature is what the arrows scroll. */
export function readsDiff(session: Session): boolean {
  return tabWithKeys(session) === 'diff';
}

/** Moves the cursor among the open feature's files. */
export function moveFile(store: UiStore, by: number): void {
  const state = store.getState();
  const last = (openFeature(state)?.files.length ?? 0) - 1;
  setReading(store, { file: Math.max(0, Math.min((state.reading?.file ?? 0) + by, last)) });
}

/** Opens the diff at the file under the cursor; where that is not read yet, once it is. */
export function openFile(store: UiStore): void {
  const file = currentFile(store.getState());
  if (!file) return;
  setReading(store, { seek: safeText(file.path) });
  showTab(store, 'diff');
}

/** Goes to the next file of the diff, or to the one before; from the middle of a file, back to its beginning. */
export function turnFile(store: UiStore, by: 1 | -1): void {
  const { session, reading } = store.getState();
  const starts = rowsOf(reading).flatMap((row, i) => (row.kind === 'file' ? [i] : []));
  // What stands before the first file counts as part of it.
  const next = starts.slice(1).find((at) => at > session.scroll);
  const to = by > 0 ? next : starts.findLast((at) => at < session.scroll);
  if (to === undefined) return tell(store, by > 0 ? 'It is the last file.' : 'It is the first file.');
  if (session.scrollLimit === 0) return tell(store, 'All of the diff is on the screen.');
  setSession(store, { scroll: Math.min(to, session.scrollLimit) });
}
