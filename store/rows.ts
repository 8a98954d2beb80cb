import type { Bucket, Feature } from '../src/domain/feature.ts';
import type { HistoryRow } from '../src/domain/memory.ts';
import type { UiState, View } from './state.ts';

/** The four buckets, best first, as the panes head them. */
export const buckets = [
  ['must', 'MUST INCLUDE'],
  ['recommended', 'RECOMMENDED'],
  ['optional', 'OPTIONAL'],
  ['not_recommended', 'NOT RECOMMENDED'],
] as const satisfies readonly (readonly [Bucket, string])[];

/** Keeps the last answer while the arguments stay the same objects. */
function remember<A extends readonly unknown[], R>(compute: (...args: A) => R): (...args: A) => R {
  let last: { args: A; result: R } | undefined;
  return (...args) => {
    if (!last || last.args.some((arg, i) => arg !== args[i])) last = { args, result: compute(...args) };
    return last.result;
  };
}

const nothing: readonly never[] = [];

function filterText(state: UiState, view: View): string {
  const { filter } = state.session;
  return filter?.view === view ? filter.text.toLowerCase() : '';
}

function matches(text: string, parts: readonly string[]): boolean {
  return text === '' || parts.some((part) => part.toLowerCase().includes(text));
}

function waitingFeatures(features: readonly Feature[], text: string): readonly Feature[] {
  return features.filter(
    (f) => !f.onBase && matches(text, [f.id, f.title, f.type, String(f.pullRequest ?? ''), ...f.authors]),
  );
}

const discovered = remember(waitingFeatures);

const bucketed = remember((features: readonly Feature[], text: string): readonly Feature[] => {
  const waiting = waitingFeatures(features, text);
  return buckets.flatMap(([bucket]) => waiting.filter((f) => f.bucket === bucket));
});

const filteredHistory = remember((rows: readonly HistoryRow[], text: string): readonly HistoryRow[] =>
  text === ''
    ? rows
    : rows.filter((row) =>
        matches(text, [
          row.id,
          row.environment,
          row.outcome,
          row.reason,
          row.version ?? '',
          row.candidate ?? '',
          row.strategy,
          row.by,
          row.startedAt,
          ...row.features.flatMap((f) => [f.id, f.title]),
        ]),
      ),
);

function features(state: UiState): readonly Feature[] {
  return state.discovery.status === 'loaded' ? state.discovery.discovery.features : nothing;
}

/** The waiting features in the order of discovery, narrowed by the filter. */
export function discoveryRows(state: UiState): readonly Feature[] {
  return discovered(features(state), filterText(state, 'discovery'));
}

/** The waiting features bucket by bucket, narrowed by the filter. */
export function selectionRows(state: UiState): readonly Feature[] {
  return bucketed(features(state), filterText(state, 'selection'));
}

/** Past deployments, newest first, narrowed by the filter. */
export function historyRows(state: UiState): readonly HistoryRow[] {
  return state.history.status === 'loaded'
    ? filteredHistory(state.history.rows, filterText(state, 'history'))
    : nothing;
}

/** How many rows the cursor of a view moves over. */
export function countOf(state: UiState, view: View): number {
  switch (view) {
    case 'discovery':
      return discoveryRows(state).length;
    case 'selection':
      return selectionRows(state).length;
    case 'staging':
      return state.deployment?.papers?.length ?? 0;
    case 'testing':
      return state.deployment?.plan.suites.length ?? 0;
    case 'production':
      return state.deployment?.phases.length ?? 0;
    case 'learning':
      return state.session.scrollLimit + 1;
    case 'history':
      return historyRows(state).length;
    case 'log':
      return state.events.length;
    default:
      return view satisfies never;
  }
}
