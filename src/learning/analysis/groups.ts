import type { Analysis, Group } from '../../domain/analysis.ts';
import { batchOf, sizeOfLines } from '../../domain/what-counts.ts';
import type { Grouping } from './comparisons.ts';
import { succeeded, type KnownRow } from './counting.ts';
import { shareOf } from './intervals.ts';

/** So many rows are looked at before whoever waits may do something else: some milliseconds. */
export const rowsInAPiece = 4000;

/** So many kinds of one grouping are told, those with most deployments: there may be thousands of folders. */
const mostGroups = 40;
/** So many keys of one deployment are read in a grouping. */
const mostKeys = 60;

type Trend = keyof Pick<
  Analysis['trends'],
  | 'byType'
  | 'bySize'
  | 'byBatch'
  | 'byRiskFactor'
  | 'byStrategy'
  | 'byEnvironment'
  | 'byTime'
  | 'byWeekday'
  | 'byHours'
  | 'byArea'
  | 'byExperience'
>;

interface Kinds {
  trend: Trend;
  /** The name of its comparisons; those that have none are only shown. */
  group?: string;
  keysOf: (row: KnownRow) => readonly string[];
  /** The keys' own order, where it is not by name. */
  order?: readonly string[];
  /** All are told, however many. */
  all?: true;
}

/** Deployments of an existing revision say nothing of features: they are in no group by type, size or factor. */
const withFeatures = (row: KnownRow, keys: readonly string[]) => (row.features.length > 0 ? keys : []);

/** Every way to tell deployments apart, in the order in which they are told. */
export const everyKind: readonly Kinds[] = [
  { trend: 'byType', group: 'type', keysOf: (row) => row.facts.types },
  {
    trend: 'bySize',
    group: 'size',
    keysOf: (row) => withFeatures(row, [sizeOfLines(row.facts.lines)]),
    order: ['small', 'medium', 'large'],
  },
  {
    trend: 'byBatch',
    group: 'batch',
    keysOf: (row) => withFeatures(row, [batchOf(row.features.length)]),
    order: ['1', '2-5', '6-15', '16+'],
  },
  {
    trend: 'byRiskFactor',
    group: 'flag',
    keysOf: (row) => withFeatures(row, row.facts.flags.length > 0 ? row.facts.flags : ['none']),
  },
  { trend: 'byArea', group: 'area', keysOf: (row) => row.facts.areas ?? [] },
  {
    trend: 'byExperience',
    group: 'experience',
    keysOf: ({ facts: { experience } }) => (experience === undefined ? [] : [experienceOf(experience)]),
    order: ['new', 'some', 'old-hand'],
  },
  { trend: 'byStrategy', group: 'strategy', keysOf: (row) => [row.strategy] },
  { trend: 'byEnvironment', group: 'environment', keysOf: (row) => [row.environment] },
  { trend: 'byWeekday', group: 'weekday', keysOf: (row) => [String(weekdayOf(row.startMs))] },
  { trend: 'byHours', group: 'hours', keysOf: (row) => [hoursOf(hourOf(row.startMs))] },
  {
    trend: 'byTime',
    keysOf: ({ startMs }) => [`${weekdayOf(startMs)} ${String(hourOf(startMs)).padStart(2, '0')}`],
    all: true,
  },
];

/** How deployments that have something in common ended; each counts once in every group it belongs to. */
export function* groupsOf(
  rows: readonly KnownRow[],
  { group = '', keysOf, order = [], all }: Kinds,
): Generator<void, Grouping, void> {
  const tallies = new Map<string, { count: number; n: number }>();
  const total = { count: 0, n: 0 };
  for (const [i, row] of rows.entries()) {
    if (i % rowsInAPiece === rowsInAPiece - 1) yield;
    const keys = keysOf(row);
    if (keys.length === 0) continue;
    const well = succeeded(row) ? 1 : 0;
    total.n += 1;
    total.count += well;
    // Whoever edits the history may write a key twice.
    for (const key of keys.length === 1 ? keys : new Set(keys.slice(0, mostKeys))) {
      let tally = tallies.get(key);
      if (!tally) tallies.set(key, (tally = { count: 0, n: 0 }));
      tally.n += 1;
      tally.count += well;
    }
  }
  const told = [...tallies].sort(([a, x], [b, y]) => y.n - x.n || (a < b ? -1 : 1));
  const rank = (key: string) => (order.includes(key) ? order.indexOf(key) : order.length);
  return {
    group,
    groups: told
      .slice(0, all ? undefined : mostGroups)
      .map(([key, { count, n }]): Group => ({ key, ...shareOf(count, n) }))
      .sort((a, b) => rank(a.key) - rank(b.key) || (a.key < b.key ? -1 : 1)),
    all: shareOf(total.count, total.n),
  };
}

const hourMs = 3_600_000;

/** Monday is 0, UTC; the epoch began on a Thursday. */
const weekdayOf = (ms: number) => (Math.floor(ms / (24 * hourMs)) + 3) % 7;
const hourOf = (ms: number) => Math.floor(ms / hourMs) % 24;

/** The four hours that an hour lies in. */
function hoursOf(hour: number): string {
  const from = Math.floor(hour / 4) * 4;
  return `${String(from).padStart(2, '0')}–${String(from + 3).padStart(2, '0')}`;
}

/** As risk tells them apart: fewer than 2 commits is new here, 20 make an old hand. */
function experienceOf(commits: number): string {
  return commits < 2 ? 'new' : commits < 20 ? 'some' : 'old-hand';
}
