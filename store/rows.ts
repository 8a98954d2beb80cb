import type { Bucket, Feature } from '../src/domain/feature.ts';
import { historyRows } from './history-list.ts';
import { remember } from './remember.ts';
import type { EnvironmentReport, EnvironmentState } from '../src/engine/orchestrator.ts';
import { logRows } from './log.ts';
import type { Sort, UiState, View } from './state.ts';
import { testingRows } from './testing-rows.ts';

/** The four buckets, best first, as the panes head them. */
export const buckets = [
  ['must', 'MUST INCLUDE'],
  ['recommended', 'RECOMMENDED'],
  ['optional', 'OPTIONAL'],
  ['not_recommended', 'NOT RECOMMENDED'],
] as const satisfies readonly (readonly [Bucket, string])[];

const nothing: readonly never[] = [];

function filterText(state: UiState, view: View): string {
  const { filter } = state.session;
  return filter?.view === view ? filter.text.toLowerCase() : '';
}

/** Everything a feature is found by, in lower case; made once, for a filter over thousands of them at every key. */
const haystacks = new WeakMap<Feature, string>();

function haystackOf(feature: Feature): string {
  const known = haystacks.get(feature);
  if (known !== undefined) return known;
  const { flags, bucket } = feature;
  const words = [
    feature.id,
    feature.title,
    feature.type,
    feature.pullRequest === undefined ? '' : `#${feature.pullRequest}`,
    ...feature.authors,
    ...feature.files.map((file) => file.path),
    bucket === 'must' ? 'must include' : bucket.replace('_', ' '),
    flags.schema ? `schema ${flags.schema.destructive ? 'destructive' : 'additive'}` : '',
    flags.api ? 'api' : '',
    flags.breaking || flags.api?.breaking ? 'breaking' : '',
    flags.dependencies ? 'dependencies' : '',
    flags.config ? 'configuration' : '',
    flags.infrastructure ? 'infrastructure' : '',
    flags.testsTouched ? 'tests' : 'no tests',
    feature.onBase ? 'on the base' : '',
  ];
  const haystack = words.join('\n').toLowerCase();
  haystacks.set(feature, haystack);
  return haystack;
}

/** The features that hold every word of the filter; the word `new` alone means those that came after the choice. */
function narrowed(
  features: readonly Feature[],
  text: string,
  fresh: ReadonlySet<string>,
): readonly Feature[] {
  const terms = text.split(/\s+/).filter(Boolean);
  if (terms.length === 0) return features;
  return features.filter((f) =>
    terms.every((term) => (term === 'new' && fresh.has(f.id)) || haystackOf(f).includes(term)),
  );
}

const sizeOf = (f: Feature) => f.additions + f.deletions;

function sorted(features: readonly Feature[], sort: Sort): readonly Feature[] {
  switch (sort) {
    case 'oldest':
      return features;
    case 'newest':
      return features.toReversed();
    case 'riskiest':
      return features.toSorted((a, b) => a.risk.probability - b.risk.probability);
    case 'largest':
      return features.toSorted((a, b) => sizeOf(b) - sizeOf(a));
    default:
      return sort satisfies never;
  }
}

type Listing = (
  features: readonly Feature[],
  text: string,
  fresh: ReadonlySet<string>,
  sort: Sort,
) => readonly Feature[];

const discovered = remember<Parameters<Listing>, readonly Feature[]>((all, text, fresh, sort) =>
  sorted(narrowed(all, text, fresh), sort).filter((f) => f.onBase !== true),
);

const bucketed = remember<Parameters<Listing>, readonly Feature[]>((all, text, fresh, sort) => {
  const listed = sorted(narrowed(all, text, fresh), sort);
  const waiting = listed.filter((f) => f.onBase !== true);
  return [
    ...buckets.flatMap(([bucket]) => waiting.filter((f) => f.bucket === bucket)),
    ...listed.filter((f) => f.onBase === true),
  ];
});

function features(state: UiState): readonly Feature[] {
  return state.discovery.status === 'loaded' ? state.discovery.discovery.features : nothing;
}

function listing(state: UiState, view: View): Parameters<Listing> {
  return [features(state), filterText(state, view), state.selection.fresh, state.session.sort];
}

/** The waiting features in one order, narrowed by the filter. */
export function discoveryRows(state: UiState): readonly Feature[] {
  return discovered(...listing(state, 'discovery'));
}

/** The waiting features bucket by bucket, narrowed by the filter; last what the base holds already. */
export function selectionRows(state: UiState): readonly Feature[] {
  return bucketed(...listing(state, 'selection'));
}

/** The feature under the cursor in Discovery or Selection; undefined elsewhere or in an empty list. */
export function currentFeature(state: UiState): Feature | undefined {
  const { view, cursors } = state.session;
  const rows = view === 'discovery' ? discoveryRows(state) : view === 'selection' ? selectionRows(state) : [];
  return rows[Math.max(0, Math.min(cursors[view], rows.length - 1))];
}

/** The ids of the rows that a filter narrows; the log keeps its own place. */
function rowNames(state: UiState, view: View): readonly string[] {
  switch (view) {
    case 'discovery':
      return discoveryRows(state).map(({ id }) => id);
    case 'selection':
      return selectionRows(state).map(({ id }) => id);
    case 'history':
      return historyRows(state).map(({ id }) => id);
    default:
      return [];
  }
}

/** The id of the row under the cursor of a list that can be filtered; undefined where none is listed. */
export function rowNamed(state: UiState, view: View): string | undefined {
  const names = rowNames(state, view);
  return names[Math.max(0, Math.min(state.session.cursors[view], names.length - 1))];
}

/** Where a row of that id is listed now; −1 where it is not. */
export function placeOfRow(state: UiState, view: View, id: string): number {
  return rowNames(state, view).indexOf(id);
}

/** The environment under the cursor in Environments. */
export function currentEnvironment({ environments, session }: UiState): EnvironmentState | undefined {
  return environments[Math.max(0, Math.min(session.cursors.environments, environments.length - 1))];
}

/** All there is to say of the environment under the cursor, once it was looked at. */
export function currentReport(state: UiState): EnvironmentReport | undefined {
  const name = currentEnvironment(state)?.name;
  const { reports } = state;
  return reports.status === 'loaded' ? reports.reports.find((r) => r.state.name === name) : undefined;
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
      return testingRows(state.deployment).length;
    case 'production':
      return state.deployment?.phases.length ?? 0;
    case 'learning':
      return state.session.scrollLimit + 1;
    case 'history':
      return historyRows(state).length;
    case 'analysis':
      return state.session.scrollLimit + 1;
    case 'environments':
      return state.environments.length;
    case 'log':
      return logRows(state).length;
    default:
      return view satisfies never;
  }
}
