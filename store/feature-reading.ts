import type { Discovery, Feature } from '../src/domain/feature.ts';
import type { DiffRow } from '../src/domain/feature-diff.ts';
import type { Orchestrator } from '../src/engine/orchestrator.ts';
import { setSession, type UiStore } from './create-store.ts';
import { placeOfFile, rowsOf } from './diff-place.ts';
import { problemOf } from './problem.ts';
import { tell } from './say.ts';
import type { FeatureReading, UiState } from './state.ts';

/** Pause before git is asked about a feature, so that passing by many of them asks about none. */
const settleMs = 90;

/** What was read meanwhile is shown so often, not for every piece that git gives. */
const showEveryMs = 60;

const nothingRead = { commits: { status: 'idle' }, diff: { status: 'idle' } } as const;

export interface FeatureReader {
  stop(): void;
}

/**
 * Reads what the open feature's tabs show and git alone knows: its commits, and once its diff is looked at, that. It goes
 * by what stands open, whoever opened it, and gives up what nobody looks at any more.
 */
export function createFeatureReader(store: UiStore, orchestrator: Orchestrator): FeatureReader {
  let open: { id: string; commits: readonly string[] } | undefined;
  let notes: AbortController | undefined;
  let diff: AbortController | undefined;

  const put = (part: Partial<FeatureReading>) =>
    store.setState(({ reading }) => (reading ? { reading: { ...reading, ...part } } : {}));

  async function readNotes(feature: Feature, signal: AbortSignal): Promise<void> {
    await settled(signal);
    if (signal.aborted) return;
    put({ commits: { status: 'loading' } });
    try {
      const read = await orchestrator.commitNotes(feature.commits, signal);
      if (!signal.aborted) put({ commits: { status: 'loaded', notes: read } });
    } catch (error) {
      if (!signal.aborted) put({ commits: { status: 'failed', problem: problemOf(error) } });
    }
  }

  async function readDiff(feature: Feature, discovery: Discovery, signal: AbortSignal): Promise<void> {
    put({ diff: { status: 'reading', rows: [] } });
    await settled(signal);
    let rows: readonly DiffRow[] = [];
    let fresh: DiffRow[] = [];
    let shown = 0;
    const show = (status: 'reading' | 'read') => {
      rows = [...rows, ...fresh];
      fresh = [];
      shown = performance.now();
      put({ diff: { status, rows } });
      seek(status === 'read');
    };
    try {
      if (signal.aborted) return;
      for await (const some of orchestrator.featureDiff(
        { range: discovery, commits: feature.commits },
        signal,
      )) {
        if (signal.aborted) return;
        for (const row of some) fresh.push(row);
        if (rows.length === 0 || performance.now() - shown >= showEveryMs) show('reading');
      }
      if (!signal.aborted) show('read');
    } catch (error) {
      if (!signal.aborted) put({ diff: { status: 'failed', rows, problem: problemOf(error) } });
    }
  }

  /** Goes to the file that was asked for, once its first row is there. */
  function seek(last: boolean): void {
    const { reading } = store.getState();
    if (reading?.seek === undefined) return;
    const at = placeOfFile(rowsOf(reading), reading.seek);
    if (at < 0 && !last) return;
    put({ seek: undefined });
    if (at >= 0) setSession(store, { scroll: at });
    else tell(store, 'That file is not in the part of the diff that is shown.', 'warn');
  }

  function look(state: UiState): void {
    const { detail, tab } = state.session;
    const { discovery } = state;
    const id = detail?.kind === 'feature' ? detail.id : undefined;
    if (id === undefined || discovery.status !== 'loaded') return close();
    const same = open?.id === id && (checked === discovery || sameCommits(discovery.discovery, id));
    checked = discovery;
    if (!same) {
      close();
      const feature = discovery.discovery.features.find((f) => f.id === id);
      if (!feature) return;
      open = feature;
      notes = new AbortController();
      store.setState({ reading: { id, file: 0, seek: undefined, ...nothingRead } });
      void readNotes(feature, notes.signal);
    }
    const { reading } = store.getState();
    if (tab !== 'diff') leaveDiff();
    else if (reading?.diff.status === 'idle') {
      const feature = discovery.discovery.features.find((f) => f.id === id);
      if (!feature) return;
      diff = new AbortController();
      void readDiff(feature, discovery.discovery, diff.signal);
    } else if (reading?.seek !== undefined && reading.diff.status === 'read') seek(true);
  }

  /** The discovery in which the open feature was looked up last. */
  let checked: UiState['discovery'] | undefined;

  function sameCommits({ features }: Discovery, id: string): boolean {
    const commits = features.find((f) => f.id === id)?.commits ?? [];
    return commits.length === open?.commits.length && commits.every((sha, i) => sha === open?.commits[i]);
  }

  /** What was read to its end is kept for a return; what was not is begun anew. */
  function leaveDiff(): void {
    diff?.abort();
    diff = undefined;
    const { reading } = store.getState();
    if (reading?.diff.status === 'reading' || reading?.diff.status === 'failed')
      put({ diff: { status: 'idle' } });
  }

  function close(): void {
    notes?.abort();
    diff?.abort();
    notes = undefined;
    diff = undefined;
    open = undefined;
    if (store.getState().reading) store.setState({ reading: undefined });
  }

  let looking = false;
  const unsubscribe = store.subscribe((state, before) => {
    const unchanged =
      state.session.detail === before.session.detail &&
      state.session.tab === before.session.tab &&
      state.discovery === before.discovery &&
      state.reading?.seek === before.reading?.seek;
    if (looking || unchanged) return;
    // What it puts into the store itself is no reason to look again.
    looking = true;
    try {
      look(state);
    } finally {
      looking = false;
    }
  });

  return {
    stop() {
      unsubscribe();
      notes?.abort();
      diff?.abort();
    },
  };
}

/** Waits a moment; at once over when the signal is aborted. */
function settled(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, settleMs);
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer);
        resolve();
      },
      { once: true },
    );
  });
}
